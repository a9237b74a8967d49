"""What a role is: a sentence and its grants. Pure. The roles themselves stand in `roles.py` and `profession.py`."""

from __future__ import annotations

from dataclasses import dataclass

from inmind.foundation.values import FieldClass, Regime

PUBLIC, PROFESSIONAL = FieldClass.PUBLIC, FieldClass.PROFESSIONAL
FAMILY, CLINICAL = FieldClass.FAMILY, FieldClass.CLINICAL

WORKING = frozenset({PUBLIC, PROFESSIONAL})
SERVING = WORKING | {FAMILY}
TREATING = SERVING | {CLINICAL}
VISITING = SERVING | {FieldClass.WHEREABOUTS}


@dataclass(frozen=True, slots=True)
class Grant:
    """One thing a role may do, on what it reaches by a path, for a purpose."""

    verb: str
    path: str
    purpose: str
    classes: frozenset[FieldClass] = WORKING
    regime: Regime = Regime.NONE


class Role:
    """What somebody is in an organization. Subclasses say it in one sentence and list their grants."""

    key: str
    name: str
    sentence: str
    sees_families: bool = True  # and therefore not given where no family is kept
    sees_names: bool = True  # of people who are served, be it in a queue or a sheet
    gives_roles: bool = False  # to others, and with a role what it sees: as if seen by whoever gives it
    grants: tuple[Grant, ...] = ()

    @classmethod
    def needs_second_factor(cls) -> bool:
        """Whether it signs in with a second factor, and is never left with one."""
        return cls.sees_names or cls.gives_roles


OWN_DESK = (
    Grant("workspace.today", "anywhere", "own work"),
    Grant("access.own_account", "anywhere", "own account"),
    Grant("access.end_sessions", "own_account", "own account"),
    Grant("access.end_session", "own_account", "own account"),
    Grant("access.choose_language", "own_account", "own account"),
    Grant("access.keep_work_phone", "own_account", "own account"),
    Grant("access.link_sign_on", "own_account", "own account"),
    Grant("access.unlink_sign_on", "own_account", "own account"),
)
