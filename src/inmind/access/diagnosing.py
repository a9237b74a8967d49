"""Who opens a formulation by DC:0-5 and keeps what its codes are looked up in: grants, and how each verb is refused. Pure.

Only a clinician of the care team opens one. Axis II names adults and has verbs of its own. A home visitor of the team sees
that a child is being assessed, with its visits, and the summary that the family has.
"""

from __future__ import annotations

from inmind.access.role import TREATING, Grant
from inmind.foundation.values import N_, Regime

_SERVING = "serving the family"


def _team(*verbs: str) -> tuple[Grant, ...]:
    return tuple(Grant(verb, "care_team", _SERVING, TREATING, Regime.HIPAA) for verb in verbs)


# A home visitor of the team, and so a clinician, too.
ASSESSING: tuple[Grant, ...] = _team("diagnosis.see_assessment", "diagnosis.count_visit", "diagnosis.print_summary")
# A clinician of the team.
FORMULATING: tuple[Grant, ...] = (
    *_team("diagnosis.open_assessment", "diagnosis.change_assessment", "diagnosis.close_assessment"),
    *_team("diagnosis.see_draft", "diagnosis.keep_draft"),
    *_team(
        "diagnosis.see_relationships", "diagnosis.rate_relationships", "diagnosis.sign", "diagnosis.see_formulation"
    ),
    *_team("diagnosis.take_rating", "diagnosis.ask_cosigner"),
    *_team("diagnosis.print_record", "diagnosis.write_summary"),
    Grant("diagnosis.cosign", "asked", "answering for a colleague", TREATING, Regime.HIPAA),
    Grant("diagnosis.decline_cosign", "asked", "answering for a colleague", TREATING, Regime.HIPAA),
    Grant("diagnosis.see_formulation", "asked", "answering for a colleague", TREATING, Regime.HIPAA),
    Grant("diagnosis.see_relationships", "asked", "answering for a colleague", TREATING, Regime.HIPAA),
)
# The code that a claim may carry: for a clinician of the team.
CODING: tuple[Grant, ...] = (
    *_team("diagnosis.see_claim", "diagnosis.choose_code"),
    Grant("diagnosis.see_crosswalk", "anywhere", "looking up codes"),
)
# What an agency says of its payers.
KEEPING_PAYERS: tuple[Grant, ...] = (
    Grant("diagnosis.see_payers", "own_organization", "running the agency"),
    Grant("diagnosis.keep_payer", "own_organization", "running the agency"),
    Grant("diagnosis.see_crosswalk", "anywhere", "running the agency"),
)
# What an agency asks where a formulation is signed.
KEEPING_SIGNING: tuple[Grant, ...] = (Grant("diagnosis.keep_signing", "own_organization", "running the agency"),)
# Tables of states and payers, and releases of codes: the data steward's, and the operator's from the command line.
KEEPING_CODES_VERBS = (
    *("diagnosis.load_table", "diagnosis.withdraw_table", "diagnosis.keep_answer"),
    *("diagnosis.load_release", "diagnosis.withdraw_release"),
)
KEEPING_CODES: tuple[Grant, ...] = tuple(
    Grant(verb, "anywhere", "keeping rules straight") for verb in ("diagnosis.see_crosswalk", *KEEPING_CODES_VERBS)
)

DIAGNOSIS_REFUSED: dict[str, str] = {
    **dict.fromkeys(
        ("diagnosis.see_assessment", "diagnosis.count_visit", "diagnosis.print_summary"),
        N_("An assessment is seen by the care team of this family."),
    ),
    **dict.fromkeys(
        (
            *("diagnosis.open_assessment", "diagnosis.change_assessment", "diagnosis.close_assessment"),
            *("diagnosis.see_draft", "diagnosis.keep_draft"),
            *("diagnosis.sign", "diagnosis.see_formulation", "diagnosis.print_record"),
            "diagnosis.write_summary",
        ),
        N_("A formulation is for the clinicians of this family's care team."),
    ),
    **dict.fromkeys(
        ("diagnosis.see_relationships", "diagnosis.rate_relationships", "diagnosis.take_rating"),
        N_("How relationships are rated is for the clinicians of this family's care team."),
    ),
    **dict.fromkeys(
        ("diagnosis.cosign", "diagnosis.decline_cosign"), N_("Only the clinician who was asked to sign too does so.")
    ),
    "diagnosis.ask_cosigner": N_("A clinician of this family's care team asks who signs too."),
    **dict.fromkeys(
        ("diagnosis.see_claim", "diagnosis.choose_code"),
        N_("The codes of a formulation are for the clinicians of this family's care team."),
    ),
    "diagnosis.keep_signing": N_("Who signs a formulation too is said by the agency’s supervisor."),
    "diagnosis.see_crosswalk": N_("Codes are looked up here by those who treat, and by those who keep the rules."),
    **dict.fromkeys(
        ("diagnosis.see_payers", "diagnosis.keep_payer"), N_("What payers allow is kept by the agency's supervisor.")
    ),
    **dict.fromkeys(
        KEEPING_CODES_VERBS, N_("Tables and releases of codes are loaded by the data steward of this house.")
    ),
}
# What a trail calls it, for the family and for staff: what was opened, and not what stood there.
_ASSESSED = N_("the assessment of the child (DC:0-5)")
_DRAFT = N_("the draft of a formulation of the child (DC:0-5)")
_FORMULATION = N_("a formulation of the child (DC:0-5)")
_RATED = N_("how the relationship of an adult with the child was rated (DC:0-5, Axis II)")
_CODES = N_("the codes of a formulation for a claim")
DIAGNOSIS_CALLED: dict[str, str] = {
    **dict.fromkeys(
        (
            *("diagnosis.see_assessment", "diagnosis.open_assessment", "diagnosis.change_assessment"),
            *("diagnosis.close_assessment", "diagnosis.count_visit"),
        ),
        _ASSESSED,
    ),
    **dict.fromkeys(("diagnosis.see_draft", "diagnosis.keep_draft"), _DRAFT),
    "diagnosis.see_formulation": _FORMULATION,
    "diagnosis.sign": N_("signed a formulation of the child (DC:0-5)"),
    "diagnosis.cosign": N_("signed a colleague’s formulation of the child, too (DC:0-5)"),
    "diagnosis.print_record": N_("the report of a formulation, for the record"),
    **dict.fromkeys(
        ("diagnosis.print_summary", "diagnosis.write_summary"), N_("the words about a formulation for the family")
    ),
    **dict.fromkeys(("diagnosis.see_relationships", "diagnosis.rate_relationships", "diagnosis.take_rating"), _RATED),
    "diagnosis.decline_cosign": N_("did not sign a colleague’s formulation of the child, and said why (DC:0-5)"),
    "diagnosis.ask_cosigner": N_("asked a colleague to sign a formulation of the child, too (DC:0-5)"),
    **dict.fromkeys(("diagnosis.see_claim", "diagnosis.choose_code"), _CODES),
    "diagnosis.keep_signing": N_("said who signs a formulation too"),
    "diagnosis.see_crosswalk": N_("looked up a code"),
    "diagnosis.see_payers": N_("read what payers allow"),
    "diagnosis.keep_payer": N_("wrote down what a payer allows"),
    "diagnosis.load_table": N_("loaded a table of codes"),
    "diagnosis.withdraw_table": N_("withdrew a table of codes"),
    "diagnosis.keep_answer": N_("wrote down what a payer says of working diagnoses"),
    "diagnosis.load_release": N_("loaded a release of codes"),
    "diagnosis.withdraw_release": N_("withdrew a release of codes"),
}
# Of these a list of who looked says which adults they concern, to a reader who has the other verb for the family: nobody else
# learns from it who is rated.
NAMES_WHOM: dict[str, str] = dict.fromkeys(
    ("diagnosis.see_relationships", "diagnosis.rate_relationships", "diagnosis.take_rating"),
    "diagnosis.see_relationships",
)
