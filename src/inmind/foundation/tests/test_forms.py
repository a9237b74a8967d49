"""A form comes back as it was typed, also with text that cannot be kept."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.http import QueryDict

from inmind.foundation.forms import HouseForm, PlainForm, VersionedForm
from inmind.foundation.text import MARK


class Invented(VersionedForm):
    """One field of each kind that text can be typed or forged into."""

    line = forms.CharField(max_length=10)
    words = forms.CharField(max_length=20, widget=forms.Textarea, required=False)
    number = forms.IntegerField(required=False)
    choice = forms.ChoiceField(choices=[("a", "A")], required=False)
    several = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], required=False)
    day = forms.DateField(required=False)
    secret = forms.CharField(widget=forms.PasswordInput, required=False)

    def clean_line(self) -> str:
        assert MARK not in self.cleaned_data["line"], "marked text reaches no cleaning"
        return self.cleaned_data["line"]


def sent(**other: Any) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in ({"key": "k", "version": "1", "line": "Ana", "words": "a swing"} | other).items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


@pytest.mark.parametrize("field", ["line", "words", "number", "choice", "several", "day"])
@pytest.mark.parametrize("hostile", ["a\x00", "\ud800", "\udfffb", "\x1b[2J", "\u202eabc", "lost \ufffd"])
def test_a_character_that_cannot_be_kept_is_shown_as_a_mark_at_its_field(field: str, hostile: str) -> None:
    """The other fields are cleaned as ever, and stay as they were typed."""
    form = Invented(sent(**{field: hostile}))
    assert not form.is_valid()
    assert list(form.errors) == [field]
    assert "cannot be kept" in form.errors[field][0]
    page = str(form[field])
    assert MARK in page or field in {"choice", "several"}, "a choice shows its own words alone"
    page.encode()
    others = {"line": "Ana", "words": "a swing"}
    others.pop(field, None)
    assert {name: (form[name].value(), form.cleaned_data[name]) for name in others} == {
        name: (typed, typed) for name, typed in others.items()
    }


@pytest.mark.parametrize("field", ["line", "words", "number", "choice", "several", "day", "secret"])
def test_a_megabyte_comes_back_cut_and_says_so(field: str) -> None:
    form = Invented(sent(**{field: "x" * 1_000_000}))
    assert list(form.errors) == [field]
    assert "1000000 characters" in form.errors[field][0]
    assert len(form.as_p()) < 20_000


def test_text_a_little_too_long_comes_back_whole() -> None:
    form = Invented(sent(line="x" * 20))
    assert form["line"].value() == "x" * 20
    assert "at most 10" in form.errors["line"][0]


def test_a_password_with_a_lost_character_is_none() -> None:
    """Kept with a mark in its place it would be another password than the one that was typed."""
    form = Invented(sent(secret="a-heron\x00on-the-roof"))
    assert list(form.errors) == ["secret"]
    assert "heron" not in str(form["secret"])


def test_a_forged_key_says_that_it_is_not_the_pages_own() -> None:
    form = HouseForm({"key": "k\x00"})
    assert form.errors["key"] == [
        "This page was sent with a key that is not its own. Open it again and send it once more."
    ]


def test_what_is_plainly_typed_is_left_alone() -> None:
    data = sent(several=["a", "b"], line="Ñúñez\t")
    form = Invented(data)
    assert form.is_valid()
    assert form.data is data
    assert form.cleaned_data["several"] == ["a", "b"]


def test_every_form_of_the_house_is_one_of_these() -> None:
    """One that is not would let what it cannot read be lost behind a page that says so."""
    found = set(forms_of_the_house())
    assert len(found) > 15
    assert [form for form in found if not issubclass(form, PlainForm)] == []


def forms_of_the_house() -> Iterator[type[forms.BaseForm]]:
    for config in apps.get_app_configs():
        if config.name.startswith("inmind."):
            for module in ("forms", "views", "family_views"):
                try:
                    there = import_module(f"{config.name}.{module}")
                except ModuleNotFoundError:
                    continue
                for one in vars(there).values():
                    if (
                        isinstance(one, type)
                        and issubclass(one, forms.BaseForm)
                        and one.__module__.startswith("inmind.")
                    ):
                        yield one
