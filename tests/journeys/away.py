"""A home visitor's day without a signal, for the stories that tell it: her families, her phone, and what can be read off it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from tests.journeys.installation import House

PIN = "kite and sea 4711"
# Names and words that are nowhere else: found where they should not be, they tell.
CHILD, ADULT, SECOND = "Xochiquetzal", "Itzel Tlalpan", "Quetzalli"
FAMILIES = """
from inmind import cli
cli.set_up()
from tests.journeys import away
away.first_morning()
"""
ASK = """
import sys
from inmind import cli
cli.set_up()
from tests.journeys import away
away.tell()
"""
# Whatever this browser has kept or shows, as text: tables with their keys, stores, caches, address, title, history.
KEPT = """async () => {
  const said = [location.href, document.title, JSON.stringify(history.state), document.cookie,
    JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
  const bytes = (one) => [1, 2].map((wide) => new TextDecoder(wide === 1 ? "latin1" : "utf-16le").decode(one)).join("|");
  const text = (one) => one instanceof ArrayBuffer || ArrayBuffer.isView(one) ? bytes(one)
    : one instanceof CryptoKey ? `a key, ${one.extractable ? "open" : "closed"}`
    : one && typeof one === "object" ? Object.entries(one).map(([name, part]) => `${name}: ${text(part)}`).join(", ") : String(one);
  const done = (asked) => new Promise((yes, no) => { asked.onsuccess = () => yes(asked.result); asked.onerror = no; });
  for (const { name } of await indexedDB.databases()) {
    const base = await done(indexedDB.open(name));
    for (const table of base.objectStoreNames) {
      const store = base.transaction(table).objectStore(table);
      said.push(name, table, ...(await done(store.getAllKeys())).map(String), ...(await done(store.getAll())).map(text));
    }
    base.close();
  }
  for (const name of await caches.keys()) {
    const shelf = await caches.open(name);
    for (const asked of await shelf.keys()) said.push(name, asked.url, await (await shelf.match(asked)).text());
  }
  return said.join("\\n");
}"""


def first_morning() -> None:
    """Inside the house: Luz serves two families, and a clinician is on call."""
    from datetime import UTC, datetime

    from inmind.access.models import Account
    from inmind.families import actions
    from inmind.people.models import Organization
    from tests import make

    agency = Organization.objects.get(kind=Organization.Kind.AGENCY)
    workers = {one.person.given_name: make.Worker(one, agency) for one in Account.objects.select_related("person")}
    make.make_rota(agency, make.at_all_hours(workers["Dana"]), by=workers["Ngozi"])
    luz = workers["Luz"]
    family = make.make_family(luz, child=f"{CHILD} Tlalpan", age_months=7, adults=(ADULT,))
    make.make_family(luz, child=f"{SECOND} Tlalpan", age_months=20, adults=("Xilonen Tlalpan",))
    actions.visit(
        luz.actor,
        episode=family.episode,
        on=datetime.now(UTC).astimezone().date(),
        place="home",
        minutes=45,
        note="We sat by the window.",
        present=(family.adult,),
    )


def tell() -> None:
    """Inside the house: what has arrived, as JSON."""
    from inmind.away.models import Paper, Received
    from inmind.families.models import Visit
    from inmind.screening.models import Flag, Screen
    from inmind.tasks.models import Task

    visits = Visit.objects.order_by("created_at", "pk")
    print(
        json.dumps(
            {
                "visits": [[one.minutes, one.strength, one.note] for one in visits],
                "screens": [[one.instrument, one.state, one.answers] for one in Screen.objects.order_by("created_at")],
                "flags": Flag.objects.count(),
                "tasks": Task.objects.count(),
                "numbers": list(Received.objects.order_by("device", "number").values_list("number", flat=True)),
                "papers": list(Paper.objects.values_list("kind", "asks")),
            }
        )
    )


def arrived(house: House) -> dict[str, Any]:
    """What the house has of the day."""
    told: dict[str, Any] = json.loads(house.does(ASK))
    return told


def take_along(page: Any, house: House, name: str = "My phone") -> None:
    """Prepare this device, and wait until its pages open without a signal."""
    page.goto(f"{house.address}/away/")
    page.get_by_label("A name for this device").fill(name)
    page.get_by_label("Choose a PIN for these visits").fill(PIN)
    page.get_by_label("The same once more").fill(PIN)
    page.get_by_label("The same once more").press("Enter")
    page.get_by_role("heading", name="Families you serve").wait_for()
    page.wait_for_function("navigator.serviceWorker.controller")


def unlock(page: Any, pin: str = PIN) -> None:
    page.get_by_label("PIN").fill(pin)
    page.get_by_label("PIN").press("Enter")


def open_family(page: Any, name: str = CHILD) -> None:
    page.get_by_role("button", name=f"Open {name}").click()
    page.get_by_role("heading", name=name, exact=True).wait_for()


def says_nothing(page: Any, words: Sequence[str]) -> None:
    """Neither a name nor what was typed nor the PIN can be read off this browser."""
    kept = page.evaluate(KEPT)
    assert "inmind-away" in kept or "inmind_away" in kept
    found = [word for word in (*words, PIN, CHILD, SECOND, *ADULT.split()) if word.lower() in kept.lower()]
    assert not found
