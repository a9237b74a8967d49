// The way to the house: asking, and sending what waits. One at a time, whichever tab begins; in order; again after an
// answer that was lost, with the same ids.

import { localTime } from "./ids.js";
import { answered, batch, changesBetween, queueIn, waiting } from "./queue.js";

const TURN = "inmind-away-send";
export const PATIENCE = 20_000; // milliseconds for one answer
const FIRST_PAUSE = 2_000, LONGEST_PAUSE = 300_000;

// One question to the house. Returns {state, said, token}: "ok"; "no_signal"; "signed_out", also where somebody else is signed in,
// who knows nothing of this device; "wipe"; "unchanged"; or "failed", with what was said, where anything was.
export async function ask(path, { body = null, token = "", tag = "" } = {}) {
  const headers = { Accept: "application/json" };
  if (tag) headers["If-None-Match"] = tag;
  if (body) Object.assign(headers, { "Content-Type": "application/json", "X-CSRFToken": token });
  let response;
  try {
    response = await fetch(path, {
      method: body ? "POST" : "GET", body: body && JSON.stringify(body), headers, redirect: "manual", cache: "no-store",
      credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    return { state: "no_signal" };
  }
  if (response.type === "opaqueredirect") return { state: "signed_out" };
  if (response.status === 304) return { state: "unchanged" };
  const said = await response.json().catch(() => null);
  if (said?.wipe === true) return { state: "wipe", said };
  const mayPost = said?.token ?? response.headers.get("X-CSRFToken") ?? "";
  if (["signed_out", "unknown"].includes(said?.state)) return { state: "signed_out", said, token: mayPost };
  if (!response.ok || said === null) return { state: "failed", said };
  return { state: "ok", said, tag: response.headers.get("ETag") ?? "", token: mayPost };
}

// What the house says of this device, with a fresh token for what is posted next.
export const stateOf = (device) => ask(`/away/state/?device=${device}`);

// Send all that waits. Returns what came of it: "sent", "busy" (another tab is sending), or why it stopped.
export function sendAll(store, device) {
  return navigator.locks.request(TURN, { ifAvailable: true }, async (turn) => {
    if (!turn) return "busy";
    await store.catchUp();
    if (!waiting(queueIn(store)).length) return "sent";
    const { state, token } = await stateOf(device);
    if (state !== "ok") return state;
    return sendEach(store, (entries) => ask("/away/entries/", { body: { device, entries }, token }));
  });
}

// Batch after batch until nothing waits. post(entries) asks the house; a batch that changed nothing is not tried again now.
export async function sendEach(store, post) {
  for (;;) {
    let entries = [];
    await store.change((now) => {
      const before = queueIn(now), taken = batch(before);
      entries = taken.entries;
      return changesBetween(before, taken.queue);
    });
    if (!entries.length) return "sent";
    const { state, said } = await post(entries);
    if (state !== "ok") return state;
    let moved = false;
    await store.change((now) => {
      const before = queueIn(now), after = answered(before, said, localTime());
      const changes = changesBetween(before, after);
      moved = Object.keys(changes).length > 0;
      return changes;
    });
    if (!moved) return "failed";
  }
}

// How long to wait after so many tries in vain.
export function pause(tries) {
  return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(tries, 20));
}
