"""What diagnosis offers of what leaves it and what is left of it: files for somebody outside, what is held, merges, erasing,
exports; and the ways to its papers."""

from __future__ import annotations

from inmind.diagnosis import demo, following, paper_views, queries, telling, told_outside
from inmind.diagnosis.erasing import FORMULATIONS
from inmind.diagnosis.models import Formulation
from inmind.foundation.registries import Keyed, Panel, Reach, house


def offer() -> None:
    house.demo_makers.append((46, demo.make))
    following.offer()
    telling.offer()
    told_outside.offer()
    house.offer(
        Reach("diagnosis.FamilySummary", "families.Episode", prefix="formulation__episode"),
        Panel("formulation", "papers", 10, "diagnosis/papers_panel.html", paper_views.papers_panel),
        Panel("dyad", "formulation_papers", 34, "diagnosis/understood_panel.html", paper_views.understood_panel),
        FORMULATIONS,
        *(
            Keyed(model, "mark", queries.piece_holds, lambda one: queries.piece_mark(one.content))
            for model in ("diagnosis.SignedRelationship", "diagnosis.SignedEnvironment")
        ),
        Keyed("diagnosis.Formulation", "mark", queries.mark_holds, _mark),
        Keyed("diagnosis.Formulation", "second_mark", queries.second_mark_holds, _second_mark),
    )


def _mark(row: Formulation) -> str:
    return queries.mark_of(row, queries.pieces_of(row))


def _second_mark(row: Formulation) -> str:
    return queries.second_mark_of(row, queries.pieces_of(row))
