"""What a story leaves behind outside the house's database: nothing of a family, on no device, in no address, log or letter."""

from __future__ import annotations

import email
import sqlite3
from email import policy
from typing import Any

import psycopg

from tests.journeys.installation import House

# The names of the people who are served, apart from those whom a worker shares; the addresses and numbers they gave.
NAMES = """SELECT given_name, family_name FROM people_person
WHERE id IN (SELECT person_id FROM families_participation)"""
REACHED = "SELECT address, '' FROM people_contact WHERE person_id IN (SELECT person_id FROM families_participation)"
OF_WORKERS = "SELECT given_name, family_name FROM people_person WHERE id IN (SELECT person_id FROM access_account)"
SHORTEST = 5  # letters; a shorter word is part of too many others

# Everything that pages of the house keep in this browser, as one text.
KEPT = """async () => {
  const text = value => typeof value === "string" ? value
    : value instanceof ArrayBuffer ? String.fromCharCode(...new Uint8Array(value))
    : ArrayBuffer.isView(value) ? String.fromCharCode(...new Uint8Array(value.buffer))
    : value && typeof value === "object" ? Object.entries(value).map(([name, one]) => name + " " + text(one)).join(" ") : String(value);
  const done = asked => new Promise((well, ill) => { asked.onsuccess = () => well(asked.result); asked.onerror = () => ill(asked.error); });
  const found = [...Object.entries(localStorage), ...Object.entries(sessionStorage)].flat();
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const asked of await cache.keys()) found.push(asked.url, await (await cache.match(asked)).text());
  }
  for (const {name} of await indexedDB.databases()) {
    const base = await done(indexedDB.open(name));
    for (const store of base.objectStoreNames) {
      const rows = base.transaction(store).objectStore(store);
      found.push(text(await done(rows.getAllKeys())), text(await done(rows.getAll())));
    }
    base.close();
  }
  return found.join("\\n");
}"""


def words_of_families(house: House) -> set[str]:
    """What must not be found, as it stands in the database of this house; an association's keeps no family."""
    if 'profile = "association"' in (house.home / "installation.toml").read_text(encoding="utf-8"):
        return set()
    words = {word.lower() for row in _rows(house, NAMES) for name in row for word in name.split()}
    words -= {word.lower() for row in _rows(house, OF_WORKERS) for name in row for word in name.split()}
    return {word for word in words if len(word) >= SHORTEST} | {row[0].lower() for row in _rows(house, REACHED)}


def _rows(house: House, statement: str) -> list[tuple[str, str]]:
    if house.database_url:
        with psycopg.connect(house.database_url) as connection:
            return connection.execute(statement).fetchall()  # type: ignore[return-value,arg-type]
    connection = sqlite3.connect(f"file:{house.home / 'inmind.sqlite3'}?mode=ro", uri=True)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


def kept_on(context: Any, house: House) -> str:
    """What a device keeps of the house, in each of its tabs."""
    context.new_page().goto(f"{house.address}/health/")
    return "\n".join(kept_by(page, context) for page in context.pages if page.url.startswith(house.address))


def kept_by(page: Any, context: Any) -> str:
    """What a browser keeps, as a page in it reads it: cookies, and the storages of the page's own place."""
    cookies = " ".join(f"{one['name']} {one['value']}" for one in context.cookies())
    return f"{cookies}\n{page.evaluate(KEPT)}"


def written_by(house: House) -> dict[str, str]:
    """The log of the house, and each letter as it left: its head and its words, without to whom it went."""
    log = house.home / "serve.log"
    texts = {"the log": log.read_text(errors="replace") if log.exists() else ""}
    for file in (house.home / "outbox").glob("*"):
        letter = email.message_from_bytes(file.read_bytes(), policy=policy.default)
        head = " ".join(str(value) for name, value in letter.items() if name != "To")
        texts[f"the letter {file.name}"] = (
            f"{file.name} {head} {letter.get_content() if file.suffix in {'.eml', '.txt'} else ''}"
        )
    return texts


def found_in(texts: dict[str, str], words: set[str]) -> list[str]:
    """Where a word of a family stands, and which."""
    return [f"{word} in {where}" for where, text in texts.items() for word in words if word in text.lower()]
