"""Every change of a family: its adults, homes and languages, its birth, its episodes, visits and care teams; who is on call."""

from inmind.families.actions.agreeing import agree, tell, withdraw
from inmind.families.actions.letters import send_again, take_back
from inmind.families.actions.on_call import name_on_call
from inmind.families.actions.people import (
    change_care,
    correct_person,
    describe_self,
    describe_speech,
    end_consent,
    end_way,
    house_together,
    keep_way,
    move_out,
    note_birth,
    note_consent,
    note_gestation,
)
from inmind.families.actions.registering import add_adult, open_side, register, register_many
from inmind.families.actions.releasing import (
    end_releases,
    release,
    release_failed,
    release_part,
    remove_release,
    take_release,
)
from inmind.families.actions.serving import SERVING_ROLES, end_episode, hand_over, join_team, reopen
from inmind.families.actions.signing import (
    agree_by_link,
    decline_by_link,
    propose,
    take_back_proposal,
    withdraw_by_link,
)
from inmind.families.actions.visits import CHANGEABLE, change_map, change_visit, hear, keep_worry, visit

__all__ = (
    "CHANGEABLE",
    "SERVING_ROLES",
    "add_adult",
    "agree",
    "agree_by_link",
    "change_care",
    "change_map",
    "change_visit",
    "correct_person",
    "decline_by_link",
    "describe_self",
    "describe_speech",
    "end_consent",
    "end_episode",
    "end_releases",
    "end_way",
    "hand_over",
    "hear",
    "house_together",
    "join_team",
    "keep_way",
    "keep_worry",
    "move_out",
    "name_on_call",
    "note_birth",
    "note_consent",
    "note_gestation",
    "open_side",
    "propose",
    "register",
    "register_many",
    "release",
    "release_failed",
    "release_part",
    "remove_release",
    "reopen",
    "send_again",
    "take_back",
    "take_back_proposal",
    "take_release",
    "tell",
    "visit",
    "withdraw",
    "withdraw_by_link",
)
