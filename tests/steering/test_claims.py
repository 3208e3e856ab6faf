"""The claim of an instalment: who is counted, what each misses, a frozen file, its ZIP, and who may have it."""

import csv
import hashlib
import io
import zipfile
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from essaim.accounts.enums import Role
from essaim.accounts.models import ReadAudit
from essaim.agenda.operations import record_attendance
from essaim.journeys.models import Commitment
from essaim.journeys.operations import close_enrolment, sign_on_paper
from essaim.people.models import Person
from essaim.steering.models import ClaimFile, ClaimParticipant
from essaim.steering.operations.claims import ClaimRefused, freeze_claim
from essaim.steering.queries.claims import (
    count_claim,
    list_claim_lines_for,
    list_figures_since,
    list_frozen_lines_for,
    list_owed_evidence,
)
from tests.factories.accounts import MembershipFactory
from tests.factories.agenda import make_session
from tests.factories.employers import make_contract
from tests.factories.journeys import make_action, make_eligible, make_enrolment, make_partner_plan
from tests.factories.money import make_agreement, make_budget_line, make_claim_file, make_funder, make_instalment
from tests.factories.people import PDF, make_document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
ASKED = ("identity", "commitment", "attendance", "work_contract")


@pytest.fixture
def manager():
    return MembershipFactory(manager=True)


@pytest.fixture
def instalment(manager):
    return make_instalment(manager, make_agreement(manager, evidence=ASKED))


@pytest.fixture
def enrolment(manager, instalment):
    return make_enrolment(manager, instalment.agreement.action)


def lines_of(viewer, instalment, period=YEAR):
    return list_claim_lines_for(viewer, instalment.agreement, *period)


def missing(viewer, instalment):
    return [line.missing for line in lines_of(viewer, instalment)]


def attend(manager, enrolment):
    planned = make_session(manager, enrolment.action, title="Atelier CV")
    row = (enrolment.person, "present", Decimal(3), "")
    record_attendance(planned=planned, rows=[row], by=manager, now=timezone.now())


def complete(manager, enrolment, **paper):
    make_document(manager, enrolment.person, kind="identity", title="Carte", **paper)
    contract = Commitment.objects.get(enrolment=enrolment)
    sign_on_paper(commitment=contract, signed_on=enrolment.opened_on, by=manager, now=timezone.now())
    attend(manager, enrolment)


def unpacked(response):
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def test_each_piece_given_leaves_the_list(manager, instalment, enrolment):
    assert missing(manager, instalment) == [("identity", "commitment", "attendance")]
    expired = {"valid_until": enrolment.opened_on - timedelta(days=1)}
    make_document(manager, enrolment.person, kind="identity", title="Vieille carte", **expired)
    assert missing(manager, instalment) == [("identity", "commitment", "attendance")]
    complete(manager, enrolment)
    assert missing(manager, instalment) == [()]
    given = {"on": date(2026, 11, 2), "by": manager, "now": timezone.now()}
    enrolment.refresh_from_db()
    make_contract(manager, enrolment)
    close_enrolment(enrolment=enrolment, reason="job", version=enrolment.version, **given)
    assert missing(manager, instalment) == [()]


def test_who_was_there_during_the_period_is_counted_once(manager, instalment, enrolment):
    make_enrolment(manager, enrolment.action, on=date(2026, 7, 1))
    assert [len(lines_of(manager, instalment, period)) for period in (
        (date(2026, 1, 1), date(2026, 3, 1)),
        (date(2026, 1, 1), date(2026, 3, 2)),
        (date(2026, 7, 1), date(2026, 12, 31)),
    )] == [0, 1, 2]  # fmt: skip
    count = count_claim(lines_of(manager, instalment))
    assert (count.counted, count.complete, count.incomplete) == (2, 0, 2)


def test_a_protected_file_is_counted_not_shown(manager, instalment):
    other = MembershipFactory(manager=True)
    action = instalment.agreement.action
    person = make_eligible(manager, is_protected=True)
    make_enrolment(manager, action, person)
    Person.objects.filter(pk=person.pk).update(referent_organisation=other.organisation)
    person.grants.update(scope="file")
    make_enrolment(manager, action)
    lines = {line.name: line for line in lines_of(manager, instalment)}
    assert lines["Dossier non visible"].missing == ("closed_file",)
    assert lines["Dossier non visible"].papers == ()
    assert len(lines) == 2


def test_as_many_queries_with_1_and_3_participants(manager, instalment, enrolment):
    complete(manager, enrolment)
    with CaptureQueriesContext(connection) as one:
        lines_of(manager, instalment)
    for _ in range(2):
        make_document(manager, make_enrolment(manager, enrolment.action).person, kind="identity", title="Carte")
    with CaptureQueriesContext(connection) as three:
        assert len(lines_of(manager, instalment)) == 3
    assert len(one) == len(three)


def test_a_frozen_file_stays_and_says_what_changed(manager, instalment, enrolment):
    claim = make_claim_file(manager, instalment)
    assert [row.missing for row in claim.participants.all()] == [["identity", "commitment", "attendance"]]
    assert list_figures_since(claim) == []
    complete(manager, enrolment)
    make_enrolment(manager, enrolment.action, on=date(2026, 11, 20))
    (line,) = list_frozen_lines_for(manager, claim)
    assert line.missing == ("identity", "commitment", "attendance")
    assert [paper.kind for paper in line.papers] == ["identity"]
    changed = {change.label: (change.then, change.now) for change in list_figures_since(claim)}
    assert (1, 2) in changed.values()


@pytest.mark.parametrize("model", [ClaimFile, ClaimParticipant])
def test_the_database_refuses_to_change_it(manager, model):
    make_claim_file(manager)
    for change in (lambda rows: rows.update(id=-1), lambda rows: rows._raw_delete(rows.db)):
        with pytest.raises(DatabaseError, match="stays as it was"), transaction.atomic():
            change(model.objects.all())


def test_what_cannot_be_frozen(manager, instalment):
    given = {"instalment": instalment, "by": manager, "now": timezone.now()}
    with pytest.raises(ClaimRefused, match="Personne"):
        freeze_claim(since=YEAR[0], until=YEAR[1], **given)
    with pytest.raises(ClaimRefused, match="finit avant"):
        freeze_claim(since=YEAR[1], until=YEAR[0], **given)
    with pytest.raises(ClaimRefused, match="commencé"):
        freeze_claim(since=date(2026, 12, 1), until=date(2026, 12, 31), **given)
    stranger = MembershipFactory(manager=True)
    with pytest.raises(ClaimRefused, match="responsable"):
        freeze_claim(since=YEAR[0], until=YEAR[1], **given | {"by": stranger})


def test_the_zip_holds_everything_and_its_manifest_checks(client_for, manager, instalment, enrolment):
    complete(manager, enrolment)
    make_document(manager, enrolment.person, kind="cv", title="CV non demandé")
    make_budget_line(manager, enrolment.action, amount=Decimal(20000))
    claim = make_claim_file(manager, instalment)
    response = client_for(manager).get(reverse("steering:claim_zip", args=[claim.ref]))
    assert response["Content-Disposition"] == f'attachment; filename="demande-{claim.ref}.zip"'
    archive = unpacked(response)
    names = archive.namelist()
    assert names[:4] == ["resume.pdf", "participants.xlsx", "chiffres.xlsx", "budget.xlsx"]
    assert names[4] == "presences/2026-11.pdf"
    (paper,) = [name for name in names if name.startswith("pieces/")]
    assert enrolment.person.code in paper and paper.endswith(".pdf") and archive.read(paper) == PDF
    assert archive.read("resume.pdf").startswith(b"%PDF")
    rows = list(csv.reader(io.StringIO(archive.read("manifeste.csv").decode("utf-8-sig")), delimiter=";"))[1:]
    assert {name: hashlib.sha256(archive.read(name)).hexdigest() for name, _, _ in rows} == {
        name: digest for name, _, digest in rows
    }


def test_a_download_is_noted_with_whose_papers_it_held(client_for, manager, instalment, enrolment):
    complete(manager, enrolment)
    claim = make_claim_file(manager, instalment)
    b"".join(client_for(manager).get(reverse("steering:claim_zip", args=[claim.ref])).streaming_content)
    noted = set(ReadAudit.objects.values_list("kind", "object_ref"))
    assert {("steering.claim_file", claim.ref), ("person", enrolment.person.code)} <= noted


def test_a_paper_lost_by_the_storage_is_said_not_hidden(client_for, manager, instalment, enrolment):
    document = make_document(manager, enrolment.person, kind="identity", title="Carte")
    claim = make_claim_file(manager, instalment)
    document.file.storage.delete(document.file.name)
    archive = unpacked(client_for(manager).get(reverse("steering:claim_zip", args=[claim.ref])))
    assert f"{document.ref}.pdf;;introuvable" in archive.read("manifeste.csv").decode()


def test_the_management_of_the_carrier_alone_has_it(client_for, manager):
    funder = make_funder()
    action = make_action(manager, partners=[make_partner_plan(funder, "funder")])
    instalment = make_instalment(manager, make_agreement(manager, action, funder))
    claim = make_claim_file(manager, instalment)
    urls = [reverse("steering:claim", args=[instalment.ref]), reverse("steering:claim_people", args=[instalment.ref])]
    urls += [reverse(f"steering:{name}", args=[claim.ref]) for name in ("claim_file", "claim_zip")]
    given = {
        MembershipFactory(manager=True, organisation=funder): 404,
        MembershipFactory(role=Role.FUNDER, organisation=funder): 403,
        MembershipFactory(counsellor=True, organisation=manager.organisation): 403,
        MembershipFactory(manager=True): 404,
        manager: 200,
    }
    for who, status in given.items():
        assert [client_for(who).get(url).status_code for url in urls] == [status] * 4


def test_a_claim_is_prepared_frozen_and_downloaded_on_screen(client_for, manager, instalment, enrolment):
    client, url = client_for(manager), reverse("steering:claim", args=[instalment.ref])
    page = client.get(url)
    assertContains(page, "Pièce d’identité, engagement signé, présence notée à une séance")
    assertContains(page, f"{reverse('people:person', args=[enrolment.person.code])}?onglet=documents")
    listed = client.get(reverse("steering:claim_people", args=[instalment.ref])).content.decode("utf-8-sig")
    assert f"{enrolment.person.code};02/03/2026;;incomplet;pièce d’identité" in listed
    typed = {name: page.context["freeze"][name].value() for name in ("form_key", "since", "until")}
    freeze = reverse("steering:claim_freeze", args=[instalment.ref])
    first, again = client.post(freeze, typed), client.post(freeze, typed)
    assert first["Location"] == again["Location"]
    claim = ClaimFile.objects.get()
    frozen = client.get(first["Location"])
    assertContains(frozen, "Télécharger le ZIP")
    assertContains(client.get(url), claim.ref)
    assertNotContains(frozen, "Ce qui a changé depuis")


def test_a_period_without_anyone_says_what_to_do(client_for, manager, instalment):
    page = client_for(manager).get(reverse("steering:claim", args=[instalment.ref]))
    assertContains(page, "Personne dans l’action pendant cette période")
    assertNotContains(page, "Figer le dossier")
    wrong = {"since": "2026-05-01", "until": "2026-04-01"}
    page = client_for(manager).get(reverse("steering:claim", args=[instalment.ref]), wrong)
    assertContains(page, "La période finit avant de commencer.")


def test_evidence_is_kept_until_the_agreement_is_settled(manager, instalment, enrolment):
    make_eligible(manager)
    assert list(list_owed_evidence(Person.objects.all(), date(2026, 11, 23))) == [enrolment.person]
    agreement = instalment.agreement
    agreement.state = "settled"
    agreement.save()
    assert not list_owed_evidence(Person.objects.all(), date(2026, 11, 23)).exists()
