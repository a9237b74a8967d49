"""Every change of agreements, sessions and places; one function a verb. Nothing of what was said in a session is ever kept."""

from inmind.reflection.actions.agreements import add_person, answer, end, propose
from inmind.reflection.actions.changing import change_terms
from inmind.reflection.actions.correcting import agree, correct, join
from inmind.reflection.actions.held import become_known, say_holds
from inmind.reflection.actions.hours import confirm, confirm_all, log
from inmind.reflection.actions.letters import AT_ONCE, choose_letters, remind
from inmind.reflection.actions.outside import (
    PURPOSE,
    ask_outside,
    confirm_by_link,
    not_reached,
    say_address,
    say_holds_by_link,
    stop_by_link,
)
from inmind.reflection.actions.places import answer_place, ask_place, offer, show_offering

__all__ = (
    "AT_ONCE",
    "PURPOSE",
    "add_person",
    "agree",
    "answer",
    "answer_place",
    "ask_outside",
    "ask_place",
    "become_known",
    "change_terms",
    "choose_letters",
    "confirm",
    "confirm_all",
    "confirm_by_link",
    "correct",
    "end",
    "join",
    "log",
    "not_reached",
    "offer",
    "propose",
    "remind",
    "say_address",
    "say_holds",
    "say_holds_by_link",
    "show_offering",
    "stop_by_link",
)
