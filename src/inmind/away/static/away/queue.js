// What was written on this device and is on its way. Pure: values in, values out; nothing here knows storage or network.
//
// A queue is {next, slots}. A slot is {entry, tried, said}: the entry as it is sent; whether it may have left already;
// what the house answered, or null while it waits. Entries have numbers from 1 without gaps and are sent in that order.
// What may have left is never changed again: one id stands for one content, so that sending twice counts once.

export const EMPTY = Object.freeze({ next: 1, slots: Object.freeze([]) });
export const MOST_IN_A_BATCH = 100;

// What an entry is about, where a later one of the same kind replaces it; null where each stands alone.
const ABOUT = {
  visit: (body) => body.id,
  note: (body) => body.visit,
  strength: (body) => `${body.visit} ${body.of}`,
};

// Keep one more thing. made: {id, at, episode, kind, base, body}; alone: it is never joined with another.
// While nothing of it can have left, an edit changes the entry in its place, answers to one screen that follow each other are
// one entry, and finishing takes them with it. Returns the queue, and which entry holds what was made.
export function add(queue, made, { alone = false } = {}) {
  const last = queue.slots.at(-1);
  if (!alone && ["screen_answers", "screen_finish"].includes(made.kind) && last && joins(last, made)) {
    const body = { ...made.body, answers: { ...last.entry.body.answers, ...made.body.answers } };
    return replaced(queue, last, { ...last, entry: { ...last.entry, kind: made.kind, at: made.at, body } });
  }
  const about = ABOUT[made.kind]?.(made.body);
  const before = about && queue.slots.find((slot) => !slot.tried && slot.entry.kind === made.kind
    && slot.entry.episode === made.episode && ABOUT[made.kind](slot.entry.body) === about);
  if (before) {
    return replaced(queue, before, { ...before, entry: { ...before.entry, at: made.at, body: made.body } });
  }
  const slot = { entry: { ...made, number: queue.next }, tried: false, said: null, alone };
  return { queue: { next: queue.next + 1, slots: [...queue.slots, slot] }, slot };
}

function joins(last, made) {
  return !last.tried && !last.alone && last.entry.kind === "screen_answers" && last.entry.episode === made.episode
    && last.entry.body.screen === made.body.screen;
}

function replaced(queue, before, slot) {
  return { queue: { ...queue, slots: queue.slots.map((one) => (one === before ? slot : one)) }, slot };
}

export function waiting(queue) {
  return queue.slots.filter((slot) => !slot.said);
}

// An answer that needs a person and of which the house has not heard yet; such entries stand alone.
export function untold(queue) {
  return waiting(queue).find((slot) => slot.alone) ?? null;
}

// The next entries to send, in order; and the queue in which they may have left.
export function batch(queue, most = MOST_IN_A_BATCH) {
  const leaving = new Set(waiting(queue).slice(0, most));
  const slots = queue.slots.map((slot) => (leaving.has(slot) && !slot.tried ? { ...slot, tried: true } : slot));
  return { queue: { ...queue, slots }, entries: [...leaving].map((slot) => slot.entry) };
}

// What the house said of a batch: {answers: [{id, verdict, said, help, to}], wants}. An answer counts once; answers about
// entries that are not ours are passed over. wants: the house misses entries from that number on (it may have been
// restored from yesterday's backup), so they wait again; it knows by their ids which of them it has.
export function answered(queue, { answers = [], wants = null }, at = null) {
  const verdicts = new Map(answers.map((answer) => [answer.id, answer]));
  const slots = queue.slots.map((slot) => {
    const { id, number } = slot.entry;
    if (!slot.said && slot.tried && verdicts.has(id)) {
      const { verdict, said = "", help = false, to = "" } = verdicts.get(id);
      return { ...slot, said: { verdict, said, help, to, at } };
    }
    if (slot.said && wants !== null && number >= wants && !verdicts.has(id)) return { ...slot, said: null };
    return slot;
  });
  return { ...queue, slots };
}

// The answers of one screen as they stand, the latest of each item.
export function answersOf(queue, screen) {
  const said = queue.slots.filter(({ entry }) => entry.kind.startsWith("screen_") && entry.body.screen === screen);
  return Object.assign({}, ...said.map(({ entry }) => entry.body.answers));
}

// The newest entry of a kind that holds what is looked for.
export function newest(queue, kind, holds) {
  return queue.slots.findLast(({ entry }) => entry.kind === kind && holds(entry.body, entry));
}

// ---- as rows of a store: each slot one, and the next number

export function queueIn(store) {
  const slots = store.all("entry ").sort((one, other) => one.entry.number - other.entry.number);
  return { next: store.get("next") ?? 1, slots };
}

// What has to be written to come from one queue to another.
export function changesBetween(before, after) {
  const known = new Set(before.slots);
  const rows = after.slots.filter((slot) => !known.has(slot)).map((slot) => [`entry ${slot.entry.id}`, slot]);
  return Object.fromEntries(before.next === after.next ? rows : [...rows, ["next", after.next]]);
}
