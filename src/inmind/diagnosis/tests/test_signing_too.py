"""A second signature: asked of somebody, handed on, given with credentials, not given, and asked of somebody else."""

from __future__ import annotations

from typing import Any

import pytest

from inmind.access import actions as access
from inmind.access.models import RoleAssignment
from inmind.diagnosis import actions, cosigning_actions, queries
from inmind.diagnosis.models import Formulation
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.records import actions as records
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinician() -> make.Worker:
    return make.make_worker("clinician", name="Dana Whitfield")


@pytest.fixture
def family(clinician: make.Worker) -> make.Family:
    return make.make_family(clinician, age_months=30, adults=("Ana Stone",))


def page(worker: make.Worker, row: Formulation, way: str = "") -> str:
    return worker.client.get(f"/formulations/{row.pk}/{way}").content.decode()


def requires(yes: bool = True) -> None:
    boss = make.make_worker("agency_supervisor", name="Sol Reyes")
    rule = queries.rule_of(boss.agency)
    seen = 0 if rule._state.adding else rule.version
    actions.keep_signing(boss.actor, organization=boss.agency, needs_cosigner=yes, again_days=30, seen=seen)


def test_a_second_signature_that_was_handed_on_names_who_is_asked_now(
    family: make.Family, clinician: make.Worker
) -> None:
    first, second = (make.make_worker("clinician", name=name) for name in ("Bea Lund", "Eva Holm"))
    row = make.make_formulation(family, cosigner=first.person)
    tasks.hand_over(make.make_worker("agency_supervisor").actor, task=Task.objects.get(), to=second.person)
    for way in ("", "report/", "code/"):
        said = page(clinician, row, way)
        assert "Eva Holm" in said and "Bea Lund" not in said.replace(">Bea Lund</option>", ""), way


def test_credentials_are_asked_of_whoever_signs_too(family: make.Family, clinician: make.Worker) -> None:
    bea = make.make_worker("clinician", name="Bea Lund")
    row = make.make_formulation(family, cosigner=bea.person)
    missing = bea.client.post(f"/formulations/{row.pk}/cosign/", {"key": "k", "signed_as": " ", "words": "Yes."})
    assert missing.status_code == 400 and "Yes." in missing.content.decode()
    with pytest.raises(BadInput):
        actions.cosign(bea.actor, formulation=row, signed_as=" ")
    sent = {"key": "l", "signed_as": "Psy.D.", "words": ""}
    assert bea.client.post(f"/formulations/{row.pk}/cosign/", sent).status_code == 302
    assert "Signed, too, by Bea Lund, Psy.D." in page(clinician, row)
    assert "Bea Lund, Psy.D." in page(clinician, row, "report/")
    assert queries.is_as_signed(Formulation.objects.get(pk=row.pk))


def test_who_is_asked_may_say_no_with_words_and_the_author_asks_somebody_else(
    family: make.Family, clinician: make.Worker
) -> None:
    """The author reads the words, has a task, and asks another clinician; both tasks close by themselves."""
    requires()
    bea, eva = (make.make_worker("clinician", name=name) for name in ("Bea Lund", "Eva Holm"))
    row = make.make_formulation(family, cosigner=bea.person)
    url = f"/formulations/{row.pk}/decline/"
    assert "I do not sign it" in page(bea, row)
    assert bea.client.post(url, {"key": "a", "words": " . "}).status_code == 400
    assert bea.client.post(url, {"key": "b", "words": "I saw no sign of it."}).status_code == 302
    task = Task.objects.get(closed_at=None)
    assert (task.why, task.owner) == (actions.ASK_ANEW, clinician.person)
    assert Task.objects.get(why=actions.COSIGN).closed_by == bea.person
    said = page(clinician, row)
    assert "Bea Lund did not sign it" in said and "I saw no sign of it." in said
    assert "nobody is asked at this moment" in said and "Nobody is asked" in page(clinician, row, "code/")
    assert "a clinician who is still to be asked" in page(clinician, row, "report/")
    told = clinician.client.get(f"/tasks/{task.pk}/").content.decode()
    assert "Ask another clinician" in told and f"/formulations/{row.pk}/" in told
    with pytest.raises(NotNow, match="closes by itself"):
        tasks.close(clinician.actor, task=task, done="Looked at it.")
    again = bea.client.post(url, {"key": "c", "words": "Still no."})
    assert again.status_code in {400, 403}
    ask = f"/formulations/{row.pk}/ask/"
    nobody = clinician.client.post(ask, {"key": "d", "cosigner": ""})
    assert nobody.status_code == 400 and "Choose who is asked." in nobody.content.decode()
    with pytest.raises(BadInput, match="another clinician of this agency"):
        cosigning_actions.ask_cosigner(clinician.actor, formulation=row, cosigner=clinician.person)
    assert clinician.client.post(ask, {"key": "e", "cosigner": str(eva.person.pk)}).status_code == 302
    assert "It waits for Eva Holm to sign, too." in page(clinician, row)
    task = Task.objects.get(closed_at=None)
    assert (task.why, task.owner) == (actions.COSIGN, eva.person)
    actions.cosign(eva.actor, formulation=Formulation.objects.get(pk=row.pk), signed_as="LCSW")
    assert not Task.objects.filter(closed_at=None).exists()
    with pytest.raises(NotNow, match="any more"):
        cosigning_actions.ask_cosigner(clinician.actor, formulation=row, cosigner=bea.person)


def test_where_the_agency_does_not_ask_for_it_one_signature_may_stand(
    family: make.Family, clinician: make.Worker
) -> None:
    bea = make.make_worker("clinician", name="Bea Lund")
    row = make.make_formulation(family, cosigner=bea.person)
    cosigning_actions.decline_cosign(bea.actor, formulation=row, words="I do not know this child.")
    assert clinician.client.post(f"/formulations/{row.pk}/ask/", {"key": "k", "cosigner": ""}).status_code == 302
    assert "waits" not in page(clinician, row) and "I do not know this child." in page(clinician, row)
    assert queries.is_as_signed(Formulation.objects.get(pk=row.pk)) and "Not as it was signed" not in page(
        clinician, row
    )
    assert not Task.objects.filter(closed_at=None).exists()


def test_who_said_no_signs_no_more_while_somebody_else_is_sought(family: make.Family, clinician: make.Worker) -> None:
    bea = make.make_worker("clinician", name="Bea Lund")
    row = make.make_formulation(family, cosigner=bea.person)
    cosigning_actions.decline_cosign(bea.actor, formulation=row, words="I saw no sign of it.")
    with pytest.raises(NotNow, match="Somebody else is asked"):
        actions.cosign(bea.actor, formulation=row, signed_as="LCSW")
    cosigning_actions.ask_cosigner(clinician.actor, formulation=row, cosigner=bea.person)
    assert actions.cosign(bea.actor, formulation=row, signed_as="LCSW").cosigned_at is not None


def test_where_who_was_asked_works_here_no_more_the_author_is_told(family: make.Family, clinician: make.Worker) -> None:
    """By a task of the author's own; nothing waits for somebody who is gone."""
    bea, eva = (make.make_worker("clinician", name=name) for name in ("Bea Lund", "Eva Holm"))
    row = make.make_formulation(family, cosigner=bea.person)
    held = RoleAssignment.objects.get(account__person=bea.person)
    access.end_role(make.make_worker("administrator").actor, assignment=held)
    said = page(clinician, row)
    assert "nobody is asked at this moment" in said and "It waits for Bea" not in said
    make.run_due()
    task = Task.objects.get(closed_at=None)
    assert (task.why, task.owner) == (actions.ASK_ANEW, clinician.person)
    cosigning_actions.ask_cosigner(clinician.actor, formulation=row, cosigner=eva.person)
    assert [one.owner for one in Task.objects.filter(closed_at=None)] == [eva.person]


@pytest.mark.parametrize("role", ["home_visitor", "clinician", "agency_supervisor", "family_service_coordinator"])
def test_nobody_else_says_no_or_asks(family: make.Family, role: str) -> None:
    """Who was asked says no; a clinician of the care team asks."""
    bea, other = make.make_worker("clinician"), make.make_worker(role)
    row = make.make_formulation(family, cosigner=bea.person)
    tries: list[Any] = [
        lambda: cosigning_actions.decline_cosign(other.actor, formulation=row, words="No."),
        lambda: cosigning_actions.ask_cosigner(other.actor, formulation=row, cosigner=None),
        lambda: cosigning_actions.ask_cosigner(bea.actor, formulation=row, cosigner=None),
        lambda: cosigning_actions.decline_cosign(family.by.actor, formulation=row, words="No."),
    ]
    for one in tries:
        with pytest.raises(Refused):
            one()


def test_an_agency_with_one_clinician_is_told_before_and_where_one_signs(
    family: make.Family, clinician: make.Worker
) -> None:
    """The page of the agency says it; the page for signing says who can help, and calls nothing optional that is needed."""
    requires()
    boss = make.make_worker("agency_supervisor")
    assert "There is no second clinician at" in boss.client.get("/formulations/signing/").content.decode()
    row = make.make_assessment(family)
    make.make_draft(row, by=clinician, primary=[family.adult])
    url = f"/assessments/{row.pk}/sign/"
    said = clinician.client.get(url).content.decode()
    assert "There is no second clinician at" in said and "Sol Reyes" in said
    assert "(optional)" not in said and "Sign this version" not in said
    bea = make.make_worker("clinician", name="Bea Lund")
    assert "There is no second clinician" not in boss.client.get("/formulations/signing/").content.decode()
    said = clinician.client.get(url).content.decode()
    assert "Sign this version" in said and "(optional)" not in said
    seen = clinician.client.get(url).context["form"]["seen"].value()
    sent = {"key": "k", "seen": seen, "signed_as": "LCSW", "cosigner": ""}
    nobody = clinician.client.post(url, sent)
    assert nobody.status_code == 400 and "Choose who is asked." in nobody.content.decode()
    assert clinician.client.post(url, sent | {"key": "l", "cosigner": str(bea.person.pk)}).status_code == 302


def test_what_made_a_new_version_needed_is_no_optional_field(family: make.Family, clinician: make.Worker) -> None:
    make.make_worker("clinician")
    make.make_formulation(family)
    row = make.make_assessment(family)
    make.make_draft(row, by=clinician, primary=[family.adult])
    url = f"/assessments/{row.pk}/sign/"
    form = clinician.client.get(url).context["form"]
    assert form.fields["why_new"].required and not form.fields["cosigner"].required
    sent = {"key": "k", "seen": form["seen"].value(), "signed_as": "LCSW", "cosigner": "", "why_new": ""}
    answer = clinician.client.post(url, sent)
    assert answer.status_code == 400 and "what made a new version needed" in answer.content.decode()


def test_words_against_a_version_follow_the_child(clinician: make.Worker) -> None:
    """Sealed for the child, they are read also after two records are one, and parted; and go with an erased child."""
    bea = make.make_worker("clinician", name="Bea Lund")
    one, other = (make.make_family(clinician, age_months=30, adults=(name,)) for name in ("Ana", "Rosa"))
    row = make.make_formulation(other, cosigner=bea.person)
    cosigning_actions.decline_cosign(bea.actor, formulation=row, words="I saw no sign of it.")
    merge = make.merge(one.child, other.child)
    assert "I saw no sign of it." in page(clinician, row)
    records.part(make.make_worker("data_steward").actor, merge=merge)
    assert "I saw no sign of it." in page(clinician, row)
