"""The pages of a parcours: what they show, what they save, what they refuse."""

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from essaim.journal.models import Fact
from essaim.journal.queries import last_contact_of
from essaim.journeys.models import Commitment, Contact, Decision, HandOver, Measure, Mentoring, TrainingEntry
from essaim.journeys.operations import assign_staff, log_contact, open_signature_link, request_hand_over, sign_on_paper
from essaim.kernel.models import LinkAnswer
from tests.factories.accounts import MembershipFactory
from tests.factories.journeys import make_action, make_enrolment
from tests.factories.people import colleague_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def counsellor():
    return MembershipFactory(manager=True)


@pytest.fixture
def client(client_for, counsellor):
    return client_for(counsellor)


@pytest.fixture
def enrolment(counsellor):
    return make_enrolment(counsellor, on=date(2026, 10, 5))


def at(name, enrolment):
    return reverse(f"journeys:{name}", args=[enrolment.action.ref, enrolment.ref])


def tab(person):
    return reverse("people:person", args=[person.code]) + "?onglet=parcours"


def new(**values):
    return {"form_key": str(uuid4())} | values


def test_the_tab_tells_term_documents_and_what_can_be_done(client, enrolment):
    page = client.get(tab(enrolment.person)).content.decode()
    for words in [
        "Semaine 8 sur 13",
        "terme le 4 janvier 2027",
        "1 renouvellement possible",
        "Contrat entre le jeune et le club",
        "Renouveler",
        "Proposer un relais",
        "Ajouter une mesure",
        "Ajouter une formation",
        "Qui l’épaule",
    ]:
        assert words in page, words


def test_the_documents_are_told_by_what_is_left_to_sign(client, counsellor, enrolment, now):
    assert "<h3>Documents à signer</h3>" in client.get(tab(enrolment.person)).content.decode()
    contract = enrolment.commitments.get()
    sign_on_paper(commitment=contract, signed_on=date(2026, 10, 6), by=counsellor, now=now)
    page = client.get(tab(enrolment.person)).content.decode()
    assert "<h3>Documents à signer</h3>" not in page
    assert "<h3>Documents" in page


def test_nothing_is_offered_that_would_be_refused(client, counsellor, enrolment, now):
    to_renew = at("renew", enrolment)
    to_propose = reverse("journeys:hand_over_new", args=[enrolment.person.code])
    client.post(to_renew, {"version": enrolment.version, "accept": "oui", "on": "2026-11-20"})
    page = client.get(tab(enrolment.person)).content.decode()
    assert to_renew not in page
    assert "Durée maximale atteinte\u00a0: 2 × 3\u00a0mois" in page
    assert to_propose in page
    request_hand_over(
        person=enrolment.person, enrolment=enrolment, to_organisation=counsellor.organisation,
        to_user=colleague_of(counsellor).user, by=counsellor, now=now,
    )  # fmt: skip
    page = client.get(tab(enrolment.person)).content.decode()
    assert to_propose not in page
    assert "Un relais attend une réponse" in page


@pytest.mark.parametrize(("on", "words", "tone"), [
    (date(2026, 9, 1), "Fin le 30 novembre", "warning"),
    (date(2026, 8, 20), "Fin passée le 19 novembre", "danger"),
    (date(2026, 10, 5), "", ""),
])  # fmt: skip
def test_the_end_is_shown_once_near_on_the_person_and_among_the_participants(client, counsellor, on, words, tone):
    enrolment = make_enrolment(counsellor, on=on)
    person = reverse("people:person", args=[enrolment.person.code])
    action = reverse("journeys:action", args=[enrolment.action.ref])
    for url in (tab(enrolment.person), f"{person}?onglet=fil", action):
        page = client.get(url).content.decode()
        if words:
            assert f"chip-{tone}" in page
            assert words in page
        else:
            assert "Fin le" not in page
            assert "Fin passée" not in page
    file = client.get(action, {"format": "csv"}).content.decode()
    assert f";{enrolment.due_on:%d/%m/%Y};" in file


def test_renewing_then_cancelling(client, enrolment):
    page = client.get(at("renew", enrolment)).content.decode()
    assert "La fiche prévoit 3\u00a0mois, renouvelables 1\u00a0fois, 6\u00a0mois en tout." in page
    saved = client.post(at("renew", enrolment), {"version": enrolment.version, "accept": "oui", "on": "2026-11-20"})
    assert saved.url == tab(enrolment.person)
    decision = Decision.objects.get(step="renewal")
    enrolment.refresh_from_db()
    refused = client.post(at("renew", enrolment), {"version": enrolment.version, "accept": "oui", "on": "2026-11-20"})
    assert "ne peut plus être renouvelé" in refused.content.decode()
    url = reverse("journeys:renewal_cancel", args=[decision.ref])
    assert client.post(url, {"version": enrolment.version}).status_code == 302
    assert client.get(url).status_code == 404


def test_a_measure_from_the_form_to_its_cancelling(client, enrolment):
    data = new(type="brick", label="Atelier voix", used_on="2026-11-02", cost="12,50")
    url = at("measure_new", enrolment)
    assert [client.post(url, data).status_code for _ in range(2)] == [302, 302]
    measure = Measure.objects.get()
    edit = reverse("journeys:measure_edit", args=[measure.ref])
    assert "12,5" in client.get(edit).content.decode()
    changed = data | new(version=1, label="Atelier corps et voix")
    assert client.post(edit, changed).status_code == 302
    assert Measure.objects.get().label == "Atelier corps et voix"
    assert "quelqu’un d’autre" in client.post(edit, changed | new()).content.decode().lower()
    cancel = reverse("journeys:measure_cancel", args=[measure.ref])
    assert client.post(cancel, {"version": 2}).status_code == 302
    assert client.get(edit).status_code == 404


def test_a_training_and_a_help(client, counsellor, enrolment, now):
    data = new(title="CACES", is_qualifying="on", joined_on="2026-11-02", starts="2026-11-02")
    assert client.post(at("training_new", enrolment), data).status_code == 302
    training = TrainingEntry.objects.get()
    edit = reverse("journeys:training_edit", args=[training.ref])
    assert client.post(edit, data | new(version=1, ends="2026-12-01")).status_code == 302
    cancel = reverse("journeys:training_cancel", args=[training.ref])
    assert client.post(cancel, {"version": 2}).status_code == 302

    staff = assign_staff(
        action=enrolment.action, name="Odette", role="mentor", starts=date(2026, 1, 5), by=counsellor, now=now
    )
    assert "Odette" in client.get(at("mentoring_new", enrolment)).content.decode()
    assert (
        client.post(at("mentoring_new", enrolment), new(mentor=f"s{staff.pk}", since="2026-11-02")).status_code == 302
    )
    end = reverse("journeys:mentoring_end", args=[Mentoring.objects.get().ref])
    assert client.post(end, {"version": 1, "until": "2026-11-20"}).status_code == 302
    page = client.get(tab(enrolment.person)).content.decode()
    assert "Odette" in page
    assert "CACES" not in page


def test_a_contact_by_mistake_is_taken_back_by_its_author_or_a_manager(client, client_for, counsellor, enrolment, now):
    author, other = colleague_of(counsellor), colleague_of(counsellor)
    given = {"mode": "phone", "reached": True, "now": now}
    for _ in range(2):
        log_contact(person=enrolment.person, enrolment=enrolment, at=now, by=author, **given)
    first, second = Contact.objects.order_by("pk")
    urls = [reverse("journeys:contact_cancel", args=[one.pk]) for one in (first, second)]
    fil = reverse("people:person", args=[enrolment.person.code]) + "?onglet=fil"
    assert urls[0] not in client_for(other).get(fil).content.decode()
    assert client_for(other).get(urls[0]).status_code == 404
    hers = client_for(author)
    assert urls[0] in hers.get(fil).content.decode()
    assert "Téléphone" in hers.get(urls[0]).content.decode()
    assert hers.post(urls[0], new()).status_code == 302
    assert hers.get(urls[0]).status_code == 404
    assert last_contact_of(enrolment.person) == date(2026, 11, 23)
    assert client.post(urls[1], new()).status_code == 302
    assert not Contact.objects.exists()
    assert (
        not Fact.objects.filter(kind="contact_made", live=True)
        .exclude(corrects=None)
        .exclude(data={"void": True})
        .exists()
    )
    assert last_contact_of(enrolment.person) != date(2026, 11, 23)
    page = client.get(fil).content.decode()
    assert "Annuler ce contact" not in page


def test_a_help_by_mistake_is_taken_back(client, counsellor, enrolment, now):
    staff = assign_staff(
        action=enrolment.action, name="Odette", role="mentor", starts=date(2026, 1, 5), by=counsellor, now=now
    )
    client.post(at("mentoring_new", enrolment), new(mentor=f"s{staff.pk}", since="2026-11-02"))
    url = reverse("journeys:mentoring_cancel", args=[Mentoring.objects.get().ref])
    assert url in client.get(tab(enrolment.person)).content.decode()
    assert "Annuler cette aide" in client.get(url).content.decode()
    assert client.post(url, {"version": 1}).url == tab(enrolment.person)
    assert not Mentoring.objects.exists()
    assert client.get(url).status_code == 404


def test_a_contact_in_one_line(client, enrolment):
    url = reverse("journeys:contact_new", args=[enrolment.person.code])
    saved = client.post(url, new(mode="phone", answer="reached", day="2026-11-20", hour="16:30"))
    assert saved.status_code == 302
    contact = Contact.objects.get()
    assert (contact.enrolment, contact.fact.kind, contact.at.hour) == (enrolment, "contact_made", 15)
    client.post(url, new(mode="message", answer="wrote", day="2026-11-23"))
    assert Contact.objects.latest("pk").fact.kind == "journeys.message_received"
    future = client.post(url, new(mode="phone", answer="tried", day="2026-11-23", hour="23:00"))
    assert "dans l’avenir" in future.content.decode()


def test_a_contract_signed_here_then_on_paper(client, enrolment):
    contract = Commitment.objects.get()
    url = reverse("journeys:commitment", args=[contract.ref])
    page = client.get(url).content.decode()
    assert "Venir au club 5\u00a0jours par semaine" in page
    data = new(signatory="person", signed_on="2026-10-05")
    assert [client.post(url, data).status_code for _ in range(2)] == [302, 302]
    assert contract.signatures.count() == 1
    twice = client.post(url, new(signatory="person", signed_on="2026-10-05"))
    assert twice.status_code == 200
    paper = reverse("journeys:commitment_paper", args=[contract.ref])
    assert client.post(paper, new(signed_on="2026-10-06")).status_code == 302
    assert Commitment.objects.get().state == "signed"
    assert "Signé" in client.get(url).content.decode()
    cancel = reverse("journeys:commitment_cancel", args=[contract.ref])
    assert client.post(cancel, {"version": Commitment.objects.get().version}).status_code == 302
    again = reverse("journeys:commitment_new", args=[enrolment.action.ref, enrolment.ref, "club_contract"])
    assert client.post(again).status_code == 302
    assert Commitment.objects.filter(state="prepared").count() == 1


def test_the_contract_is_a_pdf_of_one_page(client, enrolment):
    response = client.get(reverse("journeys:commitment_file", args=[Commitment.objects.get().ref]))
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    assert response.content.count(b"/Type /Page\n") + response.content.count(b"/Type/Page/") <= 1


def test_a_link_shows_no_name_and_signs_on_post_only(client, counsellor, enrolment, now):
    contract = Commitment.objects.get()
    shown = client.post(reverse("journeys:commitment_link", args=[contract.ref, "person"])).content.decode()
    assert "/signer/" in shown
    token = open_signature_link(commitment=contract, signatory="person", by=counsellor, now=now)
    url, visitor = reverse("journeys:sign_link", args=[token]), Client()
    page = visitor.get(url).content.decode()
    for secret in [
        enrolment.person.first_name, enrolment.person.last_name, counsellor.user.last_name, counsellor.user.email,
        enrolment.action.title, counsellor.organisation.name,
    ]:  # fmt: skip
        assert secret not in page
    visitor.head(url)
    assert not LinkAnswer.objects.exists()
    assert "C’est signé" in visitor.post(url, {"reponse": "signer"}).content.decode()
    closed = visitor.get(url).content
    assert closed == Client().get(reverse("journeys:sign_link", args=["faux"])).content
    assert contract.signatures.count() == 1


def test_a_link_that_reached_someone_else_closes(counsellor, enrolment, now):
    token = open_signature_link(commitment=Commitment.objects.get(), signatory="person", by=counsellor, now=now)
    url, visitor = reverse("journeys:sign_link", args=[token]), Client()
    assert "Rien n’a été signé" in visitor.post(url, {"reponse": "pas-moi"}).content.decode()
    assert "ne permet plus" in visitor.post(url, {"reponse": "signer"}).content.decode()


def test_a_relay_proposed_refused_and_proposed_again(client, client_for, counsellor, enrolment):
    other = MembershipFactory()
    url = reverse("journeys:hand_over_new", args=[enrolment.person.code])
    url += f"?action={enrolment.action.ref}&parcours={enrolment.ref}"
    assert "Choisissez un collègue" in client.post(url, new()).content.decode()
    colleague = colleague_of(counsellor)
    assert client.post(url, new(to_user=colleague.user.uuid, words="SMS")).status_code == 302
    relay = HandOver.objects.get()
    theirs = client_for(colleague)
    assert enrolment.person.full_name in theirs.get(reverse("journeys:hand_over_list")).content.decode()
    assert "SMS" in theirs.get(reverse("journeys:hand_over", args=[relay.ref])).content.decode()
    assert client_for(other).get(reverse("journeys:hand_over", args=[relay.ref])).status_code == 404
    refuse = reverse("journeys:hand_over_refuse", args=[relay.ref])
    assert theirs.post(refuse, {"version": 1, "words": "Complet."}).status_code == 302
    assert client.post(url, new(to_user=colleague.user.uuid)).status_code == 302
    again = HandOver.objects.get(state="proposed")
    cancel = reverse("journeys:hand_over_cancel", args=[again.ref])
    assert client.post(cancel, {"version": 1}).status_code == 302


def test_caseloads_and_the_review_of_the_month(client, counsellor, enrolment):
    page = client.get(reverse("journeys:review_list")).content.decode()
    assert counsellor.user.full_name in page
    names = [counsellor.user.uuid, "2026-11"]
    line = reverse("journeys:review_line", args=[*names, enrolment.ref])
    assert client.post(line, {"verdict": "renew", "words": "En bonne voie."}).status_code == 302
    url = reverse("journeys:review", args=names)
    assert "En bonne voie." in client.get(url).content.decode()
    assert client.post(url, new(held_on="2026-11-23")).status_code == 302
    assert "Revue tenue le 23 novembre 2026" in client.get(url).content.decode()
    assert client.get(reverse("journeys:review_file", args=names)).status_code == 200
    assert client.get(reverse("journeys:review", args=[counsellor.user.uuid, "2026-13"])).status_code == 404


def test_the_tab_costs_the_same_for_three(client, counsellor, enrolment, now, django_assert_max_num_queries):
    sign_on_paper(commitment=Commitment.objects.get(), signed_on=date(2026, 10, 5), by=counsellor, now=now)
    with django_assert_max_num_queries(60) as first:
        client.get(tab(enrolment.person))
    for _ in range(2):
        more = make_enrolment(counsellor, make_action(counsellor), enrolment.person, on=date(2026, 10, 5))
        request_hand_over(
            person=more.person, enrolment=more, to_organisation=MembershipFactory().organisation,
            by=counsellor, now=now,
        )  # fmt: skip
    with django_assert_max_num_queries(60) as third:
        client.get(tab(enrolment.person))
    assert len(third) == len(first)
