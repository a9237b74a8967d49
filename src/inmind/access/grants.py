"""The one table of grants, and the sentence that each refused verb is answered with. Pure."""

from __future__ import annotations

from functools import cache

from inmind.access.diagnosing import DIAGNOSIS_CALLED, DIAGNOSIS_REFUSED
from inmind.access.profession_words import CALLED, REFUSED
from inmind.access.role import Grant, Role
from inmind.access.roles import ROLES
from inmind.foundation.values import N_, Verdict

TABLE: tuple[tuple[type[Role], Grant], ...] = tuple((role, grant) for role in ROLES.values() for grant in role.grants)
VERBS = frozenset(grant.verb for _, grant in TABLE)

SECOND_FACTOR = N_(
    "Your role sees families or their names, or gives roles, so it signs in with a second factor. "
    "Set up your authenticator or a passkey first."
)
NOT_SIGNED_IN = N_("Sign in first.")
ROLE_LACKS = N_("Your role here does not include this. The administrator of your agency can tell you who may do it.")

REFUSALS: dict[str, str] = {
    "families.see": N_(
        "This family is not one you serve, or there is no such record. Its agency's supervisor can add you to the care team."
    ),
    "families.find": N_("Only those who serve families can search for them."),
    "families.register": N_("You can register a family only for the agency you work at."),
    "access.open_link": N_("This link opens nothing here."),
    "families.visit": N_("Only the care team of this family can write down a visit."),
    "families.change_visit": N_("Only the care team of this family can write down a visit."),
    "families.add_adult": N_("Only the care team of this family can add someone to it."),
    "families.hear": N_("Only those who serve this family write down its worries."),
    "families.change_map": N_("Only the care team changes a family's map, together with the family."),
    "families.see_adult": N_("How to reach the adults of a family is shown to those who serve it."),
    "families.see_in_emergency": N_(
        "What helps to keep a family safe today is shown to its care team, and by emergency access to nobody else."
    ),
    "families.change_care": N_("Only those who serve this family can say how its adults care for the child."),
    "families.correct_person": N_("Only those who serve this family can correct a name or a birth date in it."),
    "families.note_birth": N_("Only those who serve this family can write down the birth."),
    "families.note_gestation": N_("Only those who serve this family can write down the birth."),
    "families.move_out": N_("Only those who serve this family can write down who lives with whom."),
    "families.house": N_("Only those who serve this family can write down who lives with whom."),
    "families.describe_speech": N_("Only those who serve this family can write down its languages."),
    "families.describe_self": N_("Only those who serve this family can write down what people say about themselves."),
    "families.end_way": N_("Only those who serve this family can take away a way to reach its adults."),
    "families.keep_way": N_("Only those who serve this family can write down how to reach its adults."),
    "families.note_consent": N_("Only those who serve this family can write down who may consent."),
    "families.end_consent": N_("Only those who serve this family can write down who may consent."),
    "families.see_told": N_("What may be told of a family, and what was, is shown to its care team."),
    "families.agree": N_("Only the care team of this family can write down what it agrees to."),
    "families.withdraw": N_("Only the care team of this family can write down that a consent was withdrawn."),
    "families.withdraw_kept": N_("Only the privacy officer of the agency that keeps a consent withdraws it so."),
    "families.tell": N_("Only the care team of this family can write down what was told."),
    **dict.fromkeys(
        ("families.attach_scan", "families.see_scan", "families.remove_scan"),
        N_("Scans of what this family signed are for its care team."),
    ),
    **dict.fromkeys(
        ("families.send_own_page", "families.hand_own_page", "families.end_own_page"),
        N_("Only the care team of this family sends an adult the link to their own page."),
    ),
    "messages.see_letters": N_("What happened to the letters to a family's adults is shown to its care team."),
    "messages.send_again": N_("Only the care team of this family can send a letter again."),
    "messages.take_back": N_("Only the care team of this family can take a letter back."),
    "families.propose": N_("Only the care team of this family asks its adults to agree to something."),
    "families.take_back_proposal": N_("Only the care team of this family takes back what it asked."),
    **dict.fromkeys(
        (
            *("families.see_agreements", "families.agree_by_link"),
            *("families.decline_by_link", "families.withdraw_by_link"),
        ),
        N_("This link opens nothing here."),
    ),
    "families.release": N_("Only the care team of this family lets a file be made for somebody outside."),
    "families.take_release": N_("Only the care team of this family takes a file for somebody outside."),
    "families.remove_release": N_("Only the care team of this family removes a file for somebody outside."),
    "families.note_subpoena": N_("Only the agency that serves this family writes down that a court has asked."),
    **dict.fromkeys(
        (
            *("families.see_subpoena", "families.hold_for_subpoena", "families.answer_subpoena"),
            *("families.take_answer", "families.close_subpoena", "families.take_up_subpoena"),
        ),
        N_("A subpoena is in the hands of the agency's privacy officer, who alone answers it."),
    ),
    "families.end_episode": N_("Only the agency that serves this family can end its service here."),
    "families.reopen": N_("Only the coordinator or the supervisor of the agency can open a family again."),
    "families.open_side": N_("Only the coordinator of the agency can open another side of a family."),
    "families.hand_over": N_("Only the coordinator or the supervisor of an agency hands over a caseload there."),
    "families.join_team": N_("Only the agency that serves this family arranges its care team."),
    "families.see_joined": N_("Who joined a care team is shown to the rest of it and to the agency's privacy officer."),
    "families.name_on_call": N_("Only the supervisor of an agency names who is on call there."),
    "screening.see_due": N_("What is due for a child is shown to those who serve the family and to its agency."),
    "screening.note_done": N_("Only the care team of this family can write down that a screen was done."),
    "screening.check_in": N_("Only the care team of this family writes down with a caregiver how it goes."),
    **dict.fromkeys(
        (
            *("screening.check_in_by_link", "screening.call_me_back", "families.own_page"),
            *("families.choose_my_language", "families.say_my_way", "families.my_way_is_not_safe"),
            *("families.change_my_map",),
        ),
        N_("This link opens nothing here."),
    ),
    "screening.begin": N_("Only the care team of the agency that asks may begin a screen."),
    "screening.answer": N_("Only the care team of the agency that asks may write down answers."),
    "screening.heed": N_("Only the care team of the agency that asks may write down answers."),
    "screening.ask_call_back": N_(
        "Only the care team of the agency that asks may write down who is to be called back."
    ),
    "screening.finish": N_("Only the care team of the agency that asks may finish a screen."),
    "screening.correct": N_("Only the care team of the agency that asks may correct a screen."),
    "screening.record_result": N_("Only the care team of the agency that asks may record a result."),
    "screening.correct_result": N_("Only the care team of the agency that asks may correct a result."),
    "screening.take_back": N_(
        "Only the care team of the agency that asks may take back what was entered for somebody else."
    ),
    "screening.send": N_("Only the care team of the agency that asks sends questions to a caregiver's own phone."),
    **dict.fromkeys(
        ("screening.send_again", "screening.hand_over_link", "screening.take_back_sending"),
        N_("Only the care team of the agency that asks sends questions again, or takes them back."),
    ),
    **dict.fromkeys(
        (
            *("screening.answer_by_link", "screening.finish_by_link", "screening.heed_by_link"),
            *("screening.ask_call_back_by_link", "screening.ask_own_page_by_link"),
        ),
        N_("These questions were not sent by this link."),
    ),
    "screening.see": N_(
        "A caregiver's screen belongs to the caregiver: only the care team of the agency that asked may read it. "
        "Ask the caregiver, or ask that team."
    ),
    "screening.see_tables": N_("The tables of cut-offs are shown to the data steward and the administrator."),
    "screening.load_table": N_("Only the data steward loads a table of cut-offs, or whoever runs the machine."),
    "screening.withdraw_table": N_("Only the data steward withdraws a table of cut-offs, or whoever runs the machine."),
    "screening.see_wordings": N_("Publishers' wording is shown to the data steward and the administrator."),
    "screening.bring_wording": N_(
        "Only the data steward brings a publisher's wording, with its license, or whoever runs the machine."
    ),
    "screening.withdraw_wording": N_(
        "Only the data steward withdraws a publisher's wording, or whoever runs the machine."
    ),
    "records.see_held": N_(
        "What is held about a person is printed by those who serve the family, or by the agency's privacy officer."
    ),
    "records.see_sheets": N_("The sheets that came in for an agency are shown to its supervisor and privacy officer."),
    "tasks.see": N_("This task belongs to somebody else."),
    "tasks.hand_over": N_("Only the supervisor of the agency can hand a task to somebody else."),
    "tasks.take_over": N_("Only the supervisor of the agency takes a task over that nobody else there can answer."),
    "tasks.close": N_("Only the person a task belongs to can close it, and says what was done."),
    "tasks.note_attempt": N_("Only the person a task belongs to writes down what was tried."),
    "access.invite": N_("You can invite people only to the agency you run."),
    "access.give_role": N_("You can give a role only at the agency you run."),
    "access.end_role": N_(
        "You can end a role only at the agency you run, and only one that you may give. Ask the administrator."
    ),
    "access.forget_factor": N_(
        "It takes the second factor off everywhere, so only who runs the one agency where somebody works can do this. "
        "Ask the administrator."
    ),
    "access.keep_work_phone": N_(
        "A work phone is written down by whose it is, or by who runs the one agency where they work."
    ),
    "access.see_people": N_("The people of an agency are shown to its supervisor and to the administrator."),
    "access.see_privacy": N_("Legal holds, erasures and emergency access are shown to the agency's privacy officer."),
    "access.see_disclosures": N_("What an agency told outside is shown to its privacy officer."),
    "access.see_kept": N_("What is kept about somebody is shown to the privacy officer of an agency that keeps it."),
    "access.set_hold": N_("Only the privacy officer of an agency that keeps this person's records sets a legal hold."),
    "access.lift_hold": N_("Only the privacy officer of the agency that set this hold lifts it."),
    "access.ask_erasure": N_("Only the privacy officer of an agency that keeps this person's records can ask for it."),
    "access.confirm_erasure": N_(
        "Only another privacy officer or the supervisor of the agency that asked can confirm that somebody is erased."
    ),
    "access.withdraw_erasure": N_("Only a privacy officer of the agency that asked can withdraw it."),
    "access.ask_emergency": N_(
        "Emergency access is for clinicians and supervisors, to the families of their own agency. Call its supervisor."
    ),
    "access.end_emergency": N_(
        "Emergency access is ended by whoever asked for it, or by the agency's privacy officer."
    ),
    **dict.fromkeys(
        (
            *("services.match", "services.draft", "services.change_draft", "services.send", "services.see_referral"),
            *("services.keep_answer", "services.keep_place", "services.enter_program", "services.leave_program"),
            *("services.note_step", "services.note_try", "services.say_code", "services.see_worklist"),
        ),
        N_("Referrals of a family are made and seen by those who serve it, or there is no such record."),
    ),
    "services.see_funnel": N_("How far families came is shown to those who serve them or answer for their agency."),
    "services.answer": N_("A referral is answered by the program to which it was sent, or there is no such record."),
    **dict.fromkeys(
        ("services.show_face", "services.hide_face"),
        N_("A face is shown and taken away by whoever calls for the program, or there is no such record."),
    ),
    **dict.fromkeys(
        ("services.lay_face", "services.remove_face"), N_("A picture is laid and taken away by whose it is.")
    ),
    "services.say_by_link": N_("This link opens nothing here."),
    **dict.fromkeys(
        (
            *("services.early_see", "services.early_begin", "services.early_note", "services.early_close"),
            *("services.early_pause", "services.early_change_pause"),
            *("services.early_delay", "services.early_change_delay", "services.early_step"),
            *("services.early_by_law", "services.early_notice", "services.early_notice_sent"),
        ),
        N_("The way of a child through early intervention is seen and written down by those who serve its family."),
    ),
    **dict.fromkeys(
        (
            *("services.see_listing_by_link", "services.confirm_by_link", "services.correct_by_link"),
            *("services.say_opening_by_link", "services.close_by_link"),
        ),
        N_("This link opens nothing here."),
    ),
    **dict.fromkeys(
        ("services.see_asked", "services.answer_asked"),
        N_("Who asked to be called is shown to the coordinators and the supervisor of the agency that was asked."),
    ),
    **dict.fromkeys(
        (
            *("services.see_plan", "services.add_to_plan", "services.change_plan", "services.let_go"),
            *("services.say_how_seen", "services.take_back_seen", "services.set_next_look"),
            *("services.give_handout", "services.take_off_handout"),
            *("services.see_service", "services.begin_service", "services.end_service", "services.plan_sessions"),
            *("services.note_session", "services.note_call"),
        ),
        N_("A family’s care plan and its services are for its care team, or there is no such record."),
    ),
    **dict.fromkeys(
        (
            "services.see_my_plan",
            "services.add_my_goal",
            "services.say_how_i_see",
            "services.take_back_mine",
            "services.share_mine",
        ),
        N_("This link opens nothing here."),
    ),
    "services.see_listings": N_("Listings are kept and read by those who serve families."),
    **dict.fromkeys(
        (
            *(
                "services.add_listing",
                "services.correct_listing",
                "services.take_in_listings",
                "services.close_listing",
                "services.ask_listing",
            ),
            *("services.correct_shown", "services.confirm_listing", "services.say_opening"),
        ),
        N_(
            "A listing is kept by the coordinator or the supervisor of the agency that entered it, or by a data steward; "
            "the program itself says what families read, and whether there is a place."
        ),
    ),
    "away.prepare": N_("Only who serves a family takes it along on a visit without a signal."),
    "away.add_device": N_("Only who serves families takes them along, and only under their own account."),
    "away.send": N_("This device is not yours, or there is no such device."),
    "away.keep_paper": N_("This device is not yours, or there is no such device."),
    "away.cut_off": N_(
        "A device is cut off by whose it is, or by the supervisor or the privacy officer of an agency where they work."
    ),
    "away.see_devices": N_("The devices of an agency are shown to its supervisor and its privacy officer."),
    "away.sort_paper": N_("Only the care team of this family sorts what could not be kept as it came."),
    "access.see_lookers": N_(
        "Who looked at a family is shown to those who serve it and to its agency's privacy officer."
    ),
    **REFUSED,
    **DIAGNOSIS_REFUSED,
}


PRIVACY = N_("the privacy officer's work")
# What `who looked` calls each verb. Everything on somebody's own page, a caregiver's or the child's, has one name, so that
# the list never tells whether there was a screen (`protect.md` 1).
OWN_PAGE = N_("on somebody's own page")
TOLD = N_("what may be told outside")
REFERRED = N_("referrals to programs")
EARLY = N_("the child’s way through early intervention")
PLANNED = N_("the care plan and services that run")
WORDS: dict[str, str] = {
    "families.see": N_("the family's page"),
    "families.find": N_("found by a search"),
    "families.register": N_("registered the family"),
    "access.open_link": N_("opened a link that was sent to them"),
    "families.visit": N_("wrote down a visit"),
    "families.change_visit": N_("wrote a visit anew"),
    "families.add_adult": N_("added an adult"),
    "families.hear": N_("wrote down a worry"),
    "families.change_map": N_("changed the family's map"),
    "families.join_team": N_("arranged the care team"),
    "families.see_joined": N_("who joined the care team"),
    "families.see_adult": N_("an adult's page"),
    "families.see_in_emergency": N_("how to reach the family and its care team"),
    "families.change_care": N_("how an adult cares for the child"),
    "families.correct_person": N_("corrected a name or a birth date"),
    "families.note_birth": N_("wrote down the birth"),
    "families.note_gestation": N_("wrote down the birth"),
    "families.move_out": N_("who lives with whom"),
    "families.house": N_("who lives with whom"),
    "families.describe_speech": N_("languages"),
    "families.describe_self": N_("what somebody said about themselves"),
    "families.end_way": N_("how to reach an adult"),
    "families.keep_way": N_("how to reach an adult"),
    "families.note_consent": N_("who may consent"),
    "families.end_consent": N_("who may consent"),
    **dict.fromkeys(("messages.see_letters", "messages.send_again", "messages.take_back"), N_("letters with links")),
    **dict.fromkeys(
        (
            *("families.see_told", "families.agree", "families.withdraw", "families.tell"),
            *("families.attach_scan", "families.see_scan", "families.remove_scan", "families.withdraw_kept"),
            *("families.propose", "families.take_back_proposal", "families.see_agreements"),
            *("families.agree_by_link", "families.decline_by_link", "families.withdraw_by_link"),
            *("families.release", "families.take_release", "families.remove_release"),
            *("jobs.release_part", "jobs.release_failed", "jobs.end_releases"),
            *("families.note_subpoena", "families.see_subpoena", "families.hold_for_subpoena"),
            *("families.answer_subpoena", "families.take_answer", "families.close_subpoena"),
            "families.take_up_subpoena",
        ),
        TOLD,
    ),
    "families.end_episode": N_("ended the service"),
    **dict.fromkeys(
        ("families.send_own_page", "families.hand_own_page", "families.end_own_page"),
        N_("the link to an adult's own page"),
    ),
    "families.own_page": N_("looked at their own page"),
    "families.choose_my_language": N_("languages"),
    **dict.fromkeys(("families.say_my_way", "families.my_way_is_not_safe"), N_("how to reach an adult")),
    "families.change_my_map": N_("changed the family's map"),
    "families.reopen": N_("opened the family again"),
    "families.open_side": N_("opened another side"),
    "families.hand_over": N_("handed over the caseload"),
    "access.see_lookers": N_("read who looked"),
    "away.prepare": N_("taken along for a visit"),
    **dict.fromkeys(("away.send", "away.keep_paper", "away.sort_paper"), OWN_PAGE),
    "screening.see_due": N_("what is due for the child"),
    "screening.note_done": N_("wrote down that a child's screen was done"),
    "records.see_held": N_("printed what is held about a person"),
    "records.merge": N_("put two records together"),
    "records.part": N_("parted two records"),
    "records.see_duplicates": N_("compared two records, blind"),
    "records.ask_first": N_("asked for one care team for two records"),
    "records.keep_apart": N_("kept two records apart"),
    "jobs.import_rows": N_("compared with a row of a sheet that a data steward brought"),
    **dict.fromkeys(("access.ask_emergency", "access.end_emergency"), N_("emergency access")),
    **dict.fromkeys(
        (
            "access.see_disclosures",
            *("access.see_kept", "access.set_hold", "access.lift_hold", "access.see_privacy"),
            *("access.ask_erasure", "access.confirm_erasure", "access.withdraw_erasure", "access.erase_again"),
        ),
        PRIVACY,
    ),
    "tasks.see": OWN_PAGE,
    "tasks.close": OWN_PAGE,
    "tasks.note_attempt": OWN_PAGE,
    "tasks.hand_over": OWN_PAGE,
    "tasks.take_over": OWN_PAGE,
    **dict.fromkeys(("screening.check_in", "screening.check_in_by_link", "screening.call_me_back"), OWN_PAGE),
    "screening.begin": OWN_PAGE,
    "screening.answer": OWN_PAGE,
    "screening.heed": OWN_PAGE,
    "screening.finish": OWN_PAGE,
    "screening.correct": OWN_PAGE,
    "screening.record_result": OWN_PAGE,
    "screening.correct_result": OWN_PAGE,
    "screening.take_back": OWN_PAGE,
    "screening.ask_call_back": OWN_PAGE,
    **dict.fromkeys(
        (
            *("screening.send", "screening.send_again", "screening.hand_over_link", "screening.take_back_sending"),
            *("screening.answer_by_link", "screening.finish_by_link", "screening.heed_by_link"),
            *("screening.ask_call_back_by_link", "screening.ask_own_page_by_link", "jobs.close_sending"),
        ),
        OWN_PAGE,
    ),
    **dict.fromkeys(
        ("services.keep_answer", "services.keep_place", "services.enter_program", "services.leave_program"), REFERRED
    ),
    **dict.fromkeys(("services.match", "services.draft", "services.change_draft", "services.send"), REFERRED),
    **dict.fromkeys(("services.see_referral", "services.note_step", "services.note_try"), REFERRED),
    **dict.fromkeys(("services.see_asked", "services.answer_asked"), REFERRED),
    **dict.fromkeys(
        (
            *("services.early_see", "services.early_begin", "services.early_note", "services.early_close"),
            *("services.early_pause", "services.early_change_pause"),
            *("services.early_delay", "services.early_change_delay", "services.early_step"),
            *("services.early_by_law", "services.early_notice", "services.early_notice_sent"),
        ),
        EARLY,
    ),
    **dict.fromkeys(
        (
            *("services.see_plan", "services.add_to_plan", "services.change_plan", "services.let_go"),
            *("services.say_how_seen", "services.take_back_seen", "services.set_next_look"),
            *("services.give_handout", "services.take_off_handout"),
            *("services.see_service", "services.begin_service", "services.end_service", "services.plan_sessions"),
            *("services.note_session", "services.note_call"),
            *("services.see_my_plan", "services.add_my_goal", "services.say_how_i_see"),
            *("services.take_back_mine", "services.share_mine"),
        ),
        PLANNED,
    ),
    **dict.fromkeys(("services.answer", "services.say_code", "services.see_worklist"), REFERRED),
    **dict.fromkeys(("services.show_face", "services.hide_face"), REFERRED),
    "services.say_by_link": REFERRED,
    **dict.fromkeys(("services.see_funnel", "jobs.look_after"), OWN_PAGE),
    "screening.see": OWN_PAGE,
    "jobs.climb": OWN_PAGE,
    "jobs.run": OWN_PAGE,
    **CALLED,
    **DIAGNOSIS_CALLED,
}


@cache
def of_role(role: str, verb: str) -> tuple[Grant, ...]:
    """The grants of a role for a verb."""
    return tuple(grant for grant in ROLES[role].grants if grant.verb == verb) if role in ROLES else ()


def refusal(verb: str, *, has_verb: bool) -> Verdict:
    """The verdict of a refused verb: its own sentence where the role knows the verb, else that the role lacks it."""
    sentence = REFUSALS.get(verb, ROLE_LACKS) if has_verb or verb in REFUSALS else ROLE_LACKS
    return Verdict(allowed=False, sentence=sentence)
