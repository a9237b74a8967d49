"""The association of a demonstration: believable members in every standing, and people whose pages show something."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from inmind.access import proof
from inmind.access.commands import serve
from inmind.access.models import Account
from inmind.association.models import Bundle, Member
from inmind.demo.network import Network
from inmind.endorsement import demo
from inmind.foundation import clock
from inmind.jobs.models import Job
from inmind.learning.certificates.models import Certificate
from inmind.learning.models import Registration
from inmind.money.models import Invoice, Payment
from inmind.people.models import Organization
from tests import make

pytestmark = pytest.mark.django_db


def make_demonstration() -> Network:
    """A network whose people came together a season ago, and its association."""
    told: list[tuple[int, int, str]] = []
    with clock.at(clock.now() - timedelta(days=120)):
        harbor = make.make_network()
        luz = make.make_worker("home_visitor", name="Luz Ibarra", mail="luz@example.org")
    network = Network(harbor.house, harbor.agencies, {"admin": harbor.admin.account, "luz": luz.account})
    demo.make(network, size=1, seed=7, said=lambda *said: told.append(said))
    assert told[-1] == (demo.OTHERS + 2, demo.OTHERS + 2, "members")
    return network


def words(account: Account, page: str) -> str:
    html = make.signed_in(account).get(page, follow=True).content.decode()
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def test_its_people_show_what_an_association_does() -> None:
    """Members in each standing, a check and open bills, certificates, hours that wait for a tap, lines met and not yet. Each part
    has a link of its own, and nothing is left that is late."""
    made = make_demonstration()
    today = clock.today(made.house.zone)
    association = Organization.objects.get(kind="association")
    states = Counter(one.state(today).value for one in Member.objects.filter(association=association))
    assert sum(states.values()) == demo.OTHERS + 3  # with the practitioner, the provider, and a home visitor
    assert states.keys() == {"active", "grace", "lapsed", "pending"}
    assert {bool(one.settled_on) for one in Bundle.objects.all()} == {True, False}
    assert Payment.objects.filter(method="check").count() == 2
    assert set(Invoice.objects.values_list("state", flat=True)) == {"open", "settled"}
    assert Certificate.objects.count() >= 8
    assert Registration.objects.filter(state="waiting").exists()

    noor, marisol, vera = (made.accounts[name] for name in ("noor", "marisol", "vera"))
    mine = words(noor, reverse("my_endorsement"))
    assert "23 of 24 hours" in mine and "What the law asks of a home visitor" in mine
    assert re.search(r"[3-6] of 7 lines met", mine)
    assert "2 sessions wait to be confirmed" in mine
    assert "supervision given" in words(vera, reverse("reflection"))
    for page in ("members", "money_books", "places", "endorsements", "levels"):
        assert "not open to you" not in words(marisol, reverse(page))
    assert "When a family and a helper disagree" in words(marisol, reverse("today"))
    assert "luz" in made.accounts and "Agency of twelve" in words(made.accounts["luz"], reverse("membership"))

    assert not Job.objects.waiting().filter(due_at__lt=clock.now()).exists()
    assert not Job.objects.dead().exists()
    assert proof.verify() == []
    lines = serve.demo_links()
    for line in (
        f"  Association coordinator: Marisol Quiñones, {demo.NAME}",
        f"  Practitioner: Noor Siddiqui, {demo.NAME}",
        "  Reflective supervisor: Vera Lindgren",
    ):
        assert line in lines
