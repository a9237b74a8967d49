"""The plain way to keep a screen: one row with the same columns, readable, by Django's own insert."""

from __future__ import annotations

from django.db import connection, models

from inmind.access import guard
from inmind.foundation.identity import new_id


class PlainScreen(models.Model):
    """`screening.Screen` without its base: no version, no sealed column, no trigger."""

    id = models.UUIDField(primary_key=True, default=new_id)
    created_at = models.DateTimeField(auto_now_add=True)
    subject = models.UUIDField()
    episode = models.UUIDField()
    instrument = models.CharField(max_length=40)
    edition = models.CharField(max_length=40)
    language = models.CharField(max_length=12)
    mode = models.CharField(max_length=8)
    on = models.DateField()
    zone = models.CharField(max_length=60)
    worker = models.UUIDField(null=True)
    state = models.CharField(max_length=10)
    answers_text = models.TextField()
    points = models.SmallIntegerField(null=True)
    lowest = models.SmallIntegerField(null=True)
    highest = models.SmallIntegerField(null=True)
    band = models.CharField(max_length=40)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "bench"
        db_table = "bench_plain"


guard.EXCEPTIONS["plain insert"] = frozenset({PlainScreen._meta.db_table})


def make_table() -> None:
    with guard.permit("migrations"), connection.schema_editor() as editor:
        editor.create_model(PlainScreen)
