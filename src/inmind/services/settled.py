"""What this house has set for services, as the pure rules take it; each a setting of ours and shown as ours."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings


def terms() -> tuple[timedelta, timedelta]:
    """How long a listing lasts once it was confirmed, and how long it is shown while it is being asked about."""
    return timedelta(days=settings.LISTING_DAYS), timedelta(days=settings.LISTING_GRACE_DAYS)
