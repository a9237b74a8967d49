"""A listing as it is kept: what somebody offers, where and for whom, whether there is a place, and who confirmed it when."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from inmind.foundation import text
from inmind.foundation.fields import LongText, ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass
from inmind.services.listings import listing
from inmind.services.listings.listing import Offers, Opening, Place

FOUND_BY = ("name", "provider_name", "about", "about_es", "bring", "address")
PUBLIC, PROFESSIONAL = FieldClass.PUBLIC, FieldClass.PROFESSIONAL


class Listing(Kept):
    """One offer of one place. It names no family; most of it is public.

    keeper: the organization that keeps this row; provider: the organization of this house that offers it, if it is one;
    provider_name: as it stands on paper, and as a consent names the recipient. program: the key of a program model, for
    `offers` = program. languages, counties: codes, joined by spaces; empty: nobody has said, and wherever it can be reached
    (`says_where`).
    refer_mail, refer_phone: where referrals go, for those who work here; phone, mail, url: for families. takes_families: a
    family may ask for it by itself. opening: `said_on` is None where nobody has said anything. found_by: its words, folded, by
    which a search finds it. source, source_id: the file it first came from, and its id there; came_as: a mark of what that file
    said of it last, so that what was corrected here since stays until the file itself says something else.
    """

    CLASSES = {
        **dict.fromkeys(("keeper", "provider", "provider_name", "name", "offers", "program"), PUBLIC),
        **dict.fromkeys(("about", "about_es", "bring", "bring_es", "hours", "hours_es", "cost", "cost_es"), PUBLIC),
        **dict.fromkeys(("languages", "counties"), PUBLIC),
        **dict.fromkeys(("address", "latitude", "longitude", "comes_home", "is_free", "phone", "mail", "url"), PUBLIC),
        **dict.fromkeys(("takes_families", "free", "waits_days", "opens_on", "said_on"), PUBLIC),
        **dict.fromkeys(("confirmed_on", "confirmed_how", "closed_on", "found_by"), PUBLIC),
        **dict.fromkeys(("refer_mail", "refer_phone", "confirmed_by", "asked_on", "unreached_on"), PROFESSIONAL),
        **dict.fromkeys(("source", "source_id", "came_as"), PROFESSIONAL),
    }

    class How(models.TextChoices):
        """How it was last confirmed."""

        LINK = "link"  # by the program itself
        CALL = "call"  # it said so to somebody who works here
        OWN = "own"  # by who works there, in this house
        FILE = "file"  # as the file said that it came in

    keeper = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="listings_kept")
    provider = models.ForeignKey("people.Organization", null=True, on_delete=models.PROTECT, related_name="listings")
    provider_name = ShortText(max_length=120)
    name = ShortText(max_length=120)
    offers = ShortText(max_length=16, choices=[(one.value, one.value) for one in Offers])
    program = ShortText(max_length=40, blank=True)
    about = LongText(max_length=1000, blank=True)
    about_es = LongText(max_length=1000, blank=True)
    bring = ShortText(max_length=300, blank=True)  # what to bring
    bring_es = ShortText(max_length=300, blank=True)
    hours = ShortText(max_length=200, blank=True)
    hours_es = ShortText(max_length=200, blank=True)
    cost = ShortText(max_length=200, blank=True)
    cost_es = ShortText(max_length=200, blank=True)
    is_free = models.BooleanField(null=True)
    languages = ShortText(max_length=200, blank=True)
    counties = LongText(max_length=2000, blank=True)
    address = ShortText(max_length=200, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    comes_home = models.BooleanField(null=True)
    phone = ShortText(max_length=40, blank=True)
    mail = ShortText(max_length=254, blank=True)
    url = ShortText(max_length=300, blank=True)
    refer_mail = ShortText(max_length=254, blank=True)
    refer_phone = ShortText(max_length=40, blank=True)
    takes_families = models.BooleanField(default=False)
    free = models.PositiveSmallIntegerField(null=True)
    waits_days = models.PositiveSmallIntegerField(null=True)
    opens_on = models.DateField(null=True)
    said_on = models.DateField(null=True)
    confirmed_on = models.DateField()
    confirmed_how = ShortText(max_length=4, choices=How.choices)
    confirmed_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField(null=True)  # since when the mail that asks whether it still holds is out
    unreached_on = models.DateField(null=True)  # since when it is known that this mail did not arrive
    closed_on = models.DateField(null=True)
    source = ShortText(max_length=200, blank=True)  # the file it came from
    source_id = ShortText(max_length=80, blank=True)  # its id there
    came_as = models.JSONField(default=dict)  # marks of what its directory said last: see `directory.marks_of`
    found_by = LongText(max_length=6000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(offers="program") & ~Q(program="") | ~Q(offers="program") & Q(program=""),
                name="a_program_is_named",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="listed_place_is_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(said_on__isnull=False) | Q(free=None, waits_days=None, opens_on=None),
                name="an_opening_was_said_on_a_day",
            ),
            models.UniqueConstraint(fields=["source_id"], condition=~Q(source_id=""), name="listing_came_once"),
        ]
        indexes = [
            models.Index(fields=["offers", "program"], name="listing_by_program"),
            models.Index(
                fields=["version", "created_at"], name="listing_changes"
            ),  # of all of them (`listing_shelf.py`)
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.be_found()
        super().save(*args, **kwargs)

    def be_found(self) -> None:
        """Fold its words for a search; whoever inserts many rows at once asks for it of each."""
        self.found_by = " ".join(word for name in FOUND_BY for word in text.tokens(getattr(self, name)))[:6000]

    @property
    def recipient(self) -> str:
        """Who reads what is sent to it, as a consent names them: an organization of this house by its own name."""
        return self.provider.name if self.provider is not None else self.provider_name

    @property
    def says_where(self) -> bool:
        """Whether it is known where they serve: a file that names no county says nothing; somebody who was asked, and named
        none, serves wherever it can be reached."""
        return bool(self.counties) or self.confirmed_how != self.How.FILE

    @property
    def as_listing(self) -> listing.Listing:
        """The listing as the pure rules read it."""
        opening = None
        if self.said_on is not None:
            opening = Opening(self.said_on, self.free, self.waits_days, self.opens_on)
        placed = self.latitude is not None and self.longitude is not None
        return listing.Listing(
            id=self.pk,
            name=self.name,
            offers=Offers(self.offers),
            confirmed_on=self.confirmed_on,
            program=self.program,
            languages=frozenset(self.languages.split()),
            reaches=frozenset(self.counties.split()),
            says_where=self.says_where,
            place=Place(self.latitude, self.longitude) if placed else None,  # type: ignore[arg-type]
            comes_home=self.comes_home,
            is_free=self.is_free,
            opening=opening,
            closed_on=self.closed_on,
        )
