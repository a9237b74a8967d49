"""Every change of an association: its levels, its members and what they have, agencies that pay, the directory, reminders."""

from inmind.association.actions.agencies import (
    give_place,
    note_purchase_order,
    purchase_order_by_link,
    sell_places,
    take_back_place,
    write_to_agency,
)
from inmind.association.actions.entries import keep_entry
from inmind.association.actions.inviting import invite_member, invite_members, invite_some
from inmind.association.actions.joining import ask_to_join, come_in, join
from inmind.association.actions.labels import label_member, remove_label, rename_label, unlabel_member
from inmind.association.actions.levels import change_level, keep_level
from inmind.association.actions.mails import allow_mail, ask_mail, change_mail, confirm_mail
from inmind.association.actions.members import (
    add_member,
    change_agencies,
    change_level_of,
    change_name,
    end_membership,
    join_as_oneself,
    leave,
    note_member,
    renew,
    take_back,
    take_in,
)
from inmind.association.actions.reminders import choose_letters, keep_reminders, remind_members, stop_letters

__all__ = (
    "add_member",
    "allow_mail",
    "ask_mail",
    "ask_to_join",
    "change_agencies",
    "change_level",
    "change_level_of",
    "change_mail",
    "change_name",
    "choose_letters",
    "come_in",
    "confirm_mail",
    "end_membership",
    "give_place",
    "invite_member",
    "invite_members",
    "invite_some",
    "join",
    "join_as_oneself",
    "keep_entry",
    "keep_level",
    "keep_reminders",
    "label_member",
    "leave",
    "note_member",
    "note_purchase_order",
    "purchase_order_by_link",
    "remind_members",
    "remove_label",
    "rename_label",
    "renew",
    "sell_places",
    "stop_letters",
    "take_back",
    "take_back_place",
    "take_in",
    "unlabel_member",
    "write_to_agency",
)
