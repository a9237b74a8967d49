"""Make the demonstration network: two agencies, a worker for each role, families, visits and screens, all by actions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings

from inmind.access import actions as access
from inmind.access.act import Act, action
from inmind.access.actors import Actor, operator
from inmind.access.founding import found
from inmind.access.models import Account
from inmind.access.queries import actor_for
from inmind.foundation.registries import house
from inmind.foundation.values import Verdict
from inmind.people.models import Organization
from inmind.records import actions as records

SEASON = timedelta(days=120)  # how long ago the demonstration's people came together


@dataclass(frozen=True, slots=True)
class Cast:
    """The agencies of a demonstration, and who works there: username, given and family name, role, place of the agency."""

    agencies: tuple[str, ...]
    workers: tuple[tuple[str, str, str, str, int | None], ...]


WORKERS = (
    ("luz", "Luz", "Ibarra", "home_visitor", 0),
    ("dana", "Dana", "Whitfield", "clinician", 0),
    ("pat", "Pat", "Morrow", "family_service_coordinator", 0),
    ("okafor", "Ngozi", "Okafor", "agency_supervisor", 0),
    ("priya", "Priya", "Raman", "privacy_officer", 0),
    ("sam", "Sam", "Whitehorse", "home_visitor", 1),
    ("ines", "Inés", "Castañeda", "clinician", 1),
    ("tom", "Tomás", "Åkesson", "agency_supervisor", 1),
    ("steward", "Joan", "Lindqvist", "data_steward", None),
)
PLAIN = Cast(("Harbor Family Services", "Prairie Early Years"), WORKERS)


@dataclass(frozen=True, slots=True)
class Network:
    """The organizations and accounts of a demonstration, by name."""

    house: Organization
    agencies: tuple[Organization, ...]
    accounts: dict[str, Account]

    def actor(self, username: str) -> Actor:
        return actor_for(self.accounts[username], second_factor=True)

    def welcome(self, act: Act, username: str, given: str, family: str, role: str, agency: int) -> None:
        """One more worker of an agency, invited by the administrator; no letter goes out."""
        self.accounts[username] = access.invite(
            self.on_behalf(act, self.actor("admin")),
            organization=self.agencies[agency],
            given_name=given,
            family_name=family,
            address="",
            username=username,
            role=role,
        )

    def together(self, work: Callable[[Act], None]) -> None:
        """Many actions in one transaction; see `on_behalf`."""
        batch(operator("demo"), network_key="demo", work=work)

    def on_behalf(self, act: Act, actor: Actor) -> Act:
        """The same open action, with another of the network's people as the one who acts."""
        standing = actor.standings[0]
        verdict = Verdict(True, "", role=standing.role, organization=str(standing.organization or ""))
        return replace(act, actor=actor, verdict=verdict)


def begin(cast: Cast = PLAIN, told_at: datetime | None = None) -> Network:
    """The house, its agencies and its people. The database is marked as a demonstration from its first row.

    told_at: the moment at which its clock begins, when it tells a story.
    """
    by = operator("demo")
    zone = settings.INSTALLATION.zone
    found(
        by,
        name=settings.INSTALLATION.name,
        zone=zone,
        username="admin",
        given_name="Robin",
        family_name="Vance",
        address="robin@example.org",
        demo=True,
        told_at=told_at,
    )
    admin = actor_for(Account.objects.get(username="admin"), second_factor=True)
    home = Organization.objects.order_by("created_at", "pk")[0]  # the one that the installation was begun with
    with_agencies = "families" in settings.INSTALLATION.rooms
    agencies = tuple(
        records.add_organization(
            admin,
            name=name,
            zone=zone,
            phone=f"555-010{place}",
            crisis_text="We are glad you told us. Someone from our team will reach out to you.",
            crisis_text_es="Gracias por decirlo. Una persona de nuestro equipo se comunicará con usted.",
        )
        for place, name in enumerate(cast.agencies if with_agencies else (), start=1)
    )
    accounts = {"admin": Account.objects.get(username="admin")}
    for username, given, family, role, place in cast.workers:
        if place is not None and not agencies:
            continue
        accounts[username] = access.invite(
            admin,
            organization=home if place is None else agencies[place],
            given_name=given,
            family_name=family,
            address=f"{username}@example.org",
            username=username,
            role=role,
        )
    return Network(home, agencies, accounts)


def fill(network: Network, *, size: int, seed: int, said: Callable[[int, int, str], None]) -> None:
    """Let each room that is installed bring its part. Small networks are made by their own people, one action after
    another, so that the trail reads as it would; large ones in batches, on their behalf.

    said: told how many are there already, of how many, and of what ("families").
    """
    for _, maker in sorted(house.demo_makers, key=lambda pair: pair[0]):
        maker(network, size=size, seed=seed, said=said)


@action("demo.batch")
def batch(act: Act, *, network_key: str, work: Callable[[Act], None]) -> None:
    """Many actions in one transaction, for networks of any size; the entry names the operator."""
    work(act)
