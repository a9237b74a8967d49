"""The small tags of the pages."""

from __future__ import annotations

import pytest
from django import forms
from django.template import Context, Template

from inmind.foundation.templatetags import house


@pytest.mark.parametrize(
    ("number", "link"),
    [
        ("988", "988"),
        ("1-833-852-6262", "18338526262"),
        ("+1 (207) 555-0100", "+12075550100"),
    ],
    ids=["short", "dashes", "abroad"],
)
def test_a_number_becomes_what_a_phone_dials(number: str, link: str) -> None:
    """Digits only, with a leading plus where there is one."""
    assert house.dial(number) == link


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("Luz", "L"),
        ("inés Peña", "I"),
        ("Ms. Okafor", "O"),
        ("Ñusta", "Ñ"),
        ("", "·"),
        (None, "·"),
    ],
    ids=["plain", "small", "title", "tilde", "empty", "nobody"],
)
def test_a_mark_carries_the_first_letter_of_a_name(name: object, letter: str) -> None:
    """Past a title, in capitals, in any script."""
    assert house.initial(name) == letter


def test_a_row_that_does_not_fit_its_table_is_refused() -> None:
    """A missing cell would put every later fact under the wrong heading."""
    with pytest.raises(ValueError, match="zip"):
        house.beside(["Luz"], [{"label": "Who"}, {"label": "When"}])


def test_words_in_a_card_are_written_as_text() -> None:
    """What a person typed never becomes a page of its own."""
    text = Template("{% load house %}{% card title=name %}<p>{{ name }}</p>{% endcard %}").render(
        Context({"name": "<b>Ana</b>"})
    )
    assert "<b>" not in text
    assert text.count("&lt;b&gt;Ana&lt;/b&gt;") == 2


def test_problems_come_in_the_order_of_the_fields() -> None:
    """First what concerns the whole form, then each field with its label and the id to go to."""

    class Small(forms.Form):
        name = forms.CharField(label="Name")
        kind = forms.ChoiceField(label="Kind", widget=forms.RadioSelect, choices=[("a", "A")])

        def clean(self) -> None:
            raise forms.ValidationError("Both are needed.")

    found = house.problems(Small({}))
    assert [(problem["label"], problem["href"]) for problem in found] == [
        ("", ""),
        ("Name", "#id_name"),
        ("Kind", "#id_kind_0"),
    ]
