// Days on the road by chance, replayed against a model: what was done on the device, in order, and a house that takes
// entries as the real one does. Every history is a seed, so that one that fails can be told again.

import { newId } from "/ids.js";
import { add, changesBetween, queueIn, waiting } from "/queue.js";
import { sendEach } from "/send.js";

class Killed extends Error {}

function dice(seed) {
  let state = seed >>> 0;
  const next = () => {  // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (count) => Math.floor(next() * count);
  return { next, below, pick: (list) => list[below(list.length)] };
}

// What a device keeps: only what went through JSON is there after a kill.
class Disk {
  rows = new Map();
  get(name) { return this.rows.has(name) ? JSON.parse(this.rows.get(name)) : null; }
  all(beginning) { return [...this.rows].filter(([name]) => name.startsWith(beginning)).map(([, text]) => JSON.parse(text)); }
  async change(work) {
    for (const [name, value] of Object.entries(work(this))) this.rows.set(name, JSON.stringify(value));
  }
}

// Takes entries in order, once, and stops at a gap; the same id with other words is a fault of the device.
class House {
  taken = [];
  take(entries) {
    const answers = [];
    for (const entry of [...entries].sort((one, other) => one.number - other.number)) {
      const had = this.taken.find((one) => one.id === entry.id);
      if (had && JSON.stringify(had) !== JSON.stringify(entry)) throw new Error(`${entry.number} came with other words`);
      if (!had && entry.number > this.taken.length + 1) return { answers, wants: this.taken.length + 1 };
      if (!had && entry.number <= this.taken.length) throw new Error(`${entry.number} was used twice`);
      if (!had) this.taken.push(structuredClone(entry));
      answers.push({ id: entry.id, verdict: had ? "had_already" : "kept" });
    }
    return { answers, wants: null };
  }
}

// What a worker did, as she would tell it.
function told(done) {
  const end = { finished: [], answers: {}, visits: {}, notes: {}, strengths: {}, crises: [] };
  for (const { kind, body } of done) {
    if (body.screen) Object.assign((end.answers[body.screen] ??= {}), body.answers);
    if (kind === "screen_finish") end.finished.push(body.screen);
    if (kind === "screen_answers" && Object.values(body.answers).includes(3)) end.crises.push(body);
    if (kind === "visit") end.visits[body.id] = body;
    if (kind === "note") end.notes[body.visit] = body.text;
    if (kind === "strength") (end.strengths[body.visit] ??= {})[body.of] = body.text;
  }
  return JSON.stringify(end);
}

async function one(seed) {
  const by = dice(seed), house = new House(), done = [];
  let disk = new Disk(), clock = 1_790_000_000_000, snapshot = null;
  const chance = () => Uint8Array.from({ length: 10 }, () => by.below(256));
  const episodes = ["e1", "e2"], screens = ["s1", "s2", "s3"], visits = ["v1", "v2"];
  const acts = [
    () => ({ kind: "screen_answers", body: { screen: by.pick(screens), answers: { [`q${by.below(4)}`]: by.pick([0, 1, 2, null]) } } }),
    () => ({ kind: "screen_answers", body: { screen: by.pick(screens), answers: { q9: by.pick([0, 3]) } } }),
    () => ({ kind: "screen_finish", body: { screen: by.pick(screens) } }),
    () => ({ kind: "visit", body: { id: by.pick(visits), minutes: by.below(90) } }),
    () => ({ kind: "note", body: { visit: by.pick(visits), text: `words ${by.below(1000)}` } }),
    () => ({ kind: "strength", body: { visit: by.pick(visits), of: by.pick(["baby", "caregiver"]), text: `words ${by.below(1000)}` } }),
  ];
  const write = () => {
    const { kind, body } = by.pick(acts)();
    const visit = kind === "visit" ? body.id : body.visit;
    const episode = visit ? episodes[visits.indexOf(visit)] : by.pick(episodes);
    done.push({ kind, body });
    const alone = kind === "screen_answers" && Object.values(body.answers).includes(3);
    return disk.change((now) => {
      const before = queueIn(now);
      return changesBetween(before, add(before, { id: newId(clock, chance()), at: String(clock), episode, kind, base: null, body }, { alone }).queue);
    });
  };
  const post = (trouble) => async (entries) => {
    if (trouble === "lost before") return { state: "no_signal" };
    if (trouble === "killed before") throw new Killed();
    const sent = JSON.parse(JSON.stringify(entries));
    if (trouble === "twice") house.take(sent);
    const said = house.take(trouble === "cut" ? sent.slice(0, by.below(sent.length + 1)) : trouble === "shuffled" ? sent.reverse() : sent);
    if (trouble === "lost after") return { state: "no_signal" };
    if (trouble === "killed after") throw new Killed();
    if (trouble === "said twice") said.answers.push(...said.answers, { id: "nobody's", verdict: "kept" });
    return { state: "ok", said };
  };
  const send = async (trouble) => {
    try { return await sendEach(disk, post(trouble)); } catch (problem) {
      if (!(problem instanceof Killed)) throw problem;
      const rows = disk.rows;
      disk = new Disk();
      disk.rows = new Map(rows);
      return "killed";
    }
  };
  const troubles = ["", "", "lost before", "lost after", "killed before", "killed after", "cut", "shuffled", "twice", "said twice"];
  for (let step = 10 + by.below(40); step > 0; step -= 1) {
    const what = by.next();
    if (what < 0.72) await write();
    else if (what < 0.92) await send(by.pick(troubles));
    else if (what < 0.97) clock += (by.next() - 0.5) * 1e11;
    else if (snapshot === null) snapshot = house.taken.length;
    else { house.taken.length = snapshot; snapshot = null; await write(); }  // the house lost a day, and has its backup of the morning
    clock += by.below(60_000);
  }
  for (let tries = 0; tries < 5 && await send("") !== "sent"; tries += 1);
  const queue = queueIn(disk);
  if (waiting(queue).length) throw new Error("something still waits");
  if (house.taken.some((entry, place) => entry.number !== place + 1)) throw new Error("an order is broken");
  if (new Set(house.taken.map((entry) => entry.id)).size !== house.taken.length) throw new Error("something is there twice");
  if (house.taken.length !== queue.slots.length) throw new Error("something is lost");
  if (told(house.taken) !== told(done)) throw new Error(`${told(house.taken)} is not ${told(done)}`);
  return house.taken.length;
}

// How many entries arrived in so many histories; the first that fails is told with its seed.
export async function replay(count, first = 1) {
  let arrived = 0;
  for (let seed = first; seed < first + count; seed += 1) {
    try { arrived += await one(seed); } catch (problem) { throw new Error(`history ${seed}: ${problem.message}`); }
  }
  return arrived;
}
