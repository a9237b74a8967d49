"""The pages of `docs/reference` that say who may do what: roles and grants, routes, and how far each stored fact travels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.apps import apps

from inmind.access import door, grants
from inmind.access.policy import ANYWHERE
from inmind.access.role import Role
from inmind.access.roles import INVITED, ROLES
from inmind.foundation.registries import house
from inmind.foundation.values import FieldClass

# What a worker can be to a caregiver's screen, and the paths by which that reaches it. `tests/matrix` holds the printed
# table equal to what the policy answers for people who stand so.
SEES_A_SCREEN = "screening.see"
RELATIONS: dict[str, frozenset[str]] = {
    "on the family's care team": frozenset({"care_team", "agency_episode", ANYWHERE}),
    "at the same agency, not on the team": frozenset({"agency_episode", ANYWHERE}),
    "at the same agency, asked to answer it": frozenset({"agency_episode", "task_owner", "asked", ANYWHERE}),
    "at the same agency, by emergency access": frozenset({"agency_episode", "emergency", ANYWHERE}),
    "at another agency": frozenset({ANYWHERE}),
}
_TEAM, _AGENCY, _ASKED, _EMERGENCY, _ELSEWHERE = RELATIONS


@dataclass(frozen=True, slots=True)
class Situation:
    """Somebody who asks for a mother's EPDS: in which role, and what she is to that screen by then.

    role empty: she holds none, or none that counts; `instead` says what there is for her.
    """

    key: str
    who: str
    role: str = ""
    relation: str = ""
    instead: str = ""

    @property
    def may_read(self) -> bool:
        return bool(self.role) and sees_a_screen(ROLES[self.role], self.relation)

    @property
    def why(self) -> str:
        """The path by which she reads it, in words; else what there is instead, or what the refusal says."""
        for grant in grants.of_role(self.role, SEES_A_SCREEN) if self.may_read else ():
            if grant.path in RELATIONS[self.relation]:
                return house.paths[grant.path].says
        return self.instead or "refused"


# Row by row; `tests/matrix` builds each and asks the policy.
SITUATIONS = (
    Situation(
        "herself", "the mother herself", instead="has no sign-in; her care team reads it with her, and prints it"
    ),
    Situation("her worker", "her home visitor, on the care team that asked", "home_visitor", _TEAM),
    Situation("clinician of the team", "the child's clinician, on the care team that asked", "clinician", _TEAM),
    Situation(
        "clinician of a side", "the child's clinician, on the team of another side of the child", "clinician", _AGENCY
    ),
    Situation("foster worker", "the foster mother's home visitor, on the team of her side", "home_visitor", _AGENCY),
    Situation(
        "foster worker elsewhere", "the foster mother's home visitor, at another agency", "home_visitor", _ELSEWHERE
    ),
    Situation("coordinator", "a coordinator of the agency, not on the team", "family_service_coordinator", _AGENCY),
    Situation("asked", "the clinician on call, asked by her answer", "clinician", _ASKED),
    Situation("supervisor", "a supervisor of the agency", "agency_supervisor", _AGENCY),
    Situation("privacy officer", "a privacy officer of the agency", "privacy_officer", _AGENCY),
    Situation("steward", "the data steward", "data_steward", _ELSEWHERE),
    Situation("association's coordinator", "the coordinator of an association", "association_coordinator", _ELSEWHERE),
    Situation("member", "a member of an association", "practitioner", _ELSEWHERE),
    Situation("administrator", "the administrator", "administrator", _ELSEWHERE),
    Situation("elsewhere", "a clinician of another agency", "clinician", _ELSEWHERE),
    Situation("emergency", "a clinician of the agency, while her emergency access runs", "clinician", _EMERGENCY),
    Situation(
        "supervisor in emergency", "a supervisor of the agency, while her own runs", "agency_supervisor", _EMERGENCY
    ),
    Situation("emergency over", "the same clinician, when its hours are over", "clinician", _AGENCY),
    Situation("handed over", "her home visitor, once the family was handed over to another", "home_visitor", _AGENCY),
    Situation("service ended", "her home visitor, once the agency's service ended", "home_visitor", _ELSEWHERE),
    Situation("role ended", "her home visitor, from the request after her role ended", instead="holds no role"),
    Situation("one factor", "her home visitor, with one factor only", instead="her second factor is asked for"),
    Situation(
        "merged, team",
        "her home visitor, after the mother's two records there were put together",
        "home_visitor",
        _TEAM,
    ),
    Situation(
        "merged, elsewhere",
        "a home visitor of the other agency, after the mother's records at both were found to be one person",
        "home_visitor",
        _ELSEWHERE,
    ),
    Situation("consent ended, team", "her home visitor, after her consent for the child ended", "home_visitor", _TEAM),
    Situation(
        "consent ended, elsewhere",
        "a home visitor of another agency, whoever may consent and until when",
        "home_visitor",
        _ELSEWHERE,
    ),
)
_CLASSES = {
    FieldClass.PUBLIC: "may be shown to anybody",
    FieldClass.PROFESSIONAL: "about somebody's work",
    FieldClass.FAMILY: "says that a family is served, who it is, how to reach it",
    FieldClass.WHEREABOUTS: "where somebody of a family lives or will be; hidden from the child's other caregivers",
    FieldClass.CLINICAL: "an answer, a result, words of a visit or of what was done",
    FieldClass.SECRET: "opens something: a password, a key, a link; never shown",
}


def pages() -> Mapping[str, str]:
    return {"access.md": _access(), "routes.md": _routes(), "fields.md": _fields()}


def sees_a_screen(role: type[Role], relation: str) -> bool:
    """Whether a role that stands so to a caregiver may read a screen, by the table of grants."""
    return any(grant.path in RELATIONS[relation] for grant in grants.of_role(role.key, SEES_A_SCREEN))


# Roles, grants, refusals


def _access() -> str:
    parts = [
        "# Who may do what\n",
        "One table gives everything that anybody may do (`access/roles.py`, `access/grants.py`); it is compiled into a check "
        "on one record and into SQL for many (`access/policy.py`). What is not in it is refused, with a sentence.\n",
        "## Who may see a mother's EPDS\n",
        "The same for every caregiver and every screen. Somebody who holds several roles may do what any of them may. A role "
        "that sees families or their names, or gives roles, must have shown a second factor.\n",
        _table(["role", *RELATIONS], ([ROLES[key].name, *_answers(ROLES[key])] for key in INVITED)),
        "Everybody else is answered: *" + grants.REFUSALS[SEES_A_SCREEN] + "*\n",
        "Row by row, each built and asked in the tests:\n",
        _table(["who", "may read it", "because"], ([one.who, _yes(one.may_read), one.why] for one in SITUATIONS)),
        "## Roles\n",
        _table(
            ["role", "sentence", "sees families", "second factor"],
            (
                [role.name, role.sentence, _yes(role.sees_families), _yes(role.needs_second_factor())]
                for role in ROLES.values()
            ),
        ),
        "The last three are given to nobody: the operator has a shell on the machine, someone at the door has not signed in, "
        "and InMind itself runs the jobs. Roles that see families or their names, or give roles, sign in with a second factor.\n",
        "## How a role reaches a record\n",
        _table(["path", "starts at", "holds when"], _paths()),
        "## Grants\n",
        *(_grants_of(role) for role in ROLES.values()),
        "## What is said to whoever may not\n",
        _table(["what", "sentence"], ([f"`{verb}`", sentence] for verb, sentence in sorted(grants.REFUSALS.items()))),
        _table(
            ["when", "sentence"],
            [
                ["not signed in", grants.NOT_SIGNED_IN],
                ["one factor only", grants.SECOND_FACTOR],
                ["the role knows no such verb", grants.ROLE_LACKS],
            ],
        ),
    ]
    return "\n".join(parts)


def _answers(role: type[Role]) -> Iterator[str]:
    return (_yes(sees_a_screen(role, relation)) for relation in RELATIONS)


def _paths() -> Iterator[list[str]]:
    yield [f"`{ANYWHERE}`", "", "always: it concerns the house, or no record in particular"]
    for path in sorted(house.paths.values(), key=lambda one: one.key):
        if not path.says:
            raise ValueError(f"the path {path.key} says nothing of itself")
        yield [f"`{path.key}`", f"`{path.anchor}`", path.says]


def _grants_of(role: type[Role]) -> str:
    """The grants of a role, those that differ in their verb alone on one line."""
    alike = groupby(sorted(role.grants, key=_but_the_verb), key=_but_the_verb)
    rows = (
        [", ".join(f"`{grant.verb}`" for grant in those), f"`{path}`", purpose, ", ".join(classes), regime]
        for (path, purpose, classes, regime), those in alike
    )
    return f"### {role.name}\n\n" + _table(["may", "path", "purpose", "reads fields", "law"], rows)


def _but_the_verb(grant: Any) -> tuple[str, str, tuple[str, ...], str]:
    return grant.path, grant.purpose, tuple(kind for kind in FieldClass if kind in grant.classes), grant.regime


# Routes


def _routes() -> str:
    rows = (
        [f"`/{where}`", name, *_door(name, view)]
        for where, name, view in sorted(door.routes(), key=lambda row: row[:2])
    )
    return "\n".join(
        [
            "# Routes\n",
            "Every route names its verb or says why it is open to all; a route with neither stops start-up "
            "(`access/door.py`). A verb at the door is asked again on the record behind it.\n",
            _table(["route", "name", "verb", "open because"], rows),
        ]
    )


def _door(name: str, view: Any) -> list[str]:
    verb, public = door.verb_of(name, view)
    return [f"`{verb}`" if verb else "", public]


# Fields


def _fields() -> str:
    parts = [
        "# How far each stored fact may travel\n",
        "Every field of every table of ours has a class from its first day; a test refuses one without.\n",
        _table(["class", "what it is"], ([kind.value, says] for kind, says in _CLASSES.items())),
        "*Sealed* columns are encrypted under a key of the person named beside them. *Tracked* tables leave a line in the "
        "trail for each row that changes, written by the database itself.\n",
    ]
    ours = (model for model in apps.get_models() if model.__module__.startswith("inmind."))
    for model in sorted(ours, key=lambda one: one._meta.label):
        parts += [
            f"## {model._meta.label}\n",
            f"{(model.__doc__ or '').strip().splitlines()[0]}{' *Tracked.*' if model.TRACKED else ''}\n",  # type: ignore[attr-defined]
            _table(
                ["field", "class", ""],
                ([f"`{field.name}`", *_class_of(model, field)] for field in model._meta.concrete_fields),
            ),
        ]
    return "\n".join(parts)


def _class_of(model: Any, field: Any) -> list[str]:
    kind = model.class_of(field.name) if hasattr(model, "class_of") else model.CLASSES[field.name]
    sealed = f"sealed, by the key of `{model.SEALED_FOR}`" if type(field).__name__ == "SealedText" else ""
    return [kind.value, sealed]


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
