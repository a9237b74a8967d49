"""Writes stand in models and actions; the time is read in one place."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import house

SHELL = [path for path in house.modules() if not house.is_test(path) and "migrations" not in path.parts]
MAY_WRITE = {"models", "actions"}
# Elsewhere a write is one of the guard's named exceptions, or part of every action; each says which.
WRITERS = {
    "access/act": "the answer kept under an action's key",
    "access/audit": "the trail itself",
    "access/adapters/allauth": "signing in: each change with the entry that owns it",
    "access/adapters/passkeys": "passkeys: the same",
    "access/adapters/openid": "an agency's secret sealed anew, inside the machine's action",
    "access/sign_in_views": "setting one's own password: the same",
    "access/founding": "the first rows, inside actions",
    "access/rotation": "keys sealed anew, inside the machine's actions",
    "access/privacy": "holds, erasing and emergency access, each an action of its own",
    "access/adult_links": "a caregiver's link, made and ended inside the action that needs it",
    "access/office_links": "an office's link: the same",
    "access/disclosing": "consents and what was told outside, each an action of its own",
    "access/sessions": "a session, which is no record, in its turn",
    "access/vault": "a person's key, made inside the action that needs it",
    "association/moving/actions": "members moved in from an export, each change an action",
    "association/moving/taking": "the rows of an export, inside the actions that take them in",
    "association/moving/erasing": "what is left of exports, inside the action that erases",
    "records/commands/everything": "the rows of an export, inside the action that takes them over",
    "records/finding": "the keys of likeness, inside the action that keeps a person",
    "records/importing": "the rows of a sheet, inside the actions that take them in",
    "records/merging": "each step of a merge, inside its action",
    "diagnosis/erasing": "what is left of formulations, inside the action that erases",
    "diagnosis/summary_actions": "words for the family, an action",
    "diagnosis/following": "versions numbered and marked anew, within a merge and its way back",
    "diagnosis/cosigning_actions": "who is asked to sign too, actions",
    "documents/erasing": "what is left of files, inside the action that erases",
    "money/card_actions": "what the provider of card payments says, each change an action",
    "money/erasing": "what is left of the books' words, inside the action that erases",
    "away/erasing": "what waits to be sorted, inside the action that erases",
    "families/erasing": "what is left of a family, inside the action that erases",
    "records/erasing": "what is left of the work on records, inside the same",
    "screening/erasing": "what is left of screens, inside the same",
    "learning/trainings/actions": "trainings, each change an action",
    "learning/trainings/guest_actions": "seats of those without an account, each change an action; sealed anew in the machine's",
    "learning/trainings/letter_actions": "whose link a letter carries, inside the machine's action",
    "learning/trainings/offers": "what is left of seats, inside the action that erases",
    "learning/trainings/paying_actions": "until when a seat is held, inside the action that hears of money",
    "learning/trainings/seat_actions": "seats, each change an action",
    "learning/trainings/self_actions": "what people say of themselves, each change an action",
    "services/erasing": "what is left of referrals, inside the action that erases",
    "services/early/actions": "early intervention, each change an action or part of one",
    "services/listings/asking_actions": "when a program was asked, inside the machine's actions",
    "services/finder/actions": "what a family asked to be called for, each change an action; sealed anew in the machine's",
    "services/listings/directory_actions": "what came with a directory, inside an action",
    "services/listings/models": "a model's own saving, which folds the words it is found by",
    "services/listings/actions": "listings, each change an action",
    "services/referrals/answer_actions": "what is looked after next, each change an action",
    "services/referrals/face_actions": "a face before the first call, each change an action or part of one",
    "services/referrals/places": "a place, inside the action that moves a referral",
    "services/matches/actions": "what a family answered and how windows stand, each change an action",
    "services/referrals/actions": "referrals, each change an action",
    "services/plans/actions": "care plans, each change an action",
    "services/plans/offers": "what is left of care plans, inside the action that erases",
    "services/running/actions": "services that run, each change an action",
    "diagnosis/codes/actions": "releases and tables of codes, what was chosen and what payers allow, each change an action",
    "screening/house_tables": "tables of cut-offs, loaded and withdrawn by actions",
    "screening/house_wordings": "publishers' wording, brought and withdrawn by actions",
    "screening/recorded_models": "a model's own saving, which refuses changes",
    "screening/sending_actions": "what is sent to a caregiver and answered by a link, each change an action",
    "screening/check_in_actions": "check-ins, each an action",
    "screening/taking_back": "what was entered for somebody else, taken back by an action",
    "screening/recorded_actions": "results of licensed tools, each change an action",
    "learning/attendance/actions": "who was there, each change an action or part of one; sealed anew in the machine's",
    "learning/certificates/actions": "certificates and what was learned elsewhere, each change an action or part of one",
    "jobs/runner": "leases and heartbeats",
    "reflection/erasing": "what somebody offered and asked for, inside the same",
    "endorsement/erasing": "what is left of somebody's endorsement, inside the same",
    "endorsement/subscribers": "the words by which the public registry finds somebody, inside the announcement",
}
MANAGER_VERBS = {
    *("create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create"),
    *("acreate", "aupdate", "adelete", "abulk_create", "abulk_update", "aget_or_create", "aupdate_or_create"),
}
INSTANCE_VERBS = {"save", "delete", "asave", "adelete", "save_base"}
ROW_FUNCTIONS = {"insert", "keep_together"}  # of foundation/models
MANAGERS = {"objects", "_default_manager", "_base_manager"}
QUERIES = {"filter", "exclude", "all", "select_for_update", "order_by", "using", "waiting", "in_force"}


def chain(node: ast.AST) -> list[str]:
    """The names along `a.b(…).c`, outermost last."""
    names: list[str] = []
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        if isinstance(node, ast.Attribute):
            names.append(node.attr)
        node = node.func if isinstance(node, ast.Call) else node.value
    names.append(getattr(node, "id", ""))
    return names[::-1]


def writes(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Each call that changes a table: (line, how)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ROW_FUNCTIONS:
            yield node.lineno, node.func.id
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        verb, before = node.func.attr, set(chain(node.func.value))
        on_table = verb in MANAGER_VERBS and before & (MANAGERS | QUERIES)
        on_queryset = verb == "update" and node.keywords and not node.args and "changes" not in before
        on_record = verb in INSTANCE_VERBS and (verb != "delete" or not node.args)
        if on_table or on_record or on_queryset:
            yield node.lineno, verb


@pytest.mark.parametrize("path", SHELL, ids=house.key_of)
def test_only_models_and_actions_write(path: Path) -> None:
    """Everything that changes a record goes through an action; the few others are named here with their reason."""
    found = list(writes(ast.parse(path.read_text(encoding="utf-8"))))
    key = house.key_of(path)
    if key in WRITERS or MAY_WRITE & set(key.split("/")[1:2]):
        return
    assert not [f"{key}:{line} calls {verb}" for line, verb in found]


def test_each_named_writer_writes() -> None:
    """A module that writes no more leaves the list."""
    idle = [
        key
        for key in WRITERS
        if not (path := house.SOURCE / f"{key}.py").exists()
        or not list(writes(ast.parse(path.read_text(encoding="utf-8"))))
    ]
    assert not idle


CLOCK = "foundation/clock"
# Time that is no moment in anybody's life: part of an id, or a measure of how long the machine took.
OTHER_TIMES = {
    "foundation/identity": {"time_ns"},
    "access/rotation": {"fromtimestamp"},  # when a file was made
    "money/adapters/cards": {"fromtimestamp"},  # when the provider says that something happened
    "access/queries": {"fromtimestamp"},  # what a session says of its own beginning
    "access/adapters/allauth": {"time"},  # compared with what the library itself noted
}
READS_OF_TIME = {
    *(("datetime", verb) for verb in ("now", "utcnow", "today", "fromtimestamp", "utcfromtimestamp")),
    *(("date", verb) for verb in ("today", "fromtimestamp")),
    *(("timezone", verb) for verb in ("now", "localdate", "localtime")),
    *(("time", verb) for verb in ("time", "time_ns", "localtime", "gmtime", "ctime", "strftime")),
}


@pytest.mark.parametrize("path", [path for path in SHELL if house.key_of(path) != CLOCK], ids=house.key_of)
def test_the_time_is_read_in_one_place(path: Path) -> None:
    """`foundation/clock.py` alone asks the machine, so that a test can give the time."""
    key = house.key_of(path)
    found = [
        (node.lineno, names[-2:])
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and len(names := chain(node)) > 1 and tuple(names[-2:]) in READS_OF_TIME
    ]
    allowed = OTHER_TIMES.get(key, set())
    assert not [f"{key}:{line} reads {'.'.join(names)}" for line, names in found if names[-1] not in allowed]


def test_the_law_sees_what_it_forbids() -> None:
    """Writes in each of their forms, and nothing that only looks like one."""
    seen = "Person.objects.create(a=1); rows.filter(a=1).update(b=2); person.save(); person.delete(); rows.update(a=1)"
    unseen = "digest.update(data); facts.update({}); store.delete('a'); form.create(); transaction.atomic()"
    assert [verb for _, verb in writes(ast.parse(seen))] == ["create", "update", "save", "delete", "update"]
    assert not list(writes(ast.parse(unseen)))
