"""What diagnosis offers of what leaves it and what is left of it: files for somebody outside, what is held, merges, erasing;
and the ways to its papers."""

from __future__ import annotations

from inmind.diagnosis import demo, following, paper_views, telling, told_outside
from inmind.diagnosis.erasing import FORMULATIONS
from inmind.foundation.registries import Panel, Reach, house


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
    )
