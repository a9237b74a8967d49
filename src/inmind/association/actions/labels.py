"""Labels that a coordinator keeps about members: given, taken off, renamed or put together, removed everywhere."""

from __future__ import annotations

from inmind.access.act import Act, action
from inmind.association.models import Label, Member
from inmind.foundation import text
from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_
from inmind.people.models import Organization

LENGTH = 80


@action("association.label_member", on="member")
def label_member(act: Act, *, member: Member, said: str) -> Label:
    """Give a member a label; one that differs from another in case or accents alone is that other one."""
    word = _as_kept(member.association, said)
    there = Label.objects.filter(association=member.association_id, person=member.person_id, said=word).first()
    return there or Label.objects.create(association=member.association, person=member.person, said=word)


@action("association.unlabel_member", on="member")
def unlabel_member(act: Act, *, member: Member, said: str) -> Member:
    Label.objects.filter(association=member.association_id, person=member.person_id, said=said).delete()
    return member


@action("association.rename_label", on="association")
def rename_label(act: Act, *, association: Organization, said: str, to: str) -> int:
    """Call a label otherwise for everybody who has it; under the name of another label the two become one. How many had it."""
    word = _written(to)
    same = text.folded(word) == text.folded(said)
    if not same:
        word = _as_kept(association, to)
    rows = Label.objects.filter(association=association, said=said)
    count = rows.count()
    if not count:
        raise BadInput(N_("Nobody has this label any more."), N_("Look at the list again."), field="to")
    if word != said:
        rows.filter(person__in=Label.objects.filter(association=association, said=word).values("person")).delete()
        rows.update(said=word)
    return count


@action("association.remove_label", on="association")
def remove_label(act: Act, *, association: Organization, said: str) -> int:
    """Take a label off everybody. How many had it."""
    return Label.objects.filter(association=association, said=said).delete()[0]


def _written(said: str) -> str:
    word = text.checked_line(" ".join(said.split()), LENGTH, field="to")
    if not text.tokens(word):
        raise BadInput(N_("A label has a word."), N_("Write one, such as “Board”."), field="to")
    return word


def _as_kept(association: Organization, said: str) -> str:
    """A label as it is written here already, where only case or accents differ."""
    word = _written(said)
    known = Label.objects.filter(association=association).order_by("said").values_list("said", flat=True).distinct()
    return next((one for one in known if text.folded(one) == text.folded(word)), word)
