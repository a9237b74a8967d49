"""What association offers the windows and the rooms above it."""

from __future__ import annotations


def offer() -> None:
    """Put it in its place."""
