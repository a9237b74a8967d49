"""Of the verbs of the profession: how each is refused, and what a trail calls it; room by room. Pure."""

from __future__ import annotations

from inmind.foundation.values import N_

_BOOKS = N_("The books of an association are kept by its coordinator.")
MONEY_REFUSED: dict[str, str] = {
    "money.see": N_(
        "An invoice is read by whom it is for, and by the coordinator of the association that asks for it."
    ),
    **dict.fromkeys(
        (
            *("money.bill", "money.cancel", "money.see_books", "money.take_payment", "money.return_payment"),
            *(
                "money.refund",
                "money.apply_credit",
                "money.return_credit",
                "money.promise",
                "money.send",
                "money.export",
            ),
            *("money.name_accounts", "money.write_invoice"),
        ),
        _BOOKS,
    ),
    "money.begin_checkout": N_("An invoice is paid here by whom it is for."),
    **dict.fromkeys(
        ("money.see_by_link", "money.promise_by_link", "money.begin_checkout_by_link"),
        N_("This link opens nothing here."),
    ),
}
_OWN_DUES = N_("A membership is changed by whose it is, and by the coordinator of the association.")
_MEMBERS = N_("The members of an association are kept by its coordinator.")
_EXPORT = N_("The members of an association are moved in by its coordinator, and by nobody else.")
MOVING_REFUSED: dict[str, str] = dict.fromkeys(
    (
        *("association.see_moving", "association.begin_moving", "association.say_columns", "association.say_levels"),
        *("association.say_agencies", "association.carry_on_moving", "association.stop_moving"),
        *("association.decide_contact", "association.undo_contact", "association.close_moving"),
        "association.discard_moving",
    ),
    _EXPORT,
)
ASSOCIATION_REFUSED: dict[str, str] = {
    "association.see_membership": N_(
        "A membership is seen by whose it is, and by the coordinator of the association. Nobody where somebody works sees it."
    ),
    **dict.fromkeys(
        (
            *("association.renew", "association.take_back", "association.leave", "association.change_name"),
            *("association.change_agencies", "association.keep_entry", "association.choose_letters"),
            *("association.ask_mail", "association.allow_mail"),
        ),
        _OWN_DUES,
    ),
    **dict.fromkeys(
        (
            *("association.see_members", "association.add_member", "association.take_in", "association.note_member"),
            *("association.end_membership", "association.change_level_of", "association.export_members"),
            *("association.see_levels", "association.keep_level", "association.change_level"),
            *("association.see_places", "association.sell_places", "association.give_place"),
            "association.take_back_place",
            *("association.write_to_agency", "association.note_purchase_order", "association.change_mail"),
            *("association.see_labels", "association.label_member", "association.unlabel_member"),
            *("association.rename_label", "association.remove_label"),
            *("association.see_reminders", "association.keep_reminders"),
            *("association.invite_member", "association.invite_members"),
        ),
        _MEMBERS,
    ),
    "association.see_own": N_("A membership is a person's. Sign in as yourself."),
    "association.join_as_oneself": N_("A membership is a person's. Sign in as yourself."),
    "association.see_directory": N_("The directory for members is read by members."),
    **dict.fromkeys(
        ("association.see_dues", "association.purchase_order_by_link"), N_("This link opens nothing here.")
    ),
}
LEARNING_REFUSED: dict[str, str] = {
    "learning.own": N_("Your own trainings are shown once you have signed in."),
    "learning.see_seat": N_("This seat is somebody else’s."),
    "learning.take_seat": N_("Sign in to take a seat for yourself, or ask for one on the page of the training."),
    "learning.give_up_seat": N_("A seat is given up by whose it is, or by the association that gives the training."),
    "learning.say_of_self": N_("What somebody says of themselves is theirs alone to say."),
    "learning.feed": N_("A calendar of one’s own is made by whose it is."),
    **dict.fromkeys(
        (
            *("learning.keep", "learning.add_training", "learning.change_training", "learning.open_doors"),
            "learning.call_off",
        ),
        N_("Trainings are kept by the coordinator of the association that gives them."),
    ),
    **dict.fromkeys(
        ("learning.see_registered", "learning.seat_somebody", "learning.end_seat", "learning.see_reach"),
        N_("Who comes to a training is shown to the coordinator of the association that gives it."),
    ),
    "learning.ask_seat": N_("Sign in, or ask for a seat on the page of the training."),
    **dict.fromkeys(
        (
            "learning.see_seat_by_link",
            "learning.take_seat_by_link",
            "learning.give_up_by_link",
            "learning.open_bill_by_link",
        ),
        N_("This link opens nothing here."),
    ),
}
_NOT_THEIRS = N_("An agreement is open to those alone who are part of it, or there is no such record.")
_NOT_THERE = N_("A session is open to those alone who were part of it, or there is no such record.")
REFLECTION_REFUSED: dict[str, str] = {
    **dict.fromkeys(
        (
            *("reflection.see_agreement", "reflection.answer", "reflection.end", "reflection.log"),
            *("reflection.add_person", "reflection.ask_outside", "reflection.say_address", "reflection.say_holds"),
            "reflection.change_terms",
        ),
        _NOT_THEIRS,
    ),
    **dict.fromkeys(
        (
            *("reflection.see_session", "reflection.confirm", "reflection.correct"),
            *("reflection.join", "reflection.agree"),
        ),
        _NOT_THERE,
    ),
    "reflection.see_hours": N_("Hours are seen by the person who was held and by whoever gave them."),
    "reflection.show_offering": N_("Only the person who offers places can change what is offered."),
    "reflection.answer_place": N_("Only the person who was asked for a place can answer."),
    "reflection.see_counts": N_("Counts are for those who lead an agency's work or keep an association."),
    **dict.fromkeys(
        (
            *("reflection.see_by_link", "reflection.confirm_by_link"),
            *("reflection.say_holds_by_link", "reflection.stop_by_link"),
        ),
        N_("This link opens nothing here."),
    ),
}
ENDORSEMENT_REFUSED: dict[str, str] = {
    **dict.fromkeys(
        (
            *("endorsement.see_own", "endorsement.say", "endorsement.say_work", "endorsement.take_back_work"),
            *("endorsement.answer_of_work", "endorsement.note_rating", "endorsement.take_back_rating"),
            *("endorsement.set_goal", "endorsement.end_goal"),
            *("endorsement.share", "endorsement.end_share", "endorsement.confirm_renewal"),
        ),
        N_("What endorsement asks of somebody is theirs alone, and theirs to say."),
    ),
    "endorsement.show_in_registry": N_("Only its holder lets the public registry show an endorsement."),
    **dict.fromkeys(
        ("endorsement.see_shared", "endorsement.see_readiness"),
        N_(
            "How near somebody is to endorsement is shown to nobody, unless they show it or work toward it with your association."
        ),
    ),
    "endorsement.see_issued": N_("Who is endorsed is shown to the agency where they work, once it is issued."),
    **dict.fromkeys(
        (
            *("endorsement.see_goals", "endorsement.record_decision", "endorsement.end_endorsement"),
            "endorsement.take_in_list",
            *("endorsement.see_rules", "endorsement.accept_rules", "endorsement.see_renewals"),
        ),
        N_("Only the coordinator of an association keeps its endorsement."),
    ),
}

MONEY_WORDS: dict[str, str] = {
    **dict.fromkeys(("money.see", "money.see_by_link", "money.see_books"), N_("read an invoice")),
    **dict.fromkeys(("money.bill", "money.write_invoice"), N_("wrote an invoice")),
    "money.cancel": N_("cancelled an invoice"),
    **dict.fromkeys(("money.take_payment", "money.heed_notice"), N_("wrote down a payment")),
    **dict.fromkeys(
        ("money.return_payment", "money.refund", "money.return_credit"), N_("wrote down that money went back")
    ),
    "money.apply_credit": N_("used a credit"),
    **dict.fromkeys(("money.promise", "money.promise_by_link"), N_("wrote down that money is on its way")),
    "money.send": N_("sent an invoice"),
    **dict.fromkeys(("money.begin_checkout", "money.begin_checkout_by_link"), N_("began to pay by card")),
    "money.export": N_("took out the books"),
}
MOVING_WORDS: dict[str, str] = {
    "association.see_moving": N_("read a member export"),
    "association.begin_moving": N_("brought a member export"),
    "association.say_columns": N_("said what the columns of a member export hold"),
    "association.say_levels": N_("said which levels those of a member export are"),
    "association.say_agencies": N_("said which agencies those of a member export are"),
    "association.carry_on_moving": N_("let a member export be taken in"),
    "association.stop_moving": N_("stopped a member export"),
    "association.decide_contact": N_("decided about a doubtful row of a member export"),
    "association.undo_contact": N_("took a decision about a row of a member export back"),
    "association.close_moving": N_("closed a member export"),
    "association.discard_moving": N_("discarded a member export"),
    "jobs.move_in": N_("took members in from an export"),
}
ASSOCIATION_WORDS: dict[str, str] = {
    "association.ask_to_join": N_("asked to join an association"),
    "association.join": N_("joined an association"),
    "association.come_in": N_("opened their account as a member"),
    "association.join_as_oneself": N_("joined an association"),
    "association.see_own": N_("looked at their own membership"),
    "association.see_membership": N_("read a membership"),
    "association.see_members": N_("looked through the members"),
    "association.see_directory": N_("looked into the directory"),
    "association.see_levels": N_("looked at the levels of membership"),
    "association.see_places": N_("looked at the places that agencies pay for"),
    "association.see_dues": N_("looked at the places that their agency pays for"),
    "association.take_in": N_("took in a membership from another product"),
    "association.add_member": N_("added a member"),
    "association.invite_member": N_("invited a member to an account"),
    "association.invite_members": N_("invited all members who had no account"),
    "jobs.invite_members": N_("invited members to an account"),
    "association.renew": N_("renewed a membership"),
    "association.take_back": N_("took back what was asked for and not paid"),
    "association.leave": N_("left an association"),
    "association.end_membership": N_("ended a membership"),
    "association.change_name": N_("said anew how a member is called"),
    "association.change_agencies": N_("said anew where a member works"),
    "association.change_level_of": N_("changed the level of a membership"),
    "association.note_member": N_("wrote a note about a member"),
    "association.keep_entry": N_("said what stands in the directory"),
    "association.choose_letters": N_("chose which letters about dues come"),
    "association.stop_letters": N_("stopped letters about dues"),
    "association.ask_mail": N_("asked to be written to at another address"),
    "association.confirm_mail": N_("confirmed another address for letters"),
    "association.change_mail": N_("said anew where a member is written to"),
    "association.allow_mail": N_("said that letters may go to a shared mailbox"),
    "association.see_labels": N_("looked at the labels of members"),
    "association.label_member": N_("gave a member a label"),
    "association.unlabel_member": N_("took a label off a member"),
    "association.rename_label": N_("renamed a label of members"),
    "association.remove_label": N_("removed a label of members"),
    "association.see_reminders": N_("looked at when reminders about dues leave"),
    "association.keep_reminders": N_("said when reminders about dues leave"),
    "association.keep_level": N_("added a level of membership"),
    "association.change_level": N_("changed a level of membership"),
    "association.export_members": N_("took the members out as a file"),
    "association.sell_places": N_("let an agency pay for places"),
    "association.give_place": N_("gave a place that an agency pays for"),
    "association.take_back_place": N_("took back a place that was given by mistake"),
    "association.write_to_agency": N_("wrote to an agency about its places"),
    "association.note_purchase_order": N_("wrote down a purchase order"),
    "association.purchase_order_by_link": N_("wrote down a purchase order"),
}
LEARNING_WORDS: dict[str, str] = {
    "learning.see_seat": N_("Looked at a seat at a training"),
    "learning.take_seat": N_("Took a seat at a training, or waits for one"),
    "learning.give_up_seat": N_("Gave up a seat at a training"),
    "learning.say_of_self": N_("Said something about themselves"),
    "learning.feed": N_("Made a calendar of their own"),
    "learning.add_training": N_("Made a training"),
    "learning.change_training": N_("Changed a training"),
    "learning.open_doors": N_("Opened or closed registration"),
    "learning.call_off": N_("Called a training off"),
    "learning.keep": N_("Looked at a training"),
    "learning.see_registered": N_("Looked at who comes to a training"),
    "learning.seat_somebody": N_("Registered somebody for a training"),
    "learning.end_seat": N_("Gave up somebody’s seat for them"),
    "learning.ask_seat": N_("Asked for a seat at a training"),
    "learning.take_seat_by_link": N_("Took a seat at a training, by a link"),
    "learning.give_up_by_link": N_("Gave up a seat at a training, by a link"),
    "learning.open_bill_by_link": N_("Opened the invoice of a seat, by a link"),
    "jobs.look_after_seats": N_("A seat went to whoever waits next"),
    "jobs.write_of_seat": N_("Wrote about a seat"),
    "jobs.forget_asked_seats": N_("Forgot requests that nobody confirmed"),
}
_HELD = N_("reflective supervision: who met, never what was said")
REFLECTION_WORDS: dict[str, str] = dict.fromkeys(
    (
        *("reflection.open", "reflection.propose", "reflection.confirm_all", "reflection.choose_letters"),
        *("reflection.find", "reflection.offer", "reflection.take_out", "reflection.ask_place"),
        *("reflection.see_agreement", "reflection.answer", "reflection.end", "reflection.log", "reflection.add_person"),
        *("reflection.ask_outside", "reflection.see_session", "reflection.confirm", "reflection.correct"),
        *("reflection.join", "reflection.agree", "reflection.see_hours", "reflection.show_offering"),
        *("reflection.answer_place", "reflection.see_counts", "reflection.see_by_link", "reflection.confirm_by_link"),
        *("reflection.say_holds_by_link", "reflection.stop_by_link", "reflection.say_address"),
    ),
    _HELD,
)
ENDORSEMENT_WORDS: dict[str, str] = {
    "endorsement.see_own": N_("looked at their own endorsement"),
    "endorsement.see_readiness": N_("looked at how near somebody is to endorsement"),
    "endorsement.see_shared": N_("looked at what somebody shows of endorsement"),
    "endorsement.see_issued": N_("looked at who is endorsed"),
    "endorsement.see_goals": N_("looked at who works toward endorsement"),
    "endorsement.see_rules": N_("looked at the rules of endorsement"),
    "endorsement.see_renewals": N_("looked at renewals"),
    **dict.fromkeys(
        (
            *("endorsement.say", "endorsement.say_work", "endorsement.take_back_work"),
            *("endorsement.answer_of_work", "endorsement.note_rating", "endorsement.take_back_rating"),
        ),
        N_("said something of themselves for endorsement"),
    ),
    **dict.fromkeys(("endorsement.set_goal", "endorsement.end_goal"), N_("changed toward what they work")),
    **dict.fromkeys(("endorsement.share", "endorsement.end_share"), N_("changed to whom their endorsement is shown")),
    "endorsement.show_in_registry": N_("changed what the registry shows"),
    "endorsement.confirm_renewal": N_("confirmed a renewal"),
    "endorsement.record_decision": N_("wrote down a decision about endorsement"),
    "endorsement.take_in_list": N_("took in a list of endorsements"),
    "endorsement.end_endorsement": N_("wrote down that an endorsement has ended"),
    "endorsement.accept_rules": N_("took up rules of endorsement"),
}

# learning, what came of it.
LEARNED_REFUSED: dict[str, str] = {
    **dict.fromkeys(
        ("learning.see_transcript", "learning.note_elsewhere", "learning.take_back_elsewhere"),
        N_("A transcript is shown to whose it is, and to nobody else."),
    ),
    "learning.see_certificate": N_(
        "A certificate is shown to whose it is and to the association that gave it. Anybody verifies one by its number."
    ),
    **dict.fromkeys(
        (
            *("learning.see_attendance", "learning.take_log", "learning.decide_sighting", "learning.enter_attendance"),
            *("learning.count_again", "learning.set_counting", "learning.set_break", "learning.open_door"),
            *("learning.begin_certificates", "learning.walk_in", "learning.walk_in_seen"),
        ),
        N_(
            "Who was at a training is kept by the coordinator of the association that gives it, or there is no such record."
        ),
    ),
    **dict.fromkeys(("learning.check_in", "learning.check_in_at_door"), N_("This code opens nothing here.")),
}
LEARNED_WORDS: dict[str, str] = {
    "learning.see_transcript": N_("the transcript"),
    "learning.see_certificate": N_("a certificate"),
    **dict.fromkeys(("learning.note_elsewhere", "learning.take_back_elsewhere"), N_("what was learned elsewhere")),
    **dict.fromkeys(
        (
            *("learning.see_attendance", "learning.take_log", "learning.decide_sighting", "learning.enter_attendance"),
            *("learning.count_again", "learning.set_counting", "learning.set_break", "learning.open_door"),
            *("learning.check_in", "learning.check_in_at_door", "learning.walk_in", "learning.walk_in_seen"),
        ),
        N_("who was at a training"),
    ),
    **dict.fromkeys(("learning.begin_certificates", "jobs.make_certificates"), N_("certificates of a training")),
}

# In place of what somebody has by profession, in every print but their own.
THEIRS_ALONE = N_(
    "What somebody has through their own work in the field, such as membership, trainings, hours and endorsement: that person "
    "reads and prints it alone, signed in."
)
RECORD_REFUSED = {"records.see_own_held": N_("What is held about somebody by profession is read by that person alone.")}
RECORD_WORDS = {"records.see_own_held": N_("read what is held about themselves")}

REFUSED = {
    **RECORD_REFUSED,
    **MONEY_REFUSED,
    **ASSOCIATION_REFUSED,
    **MOVING_REFUSED,
    **LEARNING_REFUSED,
    **REFLECTION_REFUSED,
    **ENDORSEMENT_REFUSED,
    **LEARNED_REFUSED,
}
CALLED = {
    **RECORD_WORDS,
    **MONEY_WORDS,
    **ASSOCIATION_WORDS,
    **MOVING_WORDS,
    **LEARNING_WORDS,
    **REFLECTION_WORDS,
    **ENDORSEMENT_WORDS,
    **LEARNED_WORDS,
}
