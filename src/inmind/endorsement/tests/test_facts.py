"""Each thing that a shipped standard may ask has its words."""

from __future__ import annotations

from inmind.endorsement import renewal_file, standard_file
from inmind.endorsement.adapters import catalog
from inmind.endorsement.facts import (
    DOMAINS,
    EDITIONS,
    FACTS,
    LINES,
    NUMBERS,
    OF_WORK,
    RATERS,
    ROLES,
    SCOPES,
    WORK,
    called,
    question,
)
from inmind.endorsement.standards import Asked, Number, Ratings, Requirement, Years
from inmind.foundation import loading

LINES_OF_ALL: list[Requirement] = [
    line
    for sheet in loading.ours("endorsement", "catalog/standards")
    for one in standard_file.load(sheet)
    for line in one.requirements
] + [
    clause.line
    for sheet in loading.ours("endorsement", "catalog/renewals")
    for clause in renewal_file.load(sheet).clauses
]


def test_each_line_fact_number_work_and_rater_of_the_standards_has_words() -> None:
    assert {line.key for line in LINES_OF_ALL} <= LINES.keys()
    for needs in (one for line in LINES_OF_ALL for one in line.any_of):
        match needs:
            case Asked(fact):
                assert fact in FACTS
            case Number(of):
                assert of in NUMBERS
            case Years(of, _least, condition):
                assert of in WORK and (not condition or condition in OF_WORK)
            case Ratings(_total, of_role):
                assert of_role.keys() <= ROLES.keys()
    assert set(RATERS) == ROLES.keys()


def test_an_associations_own_line_is_called_by_its_key() -> None:
    assert (called("rsc"), called("own_words")) == ("Reflective supervision", "Own words")
    assert question("cda") and question("paid_work") and question("own_words") == ""


def test_each_domain_of_the_catalog_has_its_words() -> None:
    """A name that is not marked would stand in English on a page in Spanish."""
    assert {one.name for one in catalog.domains()} == DOMAINS


def test_each_scope_and_each_edition_that_has_words_is_marked_for_translation() -> None:
    """The scope of a category and the name of an edition stand on pages in both languages."""
    ours = catalog.standards()
    assert {one.scope for one in ours if one.scope} == SCOPES
    assert {one.edition for one in ours if not one.edition.isdigit()} == EDITIONS
