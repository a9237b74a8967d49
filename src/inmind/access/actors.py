"""Who acts: a signed-in user, a link for one adult and one purpose, a job, an operator. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from inmind.access.roles import ROLES


@dataclass(frozen=True, slots=True)
class Standing:
    """One role that an actor holds today, and where. `person` is the actor's own person, for paths that start there."""

    role: str
    organization: UUID | None = None
    person: UUID | None = None
    organization_name: str = ""
    link: UUID | None = None  # by which somebody acts who has no account


@dataclass(frozen=True, slots=True)
class Actor:
    """Anybody who can act. `standings` are the roles in force at the moment of asking."""

    kind: str
    id: str
    person: UUID | None = None
    standings: tuple[Standing, ...] = ()
    second_factor: bool = False
    name: str = ""
    account: UUID | None = None

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"

    @property
    def organizations(self) -> list[UUID]:
        """Where a role is held today."""
        return list(dict.fromkeys(one.organization for one in self.standings if one.organization))

    @property
    def signed_in(self) -> bool:
        return self.kind == "user"

    @property
    def must_have_two_factors(self) -> bool:
        """Whether a role held by this actor sees names of families or gives roles, and so is never left with one factor."""
        return any(ROLES[standing.role].needs_second_factor() for standing in self.standings)

    @property
    def needs_second_factor(self) -> bool:
        """Whether a role held by this user must have two factors and the session has shown one only."""
        return self.signed_in and not self.second_factor and self.must_have_two_factors


NOBODY = Actor(kind="nobody", id="")
VISITOR = Actor(kind="nobody", id="", standings=(Standing("visitor"),))  # nobody yet, asking to come in


def by_link(link: UUID, person: UUID, name: str, organization: UUID) -> Actor:
    """An adult who was sent a link: she reaches what that link is for, and nothing else."""
    standing = Standing("caregiver_by_link", organization, person, link=link)
    return Actor(kind="link", id=str(link), person=person, standings=(standing,), name=name)


def by_office_link(link: UUID, organization: UUID) -> Actor:
    """An office that was sent a link by an organization of this house: it answers for that one thing. Nobody is known by it."""
    return Actor(kind="link", id=str(link), standings=(Standing("program_by_link", organization, link=link),))


def operator(name: str) -> Actor:
    """Somebody at the command line of the machine; named by the command."""
    return Actor(kind="operator", id=name, standings=(Standing("operator"),), second_factor=True)


def machine(job: str) -> Actor:
    """A job of the house itself."""
    return Actor(kind="machine", id=job, standings=(Standing("machine"),), second_factor=True)
