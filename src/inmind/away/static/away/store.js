// What stays on this device, in IndexedDB: sealed rows under random ids, and beside them the wrapped keys. Two tabs share
// it: a change is made under a lock, over what the other tab has written, and kept whole or not at all.

import { newId } from "./ids.js";
import { open as opened, seal } from "./vault.js";

const DATABASE = "inmind-away";
const KEYS = "keys", ROWS = "rows"; // the two tables; nothing in the first is about anybody
const TURN = "inmind-away-rows";

// What a row is, readable without the key so that a locked phone can keep its hours: the families that were taken along,
// something that still waits to be sent, or the rest.
const stands = (name, value) => (name.startsWith("entry ") && value && !value.said ? "waits" : "rest");

// The device was wiped, here or in another tab.
export class Wiped extends Error {}

function reach() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore(KEYS);
      asked.result.createObjectStore(ROWS, { keyPath: "id" }).createIndex("version", "version");
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

// One transaction: work(keys, rows, whole) may return a request, whose result is the answer.
async function once(mode, work) {
  const database = await reach();
  try {
    return await new Promise((done, failed) => {
      const whole = database.transaction([KEYS, ROWS], mode, { durability: "strict" });
      const asked = work(whole.objectStore(KEYS), whole.objectStore(ROWS), whole);
      whole.oncomplete = () => done(asked?.result);
      whole.onabort = () => failed(whole.problem ?? whole.error);
    });
  } finally {
    database.close();
  }
}

// The wrapped keys, the wrong tries, and until when families may stay here.
export const vault = () => once("readonly", (keys) => keys.get("vault"));
export const keepVault = (record) => once("readwrite", (keys) => keys.put(record, "vault"));
export const changeVault = (changes) => once("readwrite", (keys) => {
  keys.get("vault").onsuccess = ({ target: { result } }) => { if (result) keys.put({ ...result, ...changes }, "vault"); };
});

// What the house calls this device, and the number of its next entry: {id, next}. It outlives a day that was closed.
export const device = () => once("readonly", (keys) => keys.get("device"));
export const keepDevice = (record) => once("readwrite", (keys) => keys.put(record, "device"));

// The key first, alone and on the disk before anything else: from here on, what is left is noise.
export async function wipe({ andDevice = false } = {}) {
  await once("readwrite", (keys) => { keys.delete("vault"); });
  await once("readwrite", (keys, rows) => {
    rows.clear();
    if (andDevice) keys.clear();
  });
}

// Nothing that waits to be sent is lost by this: the key goes, and all with it, only where nothing waits; else, at the end of the
// families' hours, they go and the rest stays. What another tab writes meanwhile comes before this or is refused.
// Returns whether everything is gone.
export async function end({ hoursAreOver = false } = {}) {
  let waits = false;
  await once("readwrite", (keys, kept) => {
    kept.getAll().onsuccess = ({ target: { result: rows } }) => {
      waits = rows.some((row) => row.stands === "waits");
      if (!waits) keys.delete("vault");
      else if (hoursAreOver) for (const row of rows) if (row.stands !== "waits") kept.delete(row.id);
    };
  });
  if (!waits) await wipe();
  return !waits;
}

export class Store {
  #key; #next = 1; #version = 0; #held = new Map(); // name -> {id, version, value}; the newest that is known here

  // Everything that is kept, opened once; it is small, and a visit must not wait.
  static async opened(key) {
    const store = new Store();
    store.#key = key;
    await store.catchUp();
    return store;
  }

  get(name) { return name === "next" ? this.#next : this.#held.get(name)?.value ?? null; }

  // The values whose names begin so.
  all(beginning) {
    return [...this.#held].filter(([name, { value }]) => name.startsWith(beginning) && value !== null).map(([, { value }]) => value);
  }

  // What another tab has written since. True when there was something.
  async catchUp() {
    this.#next = (await device())?.next ?? 1;
    const rows = await once("readonly", (keys, rows) => rows.index("version").getAll(IDBKeyRange.lowerBound(this.#version, true)));
    const read = await Promise.all(rows.map((row) => opened(this.#key, row.id, row)));
    read.forEach(({ name, value }, place) => this.#hold(name, { ...rows[place], value }));
    return rows.length > 0;
  }

  #hold(name, { id, version, value }) {
    if ((this.#held.get(name)?.version ?? 0) < version) this.#held.set(name, { id, version, value });
    this.#version = Math.max(this.#version, version);
  }

  // work(this) says what changes, {name: value, or null for nothing}. It sees what every tab has written, and is pure.
  change(work) {
    return navigator.locks.request(TURN, async () => {
      await this.catchUp();
      const { next = this.#next, ...changed } = work(this);
      const changes = Object.entries(changed);
      const version = this.#version + 1;
      const rows = await Promise.all(changes.map(async ([name, value]) => {
        const id = this.#held.get(name)?.id ?? newId(0);
        return { id, version, stands: stands(name, value), ...await seal(this.#key, id, { name, value }) };
      }));
      await once("readwrite", (keys, kept, whole) => {
        keys.getKey("vault").onsuccess = (event) => {
          if (!event.target.result) {
            whole.problem = new Wiped();
            return whole.abort();
          }
          for (const row of rows) kept.put(row);
          keys.get("device").onsuccess = (found) => keys.put({ ...found.target.result, next }, "device");
        };
      });
      this.#next = next;
      changes.forEach(([name, value], place) => this.#hold(name, { ...rows[place], value }));
    });
  }
}
