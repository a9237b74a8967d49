"""The roles, as sentences a director can read, each with what it may do. Pure.

A grant is one row: role, verb, path from the actor to the thing, purpose, field classes, legal regime. Nothing else in
the house gives anybody anything; `docs/reference/access.md` prints this file.
"""

from __future__ import annotations

from inmind.access.diagnosing import ASSESSING, CODING, FORMULATING, KEEPING_CODES, KEEPING_PAYERS, KEEPING_SIGNING
from inmind.access.profession import (
    AT_THE_DOOR,
    BY_COMMAND,
    BY_JOBS,
    BY_OFFICE_LINK,
    EMPLOYING,
    MANAGING_REFLECTION,
    OWN_PROFESSION,
    AssociationCoordinator,
    Practitioner,
)
from inmind.access.role import (
    OWN_DESK,
    SERVING,
    TREATING,
    VISITING,
    Grant,
    Role,
)
from inmind.foundation.values import N_, FieldClass, Regime

_OWN_TASKS = (
    Grant("tasks.see", "task_owner", "answering a person", TREATING, Regime.HIPAA),
    Grant("tasks.close", "task_owner", "answering a person", TREATING, Regime.HIPAA),
    Grant("tasks.note_attempt", "task_owner", "answering a person", TREATING, Regime.HIPAA),
)


def _care_team(*verbs: str, classes: frozenset[FieldClass] = TREATING) -> tuple[Grant, ...]:
    return tuple(Grant(verb, "care_team", "serving the family", classes, Regime.HIPAA) for verb in verbs)


def _early_of_team(purpose: str) -> tuple[Grant, ...]:
    """For the care team, with the words; and what child welfare told it about a child."""
    of_case = (Grant(verb, "care_team", purpose, TREATING, Regime.PART_C) for verb in _EARLY)
    return (*of_case, Grant("services.early_by_law", "care_team", purpose, TREATING, Regime.CHILD_WELFARE))


_SCREENING = (
    *("screening.begin", "screening.answer", "screening.heed", "screening.finish", "screening.correct"),
    *("screening.record_result", "screening.correct_result", "screening.take_back"),
    *("screening.check_in", "screening.see"),
)


# The questions of a visit, sent to an adult's own phone.
_SENDING = ("screening.send", "screening.send_again", "screening.hand_over_link", "screening.take_back_sending")


# What is told and written down about the adults of a family: how they care, live, speak, are reached and may consent.
_ADULTS = (
    *("families.see_adult", "families.add_adult", "families.change_care", "families.note_birth", "families.house"),
    *("families.note_gestation", "families.move_out", "families.correct_person"),
    *("families.describe_speech", "families.describe_self", "families.keep_way", "families.end_way"),
    "families.note_consent",
    *("families.end_consent", "families.end_episode"),
)


# What may be told outside, and what was: for the care team that hears it, and nobody else of the agency.
_TOLD = (
    *("families.see_told", "families.agree", "families.withdraw", "families.tell"),
    *("families.propose", "families.take_back_proposal"),
    *("families.attach_scan", "families.see_scan", "families.remove_scan"),
    *("families.release", "families.take_release", "families.remove_release"),
    "families.note_subpoena",
)


# A subpoena is answered by whoever has the task of it: a privacy officer; a supervisor, where there is none.
_SUBPOENAS = tuple(
    Grant(f"families.{verb}", "asked", "answering a court", TREATING, Regime.HIPAA)
    for verb in ("see_subpoena", "hold_for_subpoena", "answer_subpoena", "take_answer", "close_subpoena")
)


# A referral from its draft until it is closed: for who serves the family.
_REFERRING = (
    *("services.match", "services.keep_answer", "services.keep_place", "services.enter_program"),
    *("services.leave_program", "services.draft", "services.change_draft", "services.send", "services.see_referral"),
)
_FOLLOWING = ("services.note_step", "services.note_try", "services.say_code")
# A child's case of early intervention, under the law's own rules for its records; what a law or a tribe asks for besides.
_EARLY = (
    *("services.early_see", "services.early_begin", "services.early_note", "services.early_close"),
    *("services.early_pause", "services.early_change_pause", "services.early_delay", "services.early_change_delay"),
    *("services.early_step", "services.early_notice", "services.early_notice_sent"),
)
# The care plan and the services that run: for the care team, and nobody else of the agency.
_PLANNING = (
    *("services.see_plan", "services.add_to_plan", "services.change_plan", "services.let_go", "services.say_how_seen"),
    *("services.take_back_seen", "services.set_next_look", "services.give_handout", "services.take_off_handout"),
    *("services.see_service", "services.begin_service", "services.end_service", "services.plan_sessions"),
    *("services.note_session", "services.note_call"),
)
# What programs are answered by: their own people who coordinate or treat, for referrals that were sent to them.
_ANSWERING = (
    Grant("services.answer", "addressed", "answering for a program", TREATING | VISITING, Regime.HIPAA),
    # A face before the first call: one's own, kept with the account.
    *(Grant(verb, "addressed", "answering for a program") for verb in ("services.show_face", "services.hide_face")),
    *(Grant(verb, "own_account", "answering for a program") for verb in ("services.lay_face", "services.remove_face")),
)
# What is offered nearby, kept for all who serve families.
# What a program says of its own listing, whoever keeps it.
_OWN_LISTING = ("services.correct_shown", "services.confirm_listing", "services.say_opening")
_KEEPING_LISTINGS = (
    *("services.add_listing", "services.take_in_listings", "services.correct_listing", "services.close_listing"),
    "services.ask_listing",
    *_OWN_LISTING,
)


# What a family asked by itself on the public finder: to be called.
_ASKED = ("services.see_asked", "services.answer_asked")


# The link to an adult's own page: for the care team, which reads there no more than it reads already.
_OWN_PAGES = ("families.send_own_page", "families.hand_own_page", "families.end_own_page")


# What happened to the letters with links to a family's adults.
_LETTERS = ("messages.see_letters", "messages.send_again", "messages.take_back")


# A visit without a signal: to take families along, under one's own account, and to send what was written down there.
_AWAY = (
    Grant("away.prepare", "care_team", "serving the family", TREATING, Regime.HIPAA),
    Grant("away.prepare", "own_account", "serving the family"),
    Grant("away.add_device", "own_account", "serving the family"),
    Grant("away.send", "own_account", "serving the family", TREATING, Regime.HIPAA),
    Grant("away.keep_paper", "own_account", "serving the family", TREATING, Regime.HIPAA),
    Grant("away.cut_off", "own_account", "own account"),
    Grant("away.sort_paper", "care_team", "serving the family", TREATING, Regime.HIPAA),
    Grant("away.sort_paper", "own_paper", "serving the family", TREATING, Regime.HIPAA),
)


# What emergency access opens: to read, and to end it. Asked for on a family of the agency, with a reason.
_EMERGENCY = (
    Grant("access.ask_emergency", "agency_episode", "emergency access", SERVING, Regime.HIPAA),
    Grant("access.end_emergency", "own_emergency", "emergency access"),
    Grant("families.see", "emergency", "emergency access", SERVING, Regime.HIPAA),
    Grant("families.see_in_emergency", "emergency", "emergency access", VISITING | TREATING, Regime.HIPAA),
    Grant("screening.see", "emergency", "emergency access", TREATING, Regime.HIPAA),
)


class HomeVisitor(Role):
    """Serves families at home."""

    key = "home_visitor"
    name = N_("Home visitor")
    sentence = N_("Registers families for the agency, and sees and screens the families whose care team they are on.")
    grants = (
        *OWN_DESK,
        *OWN_PROFESSION,
        *_OWN_TASKS,
        Grant("families.register", "own_organization", "serving the family", SERVING, Regime.HIPAA),
        Grant("families.find", "care_team", "serving the family", SERVING, Regime.HIPAA),
        *_care_team(*_SCREENING, *_SENDING),
        *_care_team("screening.ask_call_back"),
        *_care_team("families.hear", "families.change_map", classes=TREATING),
        *_care_team("screening.see_due", "screening.note_done", classes=SERVING),
        *_AWAY,
        *_care_team("families.see", "families.visit", "access.see_lookers", classes=SERVING),
        *_care_team("families.change_visit"),
        *_care_team("families.see_joined", classes=SERVING),
        *_care_team(*_ADULTS, classes=VISITING),
        *_care_team(*_TOLD, *_OWN_PAGES),
        *_care_team(*_LETTERS, classes=SERVING),
        *_care_team(*_REFERRING, *_FOLLOWING, classes=TREATING | VISITING),
        *_early_of_team("serving the family"),
        *_care_team(*_PLANNING),
        *ASSESSING,
        Grant("services.see_listings", "anywhere", "finding help"),
        *_care_team("services.see_funnel", "services.see_worklist", classes=SERVING),
        *_care_team("records.see_held", classes=TREATING | VISITING),
    )


class Clinician(Role):
    """Treats, and answers when an answer needs a person."""

    key = "clinician"
    name = N_("Clinician")
    sentence = N_(
        "Treats the families whose care team they are on, and answers the tasks that come to them when on call; "
        "another family of the agency opens to them in an emergency, for some hours, with a reason."
    )
    grants = (
        *HomeVisitor.grants,
        Grant("screening.see", "asked", "answering a person", TREATING, Regime.HIPAA),
        *FORMULATING,
        *CODING,
        *_ANSWERING,
        *_EMERGENCY,
    )


class FamilyServiceCoordinator(Role):
    """Matches families to what they can get."""

    key = "family_service_coordinator"
    name = N_("Family service coordinator")
    sentence = N_(
        "Finds and registers families of the agency and arranges who serves them; reads no screen unless on the care team."
    )
    grants = (
        *OWN_DESK,
        *OWN_PROFESSION,
        *_OWN_TASKS,
        Grant("families.register", "own_organization", "coordinating services", SERVING, Regime.HIPAA),
        Grant("families.find", "agency_episode", "coordinating services", SERVING, Regime.HIPAA),
        Grant("families.see", "agency_episode", "coordinating services", SERVING, Regime.HIPAA),
        *_AWAY,
        Grant("families.visit", "care_team", "coordinating services", SERVING, Regime.HIPAA),
        Grant("families.change_visit", "care_team", "coordinating services", TREATING, Regime.HIPAA),
        *(Grant(verb, "agency_episode", "coordinating services", VISITING, Regime.HIPAA) for verb in _ADULTS),
        Grant("families.join_team", "agency_episode", "coordinating services", SERVING, Regime.HIPAA),
        *_care_team(*_SCREENING, *_SENDING),
        *_care_team("screening.ask_call_back"),
        Grant("screening.see_due", "agency_episode", "coordinating services", SERVING, Regime.HIPAA),
        Grant("families.hear", "agency_episode", "coordinating services", SERVING, Regime.HIPAA),
        *_care_team("families.change_map", *_TOLD, *_OWN_PAGES),
        *_care_team("screening.note_done", "families.see_joined", *_LETTERS, classes=SERVING),
        *_care_team(*_REFERRING, classes=TREATING | VISITING),
        *_care_team(*_PLANNING),
        *(
            Grant(verb, "agency_episode", "coordinating services", VISITING, Regime.HIPAA)
            for verb in ("services.match", "services.see_referral", *_FOLLOWING)
        ),
        Grant("services.see_funnel", "agency_kept", "coordinating services", SERVING, Regime.HIPAA),
        *_early_of_team("coordinating services"),
        *(Grant(verb, "agency_episode", "coordinating services", SERVING, Regime.PART_C) for verb in _EARLY),
        Grant("services.see_worklist", "agency_episode", "coordinating services", SERVING, Regime.HIPAA),
        *_ANSWERING,
        Grant("services.see_listings", "anywhere", "finding help"),
        *(Grant(verb, "own_organization", "coordinating services") for verb in _KEEPING_LISTINGS),
        *(Grant(verb, "offered_here", "coordinating services") for verb in _OWN_LISTING),
        *(Grant(verb, "own_organization", "answering a person", SERVING, Regime.HIPAA) for verb in _ASKED),
        Grant("families.open_side", "agency_episode", "coordinating services", SERVING, Regime.HIPAA),
        Grant("families.reopen", "agency_ended", "coordinating services", SERVING, Regime.HIPAA),
        Grant("families.hand_over", "own_organization", "coordinating services", SERVING, Regime.HIPAA),
        Grant("access.see_lookers", "agency_episode", "coordinating services", SERVING, Regime.HIPAA),
        Grant("families.note_subpoena", "agency_episode", "coordinating services", SERVING, Regime.HIPAA),
    )


class AgencySupervisor(Role):
    """Answers for the work of an agency (administrative supervision, not reflective)."""

    key = "agency_supervisor"
    name = N_("Agency supervisor")
    sentence = N_(
        "Invites the workers of the agency, names who is on call, and sees which families it serves; reads no screen, "
        "but in an emergency, for some hours, with a reason. Answers what needs a person now where nobody else can. "
        "Confirms that somebody is erased."
    )
    gives_roles = True
    grants = (
        *OWN_DESK,
        *OWN_PROFESSION,
        *EMPLOYING,
        *MANAGING_REFLECTION,
        *_OWN_TASKS,
        Grant("access.invite", "own_organization", "running the agency"),
        Grant("access.give_role", "own_organization", "running the agency"),
        Grant("access.end_role", "own_workers", "running the agency"),
        Grant("access.forget_factor", "works_here_alone", "running the agency"),
        Grant("access.keep_work_phone", "works_here_alone", "running the agency"),
        Grant("access.see_people", "own_organization", "running the agency"),
        Grant("families.name_on_call", "own_organization", "running the agency"),
        Grant("families.find", "agency_episode", "running the agency", SERVING, Regime.HIPAA),
        Grant("families.see", "agency_episode", "running the agency", SERVING, Regime.HIPAA),
        Grant("families.join_team", "agency_episode", "running the agency", SERVING, Regime.HIPAA),
        Grant("screening.see_due", "agency_episode", "running the agency", SERVING, Regime.HIPAA),
        Grant("families.end_episode", "agency_episode", "running the agency", SERVING, Regime.HIPAA),
        Grant("families.reopen", "agency_ended", "running the agency", SERVING, Regime.HIPAA),
        Grant("families.hand_over", "own_organization", "running the agency", SERVING, Regime.HIPAA),
        Grant("tasks.see", "own_organization", "running the agency"),
        Grant("tasks.hand_over", "own_organization", "running the agency"),
        Grant("tasks.take_over", "own_organization", "answering a person"),
        Grant("access.see_lookers", "agency_episode", "running the agency", SERVING, Regime.HIPAA),
        Grant("records.see_sheets", "own_organization", "running the agency"),
        Grant("away.see_devices", "own_organization", "running the agency"),
        Grant("away.cut_off", "worked_here", "running the agency"),
        Grant("access.confirm_erasure", "own_organization", "protecting privacy", SERVING, Regime.HIPAA),
        Grant("services.see_funnel", "agency_kept", "running the agency", SERVING, Regime.HIPAA),
        Grant("services.see_worklist", "agency_episode", "running the agency", SERVING, Regime.HIPAA),
        Grant("services.see_listings", "anywhere", "running the agency"),
        *(Grant(verb, "own_organization", "running the agency") for verb in _KEEPING_LISTINGS),
        *(Grant(verb, "offered_here", "running the agency") for verb in _OWN_LISTING),
        Grant("families.note_subpoena", "agency_episode", "running the agency", SERVING, Regime.HIPAA),
        *_SUBPOENAS,
        *(Grant(verb, "own_organization", "answering a person", SERVING, Regime.HIPAA) for verb in _ASKED),
        *KEEPING_PAYERS,
        *KEEPING_SIGNING,
        *_EMERGENCY,
    )


class PrivacyOfficer(Role):
    """Watches over who looked."""

    key = "privacy_officer"
    name = N_("Privacy officer")
    sentence = N_(
        "Sees who looked at which record of the agency, what was told outside, and whether the trail is whole; sets legal "
        "holds, answers subpoenas, and lets people be erased with a second person; reads no screen."
    )
    grants = (
        *OWN_DESK,
        *_OWN_TASKS,
        Grant("families.find", "agency_episode", "protecting privacy", SERVING, Regime.HIPAA),
        Grant("families.see_joined", "agency_kept", "protecting privacy", SERVING, Regime.HIPAA),
        Grant("access.see_lookers", "agency_episode", "protecting privacy", SERVING, Regime.HIPAA),
        Grant("records.see_held", "agency_episode", "protecting privacy", SERVING, Regime.HIPAA),
        Grant("access.verify_audit", "anywhere", "protecting privacy"),
        Grant("records.see_sheets", "own_organization", "protecting privacy"),
        Grant("away.see_devices", "own_organization", "protecting privacy"),
        Grant("away.cut_off", "worked_here", "protecting privacy"),
        *(
            Grant(verb, "agency_kept", "protecting privacy", SERVING, Regime.HIPAA)
            for verb in ("access.see_kept", "access.set_hold", "access.ask_erasure", "families.withdraw_kept")
        ),
        Grant("families.note_subpoena", "agency_kept", "protecting privacy", SERVING, Regime.HIPAA),
        *_SUBPOENAS,
        Grant("families.see_subpoena", "agency_kept", "protecting privacy", SERVING, Regime.HIPAA),
        Grant("families.take_up_subpoena", "agency_kept", "protecting privacy", SERVING, Regime.HIPAA),
        *(
            Grant(verb, "own_organization", "protecting privacy", SERVING, Regime.HIPAA)
            for verb in (
                *(
                    "access.see_disclosures",
                    "access.see_privacy",
                    "access.lift_hold",
                    "access.confirm_erasure",
                    "access.withdraw_erasure",
                ),
                "access.end_emergency",
            )
        ),
    )


# Tables of cut-offs that the house loads over its instruments.
_TABLES = ("screening.see_tables", "screening.load_table", "screening.withdraw_table")
# Publishers' wording that the house brings, with its license.
_WORDINGS = ("screening.see_wordings", "screening.bring_wording", "screening.withdraw_wording")


class DataSteward(Role):
    """Works duplicates and imports, blind where they can be."""

    key = "data_steward"
    name = N_("Data steward")
    sentence = N_(
        "Keeps records straight: organizations, records that may be one person, and imports; loads the official tables of "
        "cut-offs and brings the publishers' wording that this house may use. Works blind where it can be, and sees no "
        "family's page."
    )
    sees_families = False
    grants = (
        *OWN_DESK,
        *(
            Grant(verb, "anywhere", "keeping records straight")
            for verb in (
                "records.see_organizations",
                "records.correct_organization",
                "records.see_duplicates",
                "records.merge",
                "records.part",
                "records.ask_first",
                "records.keep_apart",
                "records.see_imports",
                "records.begin_import",
                "records.map_columns",
                "records.carry_on_import",
                "records.stop_import",
                "records.discard_import",
                "records.decide_row",
            )
        ),
        *(Grant(verb, "anywhere", "keeping rules straight") for verb in (*_TABLES, *_WORDINGS)),
        *KEEPING_CODES,
        Grant("services.see_listings", "anywhere", "keeping records straight"),
        *(Grant(verb, "anywhere", "keeping records straight") for verb in _KEEPING_LISTINGS),
    )


class Administrator(Role):
    """Keeps the installation running."""

    key = "administrator"
    name = N_("Administrator")
    sentence = N_("Adds agencies and invites their first people, and sees that the house is well; sees no family.")
    sees_families = False
    sees_names = False
    gives_roles = True
    grants = (
        *OWN_DESK,
        Grant("records.see_organizations", "anywhere", "running the installation"),
        Grant("records.add_organization", "anywhere", "running the installation"),
        Grant("records.correct_organization", "anywhere", "running the installation"),
        Grant("access.invite", "anywhere", "running the installation"),
        Grant("access.give_role", "anywhere", "running the installation"),
        Grant("access.end_role", "anywhere", "running the installation"),
        Grant("access.forget_factor", "anywhere", "running the installation"),
        Grant("access.see_people", "anywhere", "running the installation"),
        Grant("access.see_health", "anywhere", "running the installation"),
        Grant("screening.see_tables", "anywhere", "running the installation"),
        Grant("screening.see_wordings", "anywhere", "running the installation"),
        Grant("access.set_sign_on", "anywhere", "running the installation"),
        Grant("access.end_sign_on", "anywhere", "running the installation"),
    )


class Operator(Role):
    """Somebody with a shell on the machine: founds, demonstrates, restores. Holds no account."""

    key = "operator"
    name = N_("Operator")
    sentence = N_(
        "Begins the installation from its command line, names its first administrator, and lets its keys rotate."
    )
    sees_families = False
    sees_names = False
    grants = (
        Grant("access.found", "anywhere", "beginning the installation"),
        Grant("access.demo_link", "anywhere", "demonstrating"),
        Grant("access.administrator_link", "anywhere", "signing in again"),
        Grant("access.erase_again", "anywhere", "restoring a backup"),
        Grant("access.rotate_keys", "anywhere", "keeping keys fresh"),
        Grant("demo.batch", "anywhere", "demonstrating"),
        Grant("records.begin_import", "anywhere", "moving in"),
        Grant("records.map_columns", "anywhere", "moving in"),
        Grant("records.carry_on_import", "anywhere", "moving in"),
        Grant("records.take_over", "anywhere", "moving in"),
        Grant("records.export", "anywhere", "moving out"),
        Grant("services.take_in_listings", "anywhere", "moving in"),
        *(Grant(verb, "anywhere", "keeping rules straight") for verb in (*_TABLES, *_WORDINGS)),
        *KEEPING_CODES,
        *BY_COMMAND,
    )


class Visitor(Role):
    """Somebody at the door who has not signed in. Nobody is given this role."""

    key = "visitor"
    name = N_("Someone at the door")
    sentence = N_("Asks for a link by which to sign in, or to be called about something that is offered nearby.")
    sees_families = False
    sees_names = False
    grants = (
        Grant("access.ask_link", "anywhere", "signing in"),
        Grant("services.ask_to_be_called", "anywhere", "finding help"),
        *AT_THE_DOOR,
    )


class CaregiverByLink(Role):
    """An adult of a family who was sent a link. Nobody is given this role."""

    key = "caregiver_by_link"
    name = N_("A caregiver, by a link")
    sentence = N_("Opens what one link was sent for: the questions of one visit, or her own page.")
    sees_names = False
    grants = (
        *(
            Grant(verb, "by_link", "answering by a link", SERVING, Regime.HIPAA)
            for verb in (
                "access.open_link",
                *("screening.answer_by_link", "screening.finish_by_link", "screening.heed_by_link"),
                *("screening.ask_call_back_by_link", "screening.ask_own_page_by_link"),
            )
        ),
        *(
            Grant(verb, "by_link", "answering by a link", TREATING, Regime.HIPAA)
            for verb in ("screening.check_in_by_link", "screening.call_me_back")
        ),
        Grant("families.own_page", "own_episode", "reading one's own page", SERVING, Regime.HIPAA),
        *(
            Grant(verb, "by_link", "saying what is one's own", SERVING, Regime.HIPAA)
            for verb in (
                *("families.choose_my_language", "families.say_my_way", "families.my_way_is_not_safe"),
                *("families.change_my_map", "services.say_by_link"),
            )
        ),
        *(
            Grant(verb, "by_link", "one's own care plan", TREATING, Regime.HIPAA)
            for verb in (
                *("services.see_my_plan", "services.add_my_goal", "services.say_how_i_see"),
                *("services.take_back_mine", "services.share_mine"),
            )
        ),
        *(
            Grant(verb, "by_link", "agreeing, or not", TREATING, Regime.HIPAA)
            for verb in (
                *("families.see_agreements", "families.agree_by_link"),
                *("families.decline_by_link", "families.withdraw_by_link"),
            )
        ),
    )


class ProgramByLink(Role):
    """An office outside that was sent a link. Nobody is given this role."""

    key = "program_by_link"
    name = N_("A program, by a link")
    sentence = N_("Opens what one link was sent to its office for: one referral, or its own listing.")
    sees_names = False
    grants = (
        *(
            Grant(verb, "by_office_link", "answering by a link")
            for verb in (
                "access.open_link",
                *("services.see_listing_by_link", "services.confirm_by_link", "services.correct_by_link"),
                *("services.say_opening_by_link", "services.close_by_link"),
                *("services.show_face", "services.hide_face"),
            )
        ),
        Grant("services.answer", "by_office_link", "answering for a program", TREATING | VISITING, Regime.HIPAA),
        *BY_OFFICE_LINK,
    )


class Machine(Role):
    """The jobs: each does the one thing it was left to do."""

    key = "machine"
    name = N_("InMind itself")
    sentence = N_("Delivers letters, lets unanswered tasks climb, seals the trail, and seals keys anew.")
    sees_families = False
    sees_names = False
    grants = tuple(
        Grant(verb, "anywhere", "doing later what was asked")
        for verb in (
            "jobs.run",
            "jobs.climb",
            "jobs.delivered",
            "jobs.postponed",
            "jobs.undelivered",
            "jobs.held_up",
            "jobs.link_over",
            "jobs.tidy",
            "jobs.trail_head",
            "jobs.link_asked",
            "jobs.mailbox_asked",
            "jobs.stop_passkey",
            "jobs.import_rows",
            "jobs.discard_sheets",
            "jobs.list_names",
            "jobs.release_part",
            "jobs.release_failed",
            "jobs.end_releases",
            "jobs.rewrap",
            "jobs.retire_key",
            "jobs.close_sending",
            "jobs.early_look",
            "jobs.assess_again",
            "jobs.look_after",
            "jobs.look_at_windows",
            "jobs.look_at_window",
            "jobs.ask_listings",
            "jobs.asked_calls",
            *BY_JOBS,
        )
    )


ROLES: dict[str, type[Role]] = {
    role.key: role
    for role in (
        FamilyServiceCoordinator,
        HomeVisitor,
        Clinician,
        AgencySupervisor,
        DataSteward,
        PrivacyOfficer,
        Practitioner,
        AssociationCoordinator,
        Administrator,
        Operator,
        Visitor,
        CaregiverByLink,
        ProgramByLink,
        Machine,
    )
}


def given_where(keeps_families: bool, keeps_members: bool = True) -> tuple[str, ...]:
    """The roles that are given by invitation in a house of this kind."""
    return tuple(
        key
        for key in INVITED
        if (keeps_families or not ROLES[key].sees_families) and (keeps_members or key not in AT_AN_ASSOCIATION)
    )


_TO_NOBODY = {"operator", "visitor", "caregiver_by_link", "program_by_link", "machine"}
INVITED = tuple(key for key in ROLES if key not in _TO_NOBODY)
AT_AN_ASSOCIATION = ("practitioner", "association_coordinator")
AT_AN_AGENCY = tuple(key for key in INVITED if key not in {"administrator", "data_steward", *AT_AN_ASSOCIATION})
