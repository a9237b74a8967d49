"""What a standard may ask of a person, in our own words: facts, numbers, kinds of work, who rates, and what each line is called.

Pure. No publisher's wording stands here; a test holds that each name of the shipped standards has its words.
"""

from __future__ import annotations

from collections.abc import Mapping

from inmind.foundation.values import N_

# Yes or no, as the person says it.
FACTS: Mapping[str, str] = {
    "member": N_("Are you a member of another infant mental health association?"),
    "ethics_signed": N_("Have you signed the code of ethics?"),
    "agreement_signed": N_("Have you signed the endorsement agreement?"),
    "cda": N_("Do you hold a Child Development Associate credential?"),
    "state_mental_health_licence": N_("Do you hold a mental health licence of your state?"),
    "licensed_or_eligible": N_("Are you licensed, or could you be?"),
    "exam_passed": N_("Have you passed the written exam?"),
    "added_demonstrations": N_("Have you shown what the standard of 2025 asks in place of the exam?"),
    "endorsed_fs": N_("Are you endorsed as a Family Specialist?"),
    "endorsed_mhs": N_("Are you endorsed as a Mental Health Specialist?"),
    "ethics_signed_again": N_("Do you stand by the code of ethics for this cycle too?"),
    "no_sanction_attested": N_("Has no licensing board sanctioned you in this cycle?"),
    "gives_rsc": N_("Do you give reflective supervision to others?"),
}
# Questions about one stretch of work.
OF_WORK: Mapping[str, str] = {
    "after_bachelors": N_("Was it after your bachelor’s degree?"),
    "supervised_with_training": N_("Was it supervised, and did it come with special training?"),
    "after_graduate_supervised_with_child_and_parent": N_(
        "Was it after your graduate degree, supervised, and with both child and parent?"
    ),
    "supervised_dyadic_psychotherapy": N_("Was it supervised psychotherapy with parent and child together?"),
    "meets_mhs_work": N_("Would it meet what a Mental Health Specialist’s work has to be?"),
    "after_graduate_leader": N_("Was it after your graduate degree, as a leader in your field?"),
}
NUMBERS: Mapping[str, str] = {"families_served": N_("How many families have you served?")}
WORK: Mapping[str, str] = {
    "paid_work": N_("Paid work with young children and their families"),
    "volunteer_work": N_("Volunteer work with young children and their families"),
    "giving_rsc": N_("Giving reflective supervision"),
    "leadership": N_("Leading in the field"),
    "field_of_designation": N_("Policy, administration, teaching or research in the field"),
}
DEGREES: Mapping[str, str] = {
    "none": N_("no degree"),
    "associate": N_("associate degree"),
    "bachelor": N_("bachelor’s degree"),
    "master": N_("master’s degree"),
    "doctorate": N_("doctorate"),
}
ROLES: Mapping[str, str] = {
    "current_supervisor": N_("my current supervisor"),
    "current_supervisor_or_teacher": N_("my current supervisor, teacher, mentor or instructor"),
    "rsc_provider": N_("who gives me reflective supervision"),
    "endorsed": N_("somebody who is endorsed"),
    "endorsed_or_vetted": N_("somebody endorsed, or whom the association has vetted"),
    "supervisee": N_("somebody to whom I give reflective supervision"),
    "colleague": N_("a colleague"),
    "received_services": N_("a parent whom I served"),
}
# Who can be chosen; what follows from another is not asked (`portfolios.IMPLIED`).
RATERS = (
    *("current_supervisor", "current_supervisor_or_teacher", "rsc_provider", "endorsed", "endorsed_or_vetted"),
    *("supervisee", "colleague", "received_services"),
)
# The competency domains as the catalog names them, so that a reader of another language has them too.
DOMAINS = frozenset(
    (
        *(N_("Theoretical foundations"), N_("Law, regulation and agency policy"), N_("Systems expertise")),
        *(
            N_("Direct service skills"),
            N_("Working with others"),
            N_("Communicating"),
            N_("Thinking"),
            N_("Reflection"),
        ),
    )
)
# The scopes of practice and the editions as the standards name them, where the name has words.
SCOPES = frozenset(
    (
        *(N_("promotion"), N_("prevention / early intervention"), N_("intervention / treatment")),
        *(N_("macro / leadership"), N_("giving RSC"), N_("prevention / early intervention plus giving RSC")),
    )
)
EDITIONS = frozenset(
    (N_("2017 to current"), N_("2022 changes"), N_("2022 to 2024"), N_("2017, training raised 2024-01-01"))
)
# What each line of a standard is called.
LINES: Mapping[str, str] = {
    "member": N_("Membership"),
    "ethics": N_("Code of ethics"),
    "agreement": N_("Endorsement agreement"),
    "eligibility": N_("A degree, a credential or work"),
    "degree": N_("Degree"),
    "education": N_("Degree or licence"),
    "licence": N_("Licensed, or eligible"),
    "base": N_("The endorsement it is added to"),
    "work": N_("Work"),
    "families": N_("Families served"),
    "leadership": N_("Leadership"),
    "rsc_given": N_("Reflective supervision given"),
    "training": N_("Training"),
    "equity": N_("Training on equity"),
    "giving_rsc": N_("Training on giving reflective supervision"),
    "rsc": N_("Reflective supervision"),
    "ratings": N_("References"),
    "exam": N_("Written exam"),
    "demonstrations": N_("What stands in place of the exam"),
    "concentration": N_("Most hours with one provider"),
    "no_sanction": N_("No sanction by a board"),
}


def called(key: str) -> str:
    """What a line is called; one of an association's own file by its own key, read as words."""
    return LINES.get(key, key.replace("_", " ").capitalize())


def question(fact: str) -> str:
    """The question behind a fact, or the name of what is counted; empty where we have no words for it."""
    return {**FACTS, **OF_WORK, **NUMBERS, **WORK}.get(fact, "")
