// The visit's pages as one page that needs no signal. Views change under one address with one neutral title: neither the
// address nor the browser's history ever says whose page was open.

import { helpPage } from "./help.js";
import { formPage } from "./form.js";
import { localTime, newId } from "./ids.js";
import { anytimePage, beginPage, checkinPage, closePage, dayPage, familyPage, visitPage, waitingPage } from "./pages.js";
import { h, way } from "./parts.js";
import { add, changesBetween, queueIn, untold, waiting } from "./queue.js";
import { ask, pause, sendAll, stateOf } from "./send.js";
import { Store, Wiped, changeVault, device, end, keepDevice, keepVault, vault, wipe } from "./store.js";
import { setupPage, unlockPage } from "./unlock.js";
import { TRIES, dataKey, deviceKey, openByPasskey, openByPin, ready, waitAfter, wrapByPasskey, wrapByPin } from "./vault.js";

const VIEWS = {
  day: dayPage, family: familyPage, anytime: anytimePage, begin: beginPage, form: formPage, visit: visitPage, checkin: checkinPage, waiting: waitingPage,
  close: closePage, help: helpPage, setup: setupPage, unlock: unlockPage,
};
const LOCKED = new Set(["setup", "unlock"]);
// Ours, where the house says nothing: minutes without use, and seconds out of sight, until the device locks itself.
const IDLE_MINUTES = 5, HIDDEN_SECONDS = 60;
const SOON = 3_000; // milliseconds after which what was written leaves, so that answers given one by one go together

const words = JSON.parse(document.getElementById("away-words").textContent);
const main = document.getElementById("away");
const chip = document.getElementById("away-state");
const others = new BroadcastChannel("inmind-away"); // says that something changed, never what

// On every page until somebody knows: the phone has a way to help, and nobody is told by it.
function untoldNow() {
  const slot = app.store && untold(app.queue());
  if (!slot) return null;
  return h("div", { class: "banner banner-now", role: "alert" }, h("p", { class: "banner-title" }, app.t("help_untold")),
    way(app.t("help_again"), () => app.go("help", { entry: slot.entry.id })));
}

const app = {
  language: document.documentElement.lang in words ? document.documentElement.lang : Object.keys(words)[0],
  store: null, parcel: null, signedOut: false, place: { view: "day", about: {} },

  t: (key, facts = {}) => (words[app.language][key] ?? key).replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? ""),

  // ---- what is known

  queue: () => queueIn(app.store),
  takes: () => new Set(app.parcel.takes),
  family: (episode) => app.parcel.families.find((one) => one.episode === episode),
  nameOf: (episode) => {
    const family = app.parcel && app.family(episode);
    return family ? family.child?.name ?? family.adults.map((one) => one.name).join(", ") : app.t("a_family");
  },
  personIn: (episode, person) => app.family(episode)?.adults.find((one) => one.person === person)?.name ?? "",
  languageOf: (family, person) => family.adults.find((one) => one.person === person)?.language || "en",
  today: () => localTime().slice(0, 10),
  day: (date) => new Intl.DateTimeFormat(app.language, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(`${date.slice(0, 10)}T12:00:00Z`)),
  when: (moment) => new Intl.DateTimeFormat(app.language, { dateStyle: "short", timeStyle: "short" }).format(new Date(moment)),

  // of: the family whose page this stands under; below: it stands under the list of families.
  head: ({ of = null, below = false, title, subtitle = "" }) => h("div", { class: "page-head" },
    of && h("p", { class: "crumb" }, way(app.nameOf(of), () => app.up("family", { episode: of }))),
    below && h("p", { class: "crumb" }, way(app.t("day_title"), () => app.up("day"))),
    h("div", { class: "page-title" }, h("h1", { tabIndex: -1 }, title), subtitle && h("p", { class: "subtitle" }, subtitle))),

  // ---- where we are

  go(view, about = {}, { instead = false, says = "" } = {}) {
    if (!instead) trail.push(app.place);
    app.place = { view, about };
    history[instead ? "replaceState" : "pushState"]({ step: trail.length }, "");
    app.arrive(says);
  },
  back(says = "") {
    app.place = trail.pop() ?? { view: "day", about: {} };
    app.arrive(says);
  },
  // To a page above this one, and past all between.
  up(view, about = {}, says = "") {
    const place = trail.findLastIndex((one) => one.view === view);
    trail = trail.slice(0, Math.max(place, 0));
    app.place = { view, about };
    app.arrive(says);
  },
  // Where she is outlives a lock and a killed tab; help is left by then.
  arrive(says) {
    if (app.store && app.place.view !== "help") app.store.change(() => ({ place: app.place })).catch(failed);
    app.refresh(says);
  },
  refresh(says = "") {
    let shown;
    try {
      shown = VIEWS[app.place.view](app, app.place.about);
    } catch (problem) {  // a family that is here no longer, for one
      if (LOCKED.has(app.place.view) || app.place.view === "day") throw problem;
      return app.go("day", {}, { instead: true, says: app.t("not_here") });
    }
    app.shown = shown;
    app.warning = LOCKED.has(app.place.view) || shown.help ? null : untoldNow();
    main.replaceChildren(app.warning ?? "", h("p", { class: "sr", role: "status" }, says), says && h("div", { class: "banner banner-good" }, says), shown.inside);
    document.body.classList.toggle("narrow-page", LOCKED.has(app.place.view) || shown.help === true);
    scrollTo(0, 0);
    (shown.focus ?? main.querySelector("h1"))?.focus({ preventScroll: true });
    tellState();
  },

  // Something changed that this view may tell: only what tells it is drawn anew, nothing that is being typed.
  renew() {
    if (app.warning && !untold(app.queue())) app.warning = app.warning.remove() ?? null;
    if (app.shown?.refresh) app.shown.refresh();
    else if (["waiting", "close"].includes(app.place.view)) app.refresh();
    tellState();
  },

  // ---- writing and sending

  // Keep one more thing on this device. now: it leaves at once, if there is a way. Returns the slot that holds it.
  async write({ kind, episode, base = null, body }, { alone = false, now = false } = {}) {
    let slot;
    await app.store.change((store) => {
      const before = queueIn(store);
      const after = add(before, { id: newId(), at: localTime(), episode, kind, base, body }, { alone });
      slot = after.slot;
      return changesBetween(before, after.queue);
    });
    others.postMessage("changed");
    tellState();
    sendIn(now ? 0 : SOON);
    return slot;
  },

  // Words that are being typed outlive a lock: they are kept, sealed, until what they are for was kept itself.
  draft(name, control) {
    const kept = app.store.get(`draft ${name}`);
    if (kept) control.value = kept;
    let later = 0;
    const keep = () => app.store?.change(() => ({ [`draft ${name}`]: control.value || null })).catch(failed);
    control.addEventListener("input", () => { clearTimeout(later); later = setTimeout(keep, 400); });
    control.addEventListener("change", () => { clearTimeout(later); keep(); });
    return {
      done: () => { clearTimeout(later); return app.store.change(() => ({ [`draft ${name}`]: null })); },
    };
  },

  // asked: somebody pressed the button, and is told what came of it, also where it was under way already.
  async send({ asked = false } = {}) {
    tells ||= asked;
    if (!app.store || sending) return;
    sending = true;
    tellState();
    const state = await device().then((here) => sendAll(app.store, here.id)).catch((problem) => (problem instanceof Wiped ? "gone" : "failed"));
    const say = tells;
    sending = tells = false;
    app.signedOut = state === "signed_out";
    if (state === "wipe") return app.destroy(app.t("cut_off"));
    if (state === "gone") return app.lock();
    if (!app.store) return;
    others.postMessage("changed");
    if (state === "sent") tries = 0;
    else sendIn(pause(tries += 1));
    if (say) return app.refresh(app.t(`send_${state}`));
    app.renew();
  },

  // ---- taking along, locking, wiping

  // Returns what went wrong, in words ("signed_out" alone is a word of ours), or null.
  async prepare({ name, pin, tell }) {
    const { t } = app;
    const known = (await device())?.id ?? newId();
    tell(t("prepare_ask"));
    const first = await stateOf(known);
    if (first.state === "wipe") { await wipe({ andDevice: true }); return t("cut_off"); }
    if (!first.token) return first.state === "signed_out" ? "signed_out" : t(`send_${first.state}`);
    const id = first.state === "ok" ? known : newId(); // of somebody else who used this browser it keeps nothing, no id either
    const registered = await ask("/away/devices/", { body: { id, name }, token: first.token });
    const parcel = registered.state === "ok" ? await ask(`/away/parcel/?device=${id}`) : registered;
    if (parcel.state !== "ok") return parcel.state === "signed_out" ? "signed_out" : parcel.said?.error ?? t(`send_${parcel.state}`);
    tell(t("prepare_seal"));
    const data = await dataKey(), own = await deviceKey();
    const wrapped = pin ? { pin: await wrapByPin(data, pin, own) } : { passkey: await wrapByPasskey(data, own).catch(() => null) };
    if (!pin && !wrapped.passkey) return t("passkey_cannot");
    navigator.storage?.persist?.(); // or a full device may drop what waits
    if (await vault()) return void await app.begin(); // another tab was quicker, and something may wait there
    await wipe();
    others.postMessage("wiped");
    await keepDevice({ id, next: registered.said.next }); // nothing waits: after any other number the house would wait for ever
    await keepVault({ own, ...wrapped, wrong: 0, notBefore: 0, wipeAt: wipedAt(parcel.said) });
    app.store = await Store.opened(await ready(data));
    await app.store.change(() => ({ parcel: parcel.said, tag: parcel.tag }));
    app.opened();
    return null;
  },

  async fetchParcel() {
    const here = await device();
    const { state, said, tag } = await ask(`/away/parcel/?device=${here.id}`, { tag: app.parcel ? app.store.get("tag") : "" });
    if (state === "wipe") return app.destroy(app.t("cut_off"));
    if (state === "ok") {
      await changeVault({ wipeAt: wipedAt(said) });
      await app.store.change(() => ({ parcel: said, tag }));
      app.parcel = said;
      others.postMessage("changed");
    }
    app.refresh(app.t(state === "ok" || state === "unchanged" ? "fetched" : `send_${state}`));
  },

  // pin: what was typed, null for the passkey. Returns what went wrong, or null; tabs take turns, so that each try counts.
  unlock: (pin) => navigator.locks.request("inmind-away-unlock", () => app.tryToUnlock(pin)),

  // A try is counted before it is made, so that no kill gives one for nothing.
  async tryToUnlock(pin) {
    const record = await vault();
    if (!record) return void app.begin();
    if (record.notBefore > Date.now()) return { problem: "wait", seconds: Math.ceil((record.notBefore - Date.now()) / 1000) };
    const wrong = record.wrong + 1;
    if (pin !== null) await changeVault({ wrong, notBefore: Date.now() + waitAfter(wrong) });
    let data;
    try {
      data = pin === null ? await openByPasskey(record.passkey, record.own) : await openByPin(record.pin, pin, record.own);
    } catch {
      if (pin === null) return { problem: "passkey" };
      if (wrong >= TRIES) return void await app.destroy(app.t("too_many"));
      return { problem: "wrong", left: TRIES - wrong };
    }
    await changeVault({ wrong: 0, notBefore: 0 });
    app.store = await Store.opened(await ready(data));
    app.opened();
    return null;
  },

  opened() {
    app.parcel = app.store.get("parcel");
    app.place = app.parcel ? app.store.get("place") ?? { view: "day", about: {} } : { view: "day", about: {} };
    const { view, about: { episode } } = app.place;
    trail = [{ view: "day", about: {} }, { view: "family", about: { episode } }].slice(0, view === "day" ? 0 : episode && view !== "family" ? 2 : 1);
    used();
    app.refresh();
    sendIn(0);
  },

  lock(why = "") {
    if (!app.store) return;
    app.store = app.parcel = app.shown = null;
    trail = [];
    app.begin(why);
  },

  // The key first. What was shown goes with what was kept.
  async destroy(why) {
    app.store = app.parcel = app.shown = null;
    trail = [];
    main.replaceChildren();
    await wipe({ andDevice: true });
    others.postMessage("wiped");
    app.begin(why);
  },

  async closeDay() {
    if (!await end()) return app.refresh();
    app.store = app.parcel = app.shown = null;
    others.postMessage("wiped");
    app.begin(app.t("closed"));
  },

  async begin(why = "") {
    const record = await vault();
    app.place = record
      ? { view: "unlock", about: { passkey: Boolean(record.passkey), pin: Boolean(record.pin), why } }
      : { view: "setup", about: { why } };
    history.replaceState({ step: 0 }, "");
    app.refresh();
  },
};

// The hours of a parcel, by the clock of this device, whatever that says.
const wipedAt = ({ made_at: made, wipe_at: wiped }) => Date.now() + Date.parse(wiped) - Date.parse(made);

let trail = []; // the places before this one
let sending = false, tells = false, tries = 0, later = 0, dueAt = Infinity;
let lastUse = Date.now(), hiddenAt = 0;

// Sending begins by itself, soon after something was written and later and later while there is no way.
function sendIn(milliseconds) {
  if (Date.now() + milliseconds >= dueAt) return;
  clearTimeout(later);
  dueAt = Date.now() + milliseconds;
  later = setTimeout(() => { dueAt = Infinity; if (app.store && waiting(app.queue()).length) app.send(); }, milliseconds);
}

function tellState() {
  const count = app.store ? waiting(app.queue()).length : 0;
  const key = !app.store ? "" : sending ? "chip_sending" : count && app.signedOut ? "chip_signed_out" : count ? "chip_waits" : "chip_none";
  const says = key && app.t(key, { count });
  if (chip.textContent !== says) chip.textContent = says;
  chip.hidden = !says;
}

// Whatever could not be kept is said, wherever it happened; what it was stands in no message.
function failed(problem) {
  if (problem instanceof Wiped) app.lock();
  else main.prepend(h("div", { class: "banner banner-now", role: "alert" }, app.t("not_kept")));
}

addEventListener("unhandledrejection", (event) => { event.preventDefault(); failed(event.reason); });

// ---- time: unused, out of sight, over

function used() { lastUse = Date.now(); }
for (const kind of ["pointerdown", "keydown", "input"]) addEventListener(kind, used, { passive: true, capture: true });

async function looks() {
  const record = await vault();
  if (!record) return app.store && app.lock();
  if (Date.now() > record.wipeAt) {
    if (await end({ hoursAreOver: true })) {
      app.store = app.parcel = app.shown = null;
      return app.begin(app.t("expired"));
    }
    if (app.parcel) return app.lock(app.t("expired_waits"));
  }
  const minutes = app.parcel?.lock_minutes ?? IDLE_MINUTES;
  if (app.store && Date.now() - lastUse > minutes * 60_000) app.lock(app.t("locked_idle"));
}
setInterval(looks, 5_000);

function hidden() {
  hiddenAt = Date.now();
  document.body.classList.add("away-covered"); // also in the picture that a phone keeps of its open pages
}
async function seen() {
  if (hiddenAt && app.store && Date.now() - hiddenAt > HIDDEN_SECONDS * 1000) app.lock(app.t("locked_hidden"));
  hiddenAt = 0;
  document.body.classList.remove("away-covered");
  await contact();
}
document.addEventListener("visibilitychange", () => (document.hidden ? hidden() : seen()));
addEventListener("pageshow", (event) => { if (event.persisted) app.lock(); });
setInterval(() => { if (hiddenAt && app.store && Date.now() - hiddenAt > HIDDEN_SECONDS * 1000) app.lock(); }, 5_000);
addEventListener("online", () => { tries = 0; contact(); });

// A device that was cut off learns it at the next contact, locked or not.
async function contact() {
  await looks();
  const here = await device();
  if (!here || !await vault()) return;
  const { state, said } = await stateOf(here.id);
  if (state === "wipe") return app.destroy(app.t("cut_off"));
  if (state !== "ok" || !app.store) return;
  await leave(said.families);
  if (waiting(app.queue()).length) await app.send();
}

// A family that she serves no longer goes from here; what she wrote down about it does not.
async function leave(still) {
  if (!app.parcel || !still || app.parcel.families.every((one) => still.includes(one.episode))) return;
  const parcel = { ...app.parcel, families: app.parcel.families.filter((one) => still.includes(one.episode)) };
  await app.store.change(() => ({ parcel, tag: "" }));
  app.parcel = parcel;
  others.postMessage("changed");
  if (app.place.view === "day") app.refresh();
}

// ---- other tabs, the way back, the language, the shell

others.addEventListener("message", async ({ data }) => {
  if (data === "wiped") { app.store = app.parcel = app.shown = null; return app.begin(); }
  if (!app.store) return;
  if (await app.store.catchUp()) {
    app.parcel = app.store.get("parcel");
    app.renew();
  }
});
addEventListener("popstate", () => { if (app.store) app.back(); });
for (const one of document.querySelectorAll("[data-away-language]")) {
  const show = () => { one.hidden = one.dataset.awayLanguage === app.language; };
  one.addEventListener("click", () => {
    app.language = one.dataset.awayLanguage;
    document.documentElement.lang = app.language;
    document.querySelectorAll("[data-away-language]").forEach((each) => { each.hidden = each.dataset.awayLanguage === app.language; });
    app.refresh();
  });
  show();
}
navigator.serviceWorker?.register("/away/worker.js", { scope: "/away/" }).catch(() => {});

await app.begin();
contact();
