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
_OWN_MONEY: tuple[Grant, ...] = _own("money.see", "money.begin_checkout")
_KEEPING_MONEY: tuple[Grant, ...] = _keeps(
    *("money.see", "money.bill", "money.cancel", "money.see_books", "money.take_payment", "money.return_payment"),
    *("money.refund", "money.apply_credit", "money.return_credit", "money.promise", "money.send", "money.export"),
    *("money.name_accounts", "money.write_invoice"),
)
_MONEY_BY_LINK = tuple(
    Grant(verb, "by_office_link", BY_LINK)
    for verb in ("money.see_by_link", "money.promise_by_link", "money.begin_checkout_by_link")
)
# association: membership, the directory; levels, members, agencies that pay.
_OWN_MEMBERSHIP: tuple[Grant, ...] = (
    Grant("association.see_own", "anywhere", OWN),
    Grant("association.join_as_oneself", "anywhere", OWN),
    Grant("association.see_directory", "anywhere", OWN),
    *_own(
        *("association.see_membership", "association.renew", "association.take_back", "association.leave"),
        *("association.change_name", "association.change_agencies", "association.keep_entry"),
        *("association.choose_letters", "association.ask_mail", "association.allow_mail"),
    ),
)
_KEEPING_MEMBERS: tuple[Grant, ...] = _keeps(
    *("association.take_in", "association.keep_level", "association.change_level", "association.see_levels"),
    *("association.see_members", "association.see_membership", "association.add_member", "association.renew"),
    *("association.take_back", "association.change_name", "association.change_agencies", "association.note_member"),
    *("association.end_membership", "association.change_level_of", "association.export_members"),
    *("association.see_places", "association.sell_places", "association.give_place"),
    "association.take_back_place",
    *("association.write_to_agency", "association.note_purchase_order"),
    *("association.change_mail", "association.allow_mail", "association.see_labels", "association.label_member"),
    *("association.unlabel_member", "association.rename_label", "association.remove_label"),
    *("association.see_reminders", "association.keep_reminders"),
)
_INVITING_MEMBERS: tuple[Grant, ...] = _keeps("association.invite_member", "association.invite_members")
# association/moving: a member export of another product, looked at, taken in and decided.
_KEEPING_MOVING: tuple[Grant, ...] = _keeps(
    *("association.see_moving", "association.begin_moving", "association.say_columns", "association.say_levels"),
    *(
        "association.say_agencies",
        "association.carry_on_moving",
        "association.stop_moving",
        "association.decide_contact",
    ),
    *("association.undo_contact", "association.close_moving", "association.discard_moving"),
)
# learning: registrations, certificates, transcript; trainings, attendance.
_OWN_LEARNING: tuple[Grant, ...] = (
    *_own("learning.see_seat"),
    *(
        Grant(verb, "anywhere", OWN)  # of one's own person alone: the action asks for nobody else's
        for verb in (
            "learning.own",
            "learning.take_seat",
            "learning.give_up_seat",
            "learning.say_of_self",
            "learning.feed",
        )
    ),
)
_KEEPING_LEARNING: tuple[Grant, ...] = _keeps(
    *("learning.keep", "learning.add_training", "learning.change_training", "learning.open_doors", "learning.call_off"),
    *("learning.see_registered", "learning.seat_somebody", "learning.end_seat", "learning.see_reach"),
)
_SEAT_BY_LINK = tuple(
    Grant(verb, "by_office_link", BY_LINK)
    for verb in (
        "learning.see_seat_by_link",
        "learning.take_seat_by_link",
        "learning.give_up_by_link",
        "learning.open_bill_by_link",
    )
)
# reflection: agreements and sessions, as the one who is held and as the one who holds.
_OWN_REFLECTION: tuple[Grant, ...] = (
    *(
        Grant(f"reflection.{verb}", "anywhere", OWN)
        for verb in ("open", "propose", "confirm_all", "choose_letters", "find", "offer", "take_out", "ask_place")
    ),
    *(
        Grant(f"reflection.{verb}", "reflected", OWN)
        for verb in (
            *("see_agreement", "answer", "end", "log", "add_person", "ask_outside", "say_address", "say_holds"),
            "change_terms",
        )
    ),
    *(Grant(f"reflection.{verb}", "met", OWN) for verb in ("see_session", "confirm", "correct", "join", "agree")),
    # Hours are the person's who was held, and of who gave the session; of no other in the same group.
    Grant("reflection.see_hours", "own_person", OWN),
    Grant("reflection.see_hours", "gave", OWN),
    Grant("reflection.show_offering", "own_person", OWN),
    Grant("reflection.answer_place", "asked_for_a_place", OWN),
)
_KEEPING_REFLECTION: tuple[Grant, ...] = _keeps("reflection.see_counts")
# Who manages people: counts alone, of five or more (`protect.md` 13).
MANAGING_REFLECTION: tuple[Grant, ...] = (Grant("reflection.see_counts", "own_organization", "caring for a team"),)
_REFLECTION_BY_LINK: tuple[Grant, ...] = tuple(
    Grant(f"reflection.{verb}", "by_office_link", BY_LINK)
    for verb in ("see_by_link", "confirm_by_link", "say_holds_by_link", "stop_by_link")
)
# endorsement: readiness and portfolio; decisions, rules, the registry.
_SHOWN = "reading what its owner shows"
_OWN_ENDORSEMENT: tuple[Grant, ...] = (
    *_own("endorsement.see_own", "endorsement.say", "endorsement.say_work", "endorsement.take_back_work"),
    *_own(
        "endorsement.answer_of_work",
        "endorsement.note_rating",
        "endorsement.take_back_rating",
        "endorsement.set_goal",
        "endorsement.end_goal",
    ),
    *_own("endorsement.share", "endorsement.end_share", "endorsement.show_in_registry", "endorsement.confirm_renewal"),
    Grant("endorsement.see_shared", "shared_with_me", _SHOWN),
)
_KEEPING_ENDORSEMENT: tuple[Grant, ...] = (
    Grant("endorsement.see_readiness", "open_goal_here", KEEPING),
    *_keeps("endorsement.see_goals", "endorsement.record_decision", "endorsement.end_endorsement"),
    *_keeps("endorsement.see_rules", "endorsement.accept_rules", "endorsement.see_renewals"),
    *_keeps("endorsement.take_in_list"),
)
# What whoever answers for the work of an agency reads: endorsements once issued, and what is shown to it.
EMPLOYING: tuple[Grant, ...] = (
    Grant("endorsement.see_issued", "endorsed_works_here", "knowing who is endorsed"),
    Grant("endorsement.see_shared", "shared_here", _SHOWN),
)

# learning, what came of it: who was there, certificates, the transcript.
_OWN_LEARNED: tuple[Grant, ...] = (
    *_own("learning.see_transcript", "learning.see_certificate"),
    *_own("learning.note_elsewhere", "learning.take_back_elsewhere"),
    Grant("learning.check_in", "anywhere", OWN),  # oneself alone, by a code that opens one meeting while it lasts
)
_KEEPING_ATTENDANCE: tuple[Grant, ...] = _keeps(
    *("learning.see_attendance", "learning.take_log", "learning.decide_sighting", "learning.enter_attendance"),
    *("learning.count_again", "learning.set_counting", "learning.set_break", "learning.open_door"),
    *("learning.begin_certificates", "learning.see_certificate", "learning.walk_in", "learning.walk_in_seen"),
)
_AT_A_DOOR: tuple[Grant, ...] = (Grant("learning.check_in_at_door", "anywhere", "saying that one is there"),)
_CERTIFICATE_JOBS = ("jobs.make_certificates",)

# What this house holds about somebody by profession, on one page: theirs alone (`protect.md` 13).
_OWN_RECORD: tuple[Grant, ...] = _own("records.see_own_held")

# What everybody who works in the field has of their own, whatever their role at an agency.
OWN_PROFESSION = (
    *_OWN_RECORD,
    *(*_OWN_MONEY, *_OWN_MEMBERSHIP, *_OWN_LEARNING, *_OWN_LEARNED),
    *(*_OWN_REFLECTION, *_OWN_ENDORSEMENT),
)


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
        *_INVITING_MEMBERS,
        *_KEEPING_MOVING,
        *_KEEPING_LEARNING,
        *_KEEPING_ATTENDANCE,
        *_KEEPING_REFLECTION,
        *_KEEPING_ENDORSEMENT,
    )


# What comes by a link to somebody outside: a supervisor who is no member, an agency that pays.
_PAYS = tuple(
    Grant(verb, "by_office_link", BY_LINK) for verb in ("association.see_dues", "association.purchase_order_by_link")
)
_JOINS = tuple(
    Grant(verb, "anywhere", "joining an association")
    for verb in ("association.ask_to_join", "association.join", "association.stop_letters", "association.confirm_mail")
)
BY_OFFICE_LINK: tuple[Grant, ...] = (
    *_PAYS,
    *_SEAT_BY_LINK,
    *_REFLECTION_BY_LINK,
    *_MONEY_BY_LINK,
)
# What anybody may ask for at the door: to join, to verify a certificate.
AT_THE_DOOR: tuple[Grant, ...] = (
    *_JOINS,
    Grant("association.come_in", "anywhere", "joining an association"),
    Grant("learning.ask_seat", "anywhere", "learning"),
    *_AT_A_DOOR,
)
# What somebody with a shell on the machine may do, by a command.
BY_COMMAND: tuple[Grant, ...] = (
    Grant("endorsement.take_in_list", "anywhere", "moving in"),
    Grant("association.take_in", "anywhere", "moving in"),
    Grant("association.keep_level", "anywhere", "demonstrating"),
    *(
        Grant(verb, "anywhere", "moving in")
        for verb in (
            *("association.begin_moving", "association.say_columns", "association.say_levels"),
            *("association.carry_on_moving", "association.discard_moving"),
        )
    ),
)
# What the house does by itself, later.
BY_JOBS: tuple[str, ...] = (
    *("jobs.remind_members", "jobs.move_in", "jobs.discard_contacts"),
    "jobs.invite_members",
    "jobs.reflection_letters",
    *_CERTIFICATE_JOBS,
    "money.heed_notice",
    *("jobs.look_after_seats", "jobs.write_of_seat", "jobs.forget_asked_seats"),
)
