"""The roles of the profession: who belongs to an association, learns, is held and is endorsed; and who keeps it. Pure.

What a person has of their own is theirs by one path, `own_person`, whatever else they are in this house.
"""

from __future__ import annotations

from inmind.access.role import OWN_DESK, Grant, Role
from inmind.foundation.values import N_

OWN = "own profession"
KEEPING = "keeping the association"
BY_LINK = "answering by a link"


def _own(*verbs: str) -> tuple[Grant, ...]:
    """On what is the actor's own, as a person."""
    return tuple(Grant(verb, "own_person", OWN) for verb in verbs)


def _keeps(*verbs: str) -> tuple[Grant, ...]:
    """On what belongs to the association at which the role is held."""
    return tuple(Grant(verb, "own_organization", KEEPING) for verb in verbs)


# money: what one owes and has paid; the association's books.
_OWN_MONEY: tuple[Grant, ...] = ()
_KEEPING_MONEY: tuple[Grant, ...] = ()
# association: membership, the directory; levels, members, agencies that pay.
_OWN_MEMBERSHIP: tuple[Grant, ...] = ()
_KEEPING_MEMBERS: tuple[Grant, ...] = ()
# learning: registrations, certificates, transcript; trainings, attendance.
_OWN_LEARNING: tuple[Grant, ...] = ()
_KEEPING_LEARNING: tuple[Grant, ...] = ()
# reflection: agreements and sessions, as the one who is held and as the one who holds.
_OWN_REFLECTION: tuple[Grant, ...] = ()
_KEEPING_REFLECTION: tuple[Grant, ...] = ()
# endorsement: readiness and portfolio; decisions, rules, the registry.
_OWN_ENDORSEMENT: tuple[Grant, ...] = ()
_KEEPING_ENDORSEMENT: tuple[Grant, ...] = ()

# What everybody who works in the field has of their own, whatever their role at an agency.
OWN_PROFESSION = (*_OWN_MONEY, *_OWN_MEMBERSHIP, *_OWN_LEARNING, *_OWN_REFLECTION, *_OWN_ENDORSEMENT)


class Practitioner(Role):
    """Belongs to the association, learns, is held, is endorsed."""

    key = "practitioner"
    name = N_("Practitioner")
    sentence = N_(
        "Sees their own membership, trainings, reflective hours and what endorsement still asks; holds others in "
        "reflective supervision where they agreed on it."
    )
    sees_families = False
    sees_names = False
    grants = (*OWN_DESK, *OWN_PROFESSION)


class AssociationCoordinator(Role):
    """Keeps an association."""

    key = "association_coordinator"
    name = N_("Association coordinator")
    sentence = N_(
        "Keeps members, dues, trainings, certificates and endorsement of the association, and invites its members; sees no "
        "family, no content of reflective supervision, and nobody's readiness unless its owner shares it."
    )
    sees_families = False
    sees_names = False
    gives_roles = True
    grants = (
        *OWN_DESK,
        *OWN_PROFESSION,
        Grant("access.invite", "own_organization", KEEPING),
        Grant("access.give_role", "own_organization", KEEPING),
        Grant("access.end_role", "own_workers", KEEPING),
        Grant("access.see_people", "own_organization", KEEPING),
        *_KEEPING_MONEY,
        *_KEEPING_MEMBERS,
        *_KEEPING_LEARNING,
        *_KEEPING_REFLECTION,
        *_KEEPING_ENDORSEMENT,
    )


# What comes by a link to somebody outside: a supervisor who is no member, an agency that pays.
BY_OFFICE_LINK: tuple[Grant, ...] = ()
# What anybody may ask for at the door: to join, to verify a certificate.
AT_THE_DOOR: tuple[Grant, ...] = ()
# What somebody with a shell on the machine may do, by a command.
BY_COMMAND: tuple[Grant, ...] = ()
# What the house does by itself, later.
BY_JOBS: tuple[str, ...] = ()
