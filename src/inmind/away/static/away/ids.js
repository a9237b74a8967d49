// UUID version 7, made on this device (RFC 9562, section 5.7): 48 bits of milliseconds, then chance. The time is for the
// order of an index alone; a clock that jumps makes an odd id, never a second one of the same.

export function newId(milliseconds = Date.now(), chance = crypto.getRandomValues(new Uint8Array(10))) {
  const bytes = new Uint8Array(16);
  for (let place = 5, rest = Math.max(0, Math.floor(milliseconds)); place >= 0; place -= 1, rest = Math.floor(rest / 256)) {
    bytes[place] = rest % 256;
  }
  bytes.set(chance, 6);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [[0, 8], [8, 12], [12, 16], [16, 20], [20, 32]].map(([from, to]) => hex.slice(from, to)).join("-");
}

// The device's local time with its offset, as a clock on the wall shows it: 2026-11-21T10:12:00-06:00.
export function localTime(moment = new Date()) {
  const two = (number) => String(Math.floor(Math.abs(number))).padStart(2, "0");
  const ahead = -moment.getTimezoneOffset();
  const day = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  const time = [moment.getHours(), moment.getMinutes(), moment.getSeconds()].map(two).join(":");
  return `${day}T${time}${ahead < 0 ? "-" : "+"}${two(ahead / 60)}:${two(ahead % 60)}`;
}
