"""An agency on its first day, for the stories that begin after it: made once through the pages, then copied.

How people are invited and come in is told, and looked at, by the first story (`test_first_family`).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.journeys import steps
from tests.journeys.installation import House

HARBOR = "Harbor Family Services"
ZONE = "America/Chicago"
WORKERS = {
    "Luz": "home_visitor",
    "Ana": "home_visitor",
    "Pat": "family_service_coordinator",
    "Dana": "clinician",
    "Noor": "clinician",
}


@dataclass(frozen=True, slots=True)
class Harbor:
    """The house that is served, and its people's devices."""

    house: House
    signed_in: dict[str, Any]
    device: Callable[..., Any]

    def enter(self, name: str) -> Any:
        """The page of Robin (administrator), Ngozi (supervisor), Luz, Ana, Pat, Dana or Noor, who is signed in."""
        page = self.device(storage_state=self.signed_in[name])
        page.goto(f"{self.house.address}/today/")
        return page


def harbor_begins(house: House, browser: Any) -> dict[str, Any]:
    """Robin makes the agency and invites Ngozi, who invites the others; all come by their letters. Their sign-ins."""
    said = ("--profile", "network", "--name", "Coastal Network", "--state", "TX", "--zone", ZONE)
    house.begin(*said, "--admin-name", "Robin Vance")
    house.serve()
    pages = {name: browser.new_context().new_page() for name in ("Robin", "Ngozi", *WORKERS)}
    robin, ngozi = pages["Robin"], pages["Ngozi"]
    steps.open_link(robin, house.first_link)
    steps.enrol(robin)
    robin.goto(f"{house.address}/organizations/add/")
    robin.get_by_label("Name").first.fill(HARBOR)
    robin.locator("main form button.button").last.click()
    robin.goto(f"{house.address}/people/")
    robin.get_by_label("Organization").select_option(HARBOR)
    robin.get_by_role("button", name="Show its people").click()
    steps.invite(robin, given="Ngozi", family="Example", address="ngozi@example.org", role="agency_supervisor")
    steps.arrive(ngozi, house, "ngozi@example.org")
    for name, role in WORKERS.items():
        ngozi.goto(f"{house.address}/people/")
        steps.invite(ngozi, given=name, family="Example", address=f"{name.lower()}@example.org", role=role)
    for name in WORKERS:
        steps.arrive(pages[name], house, f"{name.lower()}@example.org")
    states = {name: page.context.storage_state() for name, page in pages.items()}
    for page in pages.values():
        page.context.close()
    house.stop()
    shutil.rmtree(house.home / "outbox")  # a story reads the letters of its own day
    return states
