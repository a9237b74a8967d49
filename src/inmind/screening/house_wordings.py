"""The wordings that this house brought: kept, found for whoever sends a form, and withdrawn. Each question asks anew, so that a
license that ended or was withdrawn acts at the next request."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings

from inmind.access.act import Act, action
from inmind.foundation import clock, text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.registries import Finding, Grade
from inmind.foundation.values import N_, Verdict
from inmind.people.models import Organization
from inmind.records.queries import spoken
from inmind.screening import questionnaire_file, questionnaire_reader, wording
from inmind.screening.adapters import catalog as installed
from inmind.screening.errors import BadWording
from inmind.screening.instruments import Instrument
from inmind.screening.models import HouseWording
from inmind.screening.questionnaire_reader import NOTHING_TOLD, Told
from inmind.screening.wording import Right, Wording

HOLDER_LENGTH, LICENCE_LENGTH, NUMBER_LENGTH, NAME_LENGTH, WHY_LENGTH = 200, 300, 80, 120, 300


def found(
    instrument: Instrument, *, language: str, organization: Organization, on: date
) -> tuple[Wording | None, Verdict]:
    """The wording that an agency may send on a day, in a language; else None and the verdict, whose sentence says why and what
    to do. Asked of the database each time; nothing is kept between two requests."""
    kept = {row.pk: row for row in HouseWording.objects.filter(instrument=instrument.key).order_by("number")}
    right, verdict = wording.chosen(
        [right_of(row) for row in kept.values()],
        name=instrument.short_name,
        edition=instrument.edition,
        language=language,
        organization=organization.pk,
        on=on,
    )
    return (None if right is None else of(kept[right.id])), said(verdict)


def languages(instrument: Instrument, *, organization: Organization, on: date) -> list[str]:
    """The languages in which an agency may send an instrument on a day, as `found` would answer for each."""
    kept = HouseWording.objects.filter(instrument=instrument.key).values_list("language", flat=True).distinct()
    return sorted(
        code for code in kept if found(instrument, language=code, organization=organization, on=on)[0] is not None
    )


def of(row: HouseWording) -> Wording:
    """The words with their right, also of one that is not sent any more: a form that was answered in it is read in it."""
    return Wording(
        id=row.pk,
        instrument=row.instrument,
        edition=row.edition,
        language=row.language,
        holder=row.holder,
        licence=row.licence,
        starts=row.starts,
        ends=row.ends,
        source=row.file_name,
        **wording.words_of(row.words),
    )


def right_of(row: HouseWording) -> Right:
    is_withdrawn = row.withdrawn_at is not None
    return Right(row.pk, row.edition, row.language, row.organization_id, row.starts, row.ends, is_withdrawn)


def said(verdict: Verdict) -> Verdict:
    """With days and languages as the reader says them."""
    facts = dict(verdict.facts)
    if "day" in facts:
        facts["day"] = clock.day(date.fromisoformat(facts["day"]))
    facts["language"] = str(spoken(facts["language"]))
    if verdict.sentence == wording.OTHER_LANGUAGE:
        facts["found"] = ", ".join(str(spoken(code)) for code in facts["found"].split(", "))
    return replace(verdict, facts=facts)


class Standing:
    """How a wording stands, in words to translate."""

    USED = N_("may be sent")
    REPLACED = N_("a later one took its place")
    WITHDRAWN = N_("withdrawn: sent no more")
    WAITS = N_("its license has not begun")
    ENDED = N_("its license has ended: sent no more")
    RESTS = N_("not sent: InMind ships another edition now; compare both and bring it anew")


def standing(row: HouseWording, every: Iterable[HouseWording], today: date) -> str:
    """One of `Standing`. every: all wordings of the same instrument."""
    if row.withdrawn_at is not None:
        return Standing.WITHDRAWN
    if row.ends is not None and row.ends < today:
        return Standing.ENDED
    if row.starts > today:
        return Standing.WAITS
    now = installed.shipped().get(row.instrument)
    if now is None or now.edition != row.edition:
        return Standing.RESTS
    later = (
        one
        for one in every
        if one.number > row.number
        and one.withdrawn_at is None
        and (one.language.casefold(), one.organization_id) == (row.language.casefold(), row.organization_id)
        and one.edition == row.edition
        and one.starts <= today <= (one.ends or today)
    )
    return Standing.REPLACED if any(later) else Standing.USED


def may_be_sent() -> Iterator[Finding]:
    """For the doctor: wordings that nobody withdrew and that are sent no more, because their license ended or another edition
    ships now, and nothing took their place."""
    every = list(HouseWording.objects.filter(withdrawn_at=None).order_by("number"))
    today = clock.today(settings.INSTALLATION.zone)
    stands: dict[tuple[Any, ...], set[str]] = {}
    for row in every:
        where = (row.instrument, row.language, row.organization_id)
        stands.setdefault(where, set()).add(standing(row, every, today))
    for why, kind in (
        (Standing.ENDED, "their license has ended"),
        (Standing.RESTS, "InMind ships another edition now"),
    ):
        found = (where for where, how in stands.items() if why in how and Standing.USED not in how)
        if still := sorted({f"{key} ({language})" for key, language, _whose in found}):
            yield Finding(
                "wording",
                Grade.HAND,
                f"Some forms cannot be sent any more, because {kind}: {', '.join(still)}.",
                "Bring each anew on the page Wording, or by `inmind wording import`; or withdraw it, if it is not used.",
            )


def last_number(instrument: str) -> int:
    """The number of the latest wording of an instrument; 0 where there is none."""
    return (
        HouseWording.objects.filter(instrument=instrument).order_by("-number").values_list("number", flat=True).first()
        or 0
    )


@action("screening.bring_wording")
def bring(
    act: Act,
    *,
    instrument: str,
    language: str,
    file: str,
    name: str,
    holder: str,
    licence: str,
    starts: date,
    before: int,
    ends: date | None = None,
    licence_number: str = "",
    organization: Organization | None = None,
    told: Told = NOTHING_TOLD,
) -> HouseWording:
    """Keep the wording of an instrument in one language, for the whole house or for one agency; it can be sent from its first
    day on.

    file: the text of the FHIR Questionnaire, read here once more with what was told beside it. before: the number of the latest
    wording when somebody looked, 0 for none. Raises BadInput for what cannot be taken, NotNow where another came since.
    """
    known = named(instrument)
    reading = questionnaire_reader.read(questionnaire_file.read(file), known, replace(told, only=frozenset({language})))
    if reading.faults or language not in reading.words:
        raise BadWording(
            N_("The file has faults: %(count)s."),
            N_("Each question and each answer is known for sure before a family sees it."),
            N_("See what is said of each."),
            field="file",
            facts={"count": str(max(1, len(reading.faults)))},
        )
    check_right(holder, licence, starts, ends)
    if last_number(instrument) != before:
        raise NotNow(
            N_("Somebody brought a wording for the same instrument after you looked."),
            N_("The newer one would be sent."),
            N_("Look once more; if yours is to take its place, bring it again."),
        )
    digest = hashlib.sha256(file.encode()).hexdigest()
    there = {"instrument": instrument, "language": language, "organization": organization, "sha256": digest}
    if HouseWording.objects.filter(**there, starts=starts, ends=ends, withdrawn_at=None).exists():
        raise BadWording(
            N_("This very file is here already, in this language and with the same days."),
            "",
            N_("There is nothing to do. With a new license, say its own days."),
        )
    return HouseWording.objects.create(
        **there,
        edition=known.edition,
        number=before + 1,
        words=reading.words[language].as_data(),
        holder=text.checked_line(holder.strip(), HOLDER_LENGTH, field="holder"),
        licence=text.checked_line(licence.strip(), LICENCE_LENGTH, field="licence"),
        licence_number=text.checked_line(licence_number.strip(), NUMBER_LENGTH, field="licence_number"),
        starts=starts,
        ends=ends,
        file_name=file_name(name),
        by_id=act.actor.person,
    )


def named(instrument: str) -> Instrument:
    """What ships under this key, which a wording is read against. Raises UnknownInstrument."""
    return installed.shipped().named(instrument)


def file_name(name: str) -> str:
    """A file's own name as it can be kept."""
    plain = "".join(letter for letter in name.replace("\\", "/").rpartition("/")[2] if letter.isprintable())
    return text.marked(plain)[-NAME_LENGTH:].strip() or "questionnaire.json"


def check_right(holder: str, licence: str, starts: date, ends: date | None) -> None:
    """Raises BadInput where nobody could tell by what right the words are used."""
    for said_of, field, missing in (
        (holder, "holder", N_("Who holds the right to the wording is missing.")),
        (licence, "licence", N_("The license is missing.")),
    ):
        if not text.tokens(said_of):
            raise BadInput(
                missing, N_("Each wording names whose it is, and by which license this house uses it."), field=field
            )
    if ends is not None and ends < starts:
        raise BadInput(
            N_("The license would end before it begins."),
            N_("Its last day is its first one or a later one."),
            N_("Look at both days in the license."),
            field="ends",
        )


@action("screening.withdraw_wording", on="wording")
def withdraw(act: Act, *, wording: HouseWording, why: str) -> HouseWording:
    """From now on send a wording no more, and take no answer in it. It stays, and so does what was answered in it."""
    if wording.withdrawn_at is not None:
        raise NotNow(
            N_("This wording is withdrawn already."),
            N_("What was answered in it stays."),
            N_("Bring another one if there is a license."),
        )
    if not text.tokens(why):
        raise BadInput(
            N_("The reason is missing."), N_("One sentence says why a wording is sent no more."), field="why"
        )
    wording.withdrawn_at, wording.withdrawn_by_id = act.now, act.actor.person
    wording.withdrawn_why = text.checked_line(why.strip(), WHY_LENGTH, field="why")
    wording.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    return wording
