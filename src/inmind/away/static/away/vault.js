// The keys of this device. Everything about a family is sealed with one data key (AES-GCM, 256 bits, by chance). That key
// is kept only wrapped: by the worker's PIN, or by a passkey of hers that this browser lets derive a key (the PRF
// extension of WebAuthn). Either is mixed with a key that scripts cannot read out of this browser. What this holds
// against, and what it does not, stands in docs/decisions/0023-family-data-on-a-phone.md.

// OWASP Password Storage Cheat Sheet, "PBKDF2": with HMAC-SHA-256, 600,000 or more.
export const ROUNDS = 600_000;
// Ours: six digits are a million PINs. Whoever copies the whole browser off an unlocked phone tries them all in days; the
// tries counted below hold against fingers, not against that. The page says so and asks for more than digits.
export const SHORTEST_PIN = 6;
// Ours: how many wrong PINs in a row destroy what is kept, and how long each from the third on makes the next one wait.
export const TRIES = 8;
export const waitAfter = (wrong) => (wrong < 3 ? 0 : 5_000 * 2 ** (wrong - 3));
// Lengths tell something too: what is sealed is filled up to a multiple of this many bytes.
const FILLED_TO = 512;
const SAYS = { pin: "inmind away pin", passkey: "inmind away passkey" };

const bytesOf = (words) => new TextEncoder().encode(words);
const chance = (length) => crypto.getRandomValues(new Uint8Array(length));

// A key that this browser uses and never gives out.
export function deviceKey() {
  return crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

export async function dataKey() {
  return { raw: chance(32) };
}

// The data key, ready for use; nothing can read it out again.
export async function ready({ raw }) {
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  raw.fill(0);
  return key;
}

// The data key under the PIN, as it may be kept.
export async function wrapByPin(data, pin, device) {
  const salt = chance(16);
  return { salt, rounds: ROUNDS, ...await wrap(data, await pinKey(pin, salt, ROUNDS, device), SAYS.pin) };
}

// Throws where the PIN is another.
export async function openByPin({ salt, rounds, iv, wrapped }, pin, device) {
  return unwrap({ iv, wrapped }, await pinKey(pin, salt, rounds, device), SAYS.pin);
}

async function pinKey(pin, salt, rounds, device) {
  const typed = await crypto.subtle.importKey("raw", bytesOf(pin.normalize("NFKC")), "PBKDF2", false, ["deriveBits"]);
  return mixed(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, typed, 256), device);
}

async function mixed(bits, device) {
  const both = await crypto.subtle.sign("HMAC", device, bits);
  return crypto.subtle.importKey("raw", both, "AES-GCM", false, ["encrypt", "decrypt"]);
}

async function wrap({ raw }, key, says) {
  const iv = chance(12);
  return { iv, wrapped: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bytesOf(says) }, key, raw) };
}

async function unwrap({ iv, wrapped }, key, says) {
  const raw = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: bytesOf(says) }, key, wrapped);
  return { raw: new Uint8Array(raw) };
}

// ---- by a passkey

export function mayHavePasskeys() {
  return Boolean(globalThis.PublicKeyCredential && navigator.credentials?.get);
}

// Asks for a passkey of this house that is already on the device, and for the secret that it derives from the salt.
// Nothing is signed in by this: the answer goes nowhere. Returns null where passkey or browser derive none.
async function derived(salt, id = null) {
  const publicKey = {
    challenge: chance(32),
    userVerification: "required",
    allowCredentials: id ? [{ type: "public-key", id }] : [],
    extensions: { prf: { eval: { first: salt } } },
  };
  const credential = await navigator.credentials.get({ publicKey });
  const secret = credential.getClientExtensionResults().prf?.results?.first;
  return secret ? { secret: new Uint8Array(secret), id: credential.rawId } : null;
}

// The data key under a passkey, as it may be kept; null where none derives a key.
export async function wrapByPasskey(data, device) {
  const salt = chance(32);
  const found = await derived(salt);
  if (!found) return null;
  return { salt, id: found.id, ...await wrap(data, await passkeyKey(found.secret, device), SAYS.passkey) };
}

export async function openByPasskey({ salt, id, iv, wrapped }, device) {
  const found = await derived(salt, id);
  if (!found) throw new Error("no secret");
  return unwrap({ iv, wrapped }, await passkeyKey(found.secret, device), SAYS.passkey);
}

async function passkeyKey(secret, device) {
  const whole = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const info = bytesOf(SAYS.passkey);
  const bits = await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info }, whole, 256);
  return mixed(bits, device);
}

// ---- what is sealed

// Any plain value, bound to the row it stands in: a row put in another's place does not open.
export async function seal(key, row, value) {
  const said = bytesOf(JSON.stringify(value));
  const filled = new Uint8Array(Math.ceil((said.length + 1) / FILLED_TO) * FILLED_TO).fill(0x20);
  filled.set(said);
  const iv = chance(12);
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bytesOf(row) }, key, filled) };
}

export async function open(key, row, { iv, data }) {
  const filled = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: bytesOf(row) }, key, data);
  return JSON.parse(new TextDecoder().decode(filled));
}
