"""Every component with invented content, to be looked at and tested; nobody on this page exists, no number means anything."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator

from inmind.foundation.components import (
    Band,
    Cutoff,
    Held,
    HoldingMap,
    RangePicture,
    Service,
)
from inmind.foundation.forms import DateInput, HouseForm


class InventedForm(HouseForm):
    """One field of each kind."""

    name = forms.CharField(label="Given name", help_text="As the family says it.", max_length=80)
    mail = forms.EmailField(label="Email address", required=False)
    born = forms.DateField(label="Birth date", widget=DateInput, help_text="Day, month and year.")
    language = forms.ChoiceField(
        label="Language at home",
        choices=[("", "Choose one"), ("en", "English"), ("es", "Español")],
    )
    part = forms.ChoiceField(
        label="Who is this to the baby?",
        widget=forms.RadioSelect,
        choices=[
            ("mother", "Mother"),
            ("father", "Father"),
            ("kin", "Grandparent or other kin"),
        ],
        help_text="Choose the one that fits best.",
    )
    words = forms.CharField(
        label="What does the family hope for?",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    safe = forms.BooleanField(label="It is safe to leave a message on this number", required=False)


def context() -> dict[str, Any]:
    """What the gallery's template is given."""
    rooms = [
        {"label": label, "url": f"#{label.lower()}", "current": label == "Families"}
        for label in ("Today", "Families", "Reflect", "Learn", "Consult")
    ]
    return {
        "nav": rooms,
        "more_nav": rooms[3:],
        "agency_name": "Harbor Family Services",
        "agency_beside": True,
        "actor": {"name": "Luz"},
        "chips": [
            {"strong": "Rosa", "text": ", mother · may consent", "url": "#rosa"},
            {"strong": "Elena", "text": ", grandmother · lives with"},
            {"text": "Episode with Harbor since 4 March"},
        ],
        "task": {
            "id": "one",
            "title": "Call Rosa Núñez",
            "why": "One answer of today’s screen is about hurting oneself.",
            "owner": "Dana",
            "due": "by 3:40 PM, in 20 minutes",
            "url": "#task",
            "button": "See what to do",
        },
        "steps": [
            {"label": "Worry heard", "when": "2 Oct", "state": "done"},
            {"label": "Talked with Rosa", "when": "9 Oct", "state": "done"},
            {
                "label": "Asked: early intervention",
                "when": "21 Oct, consent on file",
                "state": "done",
            },
            {
                "label": "Waiting for a first call",
                "when": "31 days of 45.",
                "note": "The delay is the system’s.",
                "state": "now",
                "waits": True,
            },
            {"label": "Started", "state": "coming"},
        ],
        "map": HoldingMap(
            center="Mateo",
            people=(
                Held("rosa", "Rosa", "mother", 1),
                Held("elena", "Elena", "grandmother", 1),
                Held("luz", "Luz", "home visitor", 2, ("rosa",)),
                Held("dana", "Dana", "clinician", 2, ("rosa",)),
                Held("okafor", "Ms. Okafor", "holds Luz", 3, ("luz",)),
                Held("ines", "Inés", "consultant", 3, ("dana",)),
            ),
            services=(
                Service("Nurses at home", "since 3 September", runs=True),
                Service("Early intervention", "asked on 2 October, waiting 31 days"),
            ),
            network="Harbor Family Services · Coastal network",
        ),
        "facts": [
            {"term": "Birth date", "value": "14 April 2026"},
            {"term": "Corrected age", "value": "6 months", "note": "Born at 35 weeks."},
            {"term": "Safe phone", "value": None},
        ],
        "columns": [
            {"label": "Who"},
            {"label": "Role"},
            {"label": "When"},
            {"label": "Pages", "number": True},
        ],
        "rows": [
            ["Luz", "Home visitor", {"text": "12 November, 9:10 AM"}, 4],
            [{"text": "Dana", "url": "#dana"}, "Clinician", "12 November, 9:32 AM", 1],
            [
                "Someone of another agency",
                {"text": "refused", "chip": True},
                "13 November, 2:05 PM",
                0,
            ],
        ],
        "blank_form": InventedForm(auto_id="blank_%s"),
        "form": InventedForm(
            {
                "mail": "rosa",
                "words": "Sleep.\nA quiet place.",
                "part": "aunt",
                "key": "k",
            },
            auto_id="refused_%s",
        ),
        "pairs": [
            {
                "label": "What we hold in mind",
                "theirs": "He turns to her voice.",
                "yours": "He turns to my voice even when he is crying.",
            },
            {"label": "Next visit", "theirs": "", "yours": "26 November"},
        ],
        "page": Paginator(range(60), 20).page(2),
        "answers": [
            {
                "name": f"a{number}",
                "number": number,
                "label": label,
                "value": value,
                "error": error,
                "weighs": number == 10,
                "choices": [
                    {"value": str(place), "short": short, "long": f"{short} choice from the top", "digits": str(place)}
                    for place, short in enumerate(("1st", "2nd", "3rd", "4th"), start=1)
                ],
            }
            for number, (label, value, error) in enumerate(
                [
                    ("finds things funny", "1", ""),
                    ("looks forward to the day", "2", ""),
                    (
                        "hard on herself",
                        None,
                        "Choose a position, or say that it was left blank.",
                    ),
                    ("worried for no clear reason", "", ""),
                    ("afraid, and it does not pass", None, ""),
                    ("too much at once", None, ""),
                    ("hard to sleep even when the baby sleeps", None, ""),
                    ("low", None, ""),
                    ("in tears", None, ""),
                    ("a question that is never left alone", None, ""),
                ],
                start=1,
            )
        ],
        "finished": _result(
            "finished",
            RangePicture(0, 20, _BANDS, _CUTOFFS, points=12),
            band="Worth a closer look",
        ),
        "unfinished": _result(
            "unfinished",
            RangePicture(0, 20, _BANDS, _CUTOFFS, possible=(6, 15)),
            blanks="Three answers are blank.",
        ),
        "agency_text": "If you are in our building, ask for Dana at the front desk. Any hour: come to the side door and ring.",
    }


_BANDS = (
    Band(0, 7, "Below the cut-off"),
    Band(8, 13, "Worth a closer look"),
    Band(14, 20, "Worth a closer look soon"),
)
_CUTOFFS = (Cutoff(8, "the publisher’s, all ages"), Cutoff(14))


def _result(id: str, picture: RangePicture, **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "title": f"An invented questionnaire, {id}",
        "about": "Rosa, at the visit of 12 November, from paper",
        "picture": picture,
        "meaning": "Talk with Rosa about it at this visit. A number is never the whole of a person.",
        "studied": None,
        "sources": ["Scale and cut-offs: invented for this page."],
        "licence": "No wording of any publisher stands here.",
        **more,
    }
