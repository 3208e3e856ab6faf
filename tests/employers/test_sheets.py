"""Sheets of profiles: agreements, editions, sendings, what employers read; and the watches of employers."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from essaim.employers.engine.cards import card_of, find_forbidden, initial_of
from essaim.employers.models import ProfileCard, SheetAgreement, SheetSending
from essaim.employers.operations import (
    ApproachRefused,
    CompanyFacts,
    SheetRefused,
    close_sheet_links,
    finish_next_step,
    save_company_profile,
    send_sheet,
    update_sheet,
    withdraw_agreement,
)
from essaim.employers.queries import (
    find_job_interview_coming,
    find_next_step_due,
    find_profiles_sheet_due,
    list_agreement_lines_for,
    list_cards_of,
    next_sheet_on,
    sheet_document,
)
from essaim.journal.models import Fact
from essaim.journeys.operations import close_enrolment
from essaim.kernel.alerts import ALERT_COLUMNS, AlertScope
from essaim.kernel.models import Message
from tests.factories.accounts import MembershipFactory
from tests.factories.employers import (
    CARD,
    make_agreement,
    make_approach,
    make_company,
    make_interview,
    make_sheet,
)
from tests.factories.journeys import make_action, make_eligible, make_enrolment
from tests.factories.people import ProfileFactory, colleague_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def counsellor():
    return MembershipFactory()


def reachable(name="Logis Express"):
    return make_company(name=name, email=f"{uuid4().hex[:6]}@exemple.fr")


def token_of(message):
    return re.search(r"/profils/([^/\s]+)/", message.body)[1]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ponctuelle, 5 ans d’expérience en vente", None),
        ("CACES 1, 3 et 5", None),
        ("Appelez-moi au 06 12 34 56 78", "contact"),
        ("ines@exemple.fr", "contact"),
        ("J’ai 22 ans et envie d’apprendre", "age"),
        ("Âgée de vingt ans", "age"),
        ("Bénéficiaire d’une RQTH", "health"),
        ("J’habite en QPV", "origin"),
        ("Madame Kadrani, motivée", "name"),
    ],
)
def test_what_employers_must_never_learn_is_found(text, code):
    assert find_forbidden(text, "Kadrani") == code


def test_a_card_shows_the_chosen_fields_only():
    assert initial_of("Jean-Noël") == "J.-N."
    card = {"trade": "Vendeuse", "words": "Souriante", "sex": "female"}
    assert card_of(card, first_name="Inès", fields=["trade"]) == {"heading": "I.", "trade": "Vendeuse"}
    assert card_of(card, first_name="Inès", fields=["first_name", "trade"])["heading"] == "Inès"


def test_an_agreement_is_kept_replaced_and_withdrawn(counsellor, now):
    first = make_agreement(counsellor)
    enrolment = first.enrolment
    second = make_agreement(counsellor, enrolment, card={"trade": "Cariste"}, agreed_on=TODAY)
    first.refresh_from_db()
    assert first.withdrawn_at and (second.fields, second.card) == (["trade"], {"trade": "Cariste"})
    withdraw_agreement(agreement=second, by=counsellor, now=now)
    kinds = Fact.objects.filter(kind__startswith="employers.sheet").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["employers.sheet_agreed", "employers.sheet_agreed", "employers.sheet_withdrawn"]
    with pytest.raises(SheetRefused, match="déjà retiré"):
        withdraw_agreement(agreement=second, by=counsellor, now=now)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"card": {"first_name": "", "words": "Bonjour"}}, "trade"),
        ({"card": {"trade": "x" * 61}}, "trade"),
        ({"card": CARD | {"words": "Mon 06 12 34 56 78"}}, "words"),
        ({"card": CARD | {"sex": "female"}}, None),
        ({"agreed_on": date(2026, 11, 24)}, "agreed_on"),
        ({"expires_on": date(2026, 10, 1)}, "expires_on"),
        ({"expires_on": date(2027, 10, 3)}, "expires_on"),
    ],
)
def test_an_impossible_agreement_is_refused(counsellor, values, field):
    with pytest.raises(SheetRefused) as refusal:
        make_agreement(counsellor, **values)
    assert refusal.value.field == field
    assert not SheetAgreement.objects.exists()


def test_protected_people_and_strangers_have_no_agreement(counsellor, now):
    person = make_eligible(counsellor, protected=True)
    with pytest.raises(SheetRefused, match="protégée"):
        make_agreement(counsellor, make_enrolment(counsellor, person=person))
    enrolment = make_enrolment(counsellor)
    for by in (MembershipFactory(), colleague_of(counsellor, role="employer_relations")):
        with pytest.raises(ApproachRefused):
            make_agreement(by, enrolment)
    closed = close_enrolment(
        enrolment=enrolment, reason="job", on=TODAY, version=enrolment.version, by=counsellor, now=now
    )
    with pytest.raises(SheetRefused, match="terminé"):
        make_agreement(counsellor, closed)


def test_an_edition_takes_valid_agreements_only(counsellor, now):
    good = make_agreement(counsellor)
    action = good.enrolment.action
    over = make_agreement(
        counsellor, make_enrolment(counsellor, action, make_eligible(counsellor)), expires_on=date(2026, 11, 1)
    )
    hidden = make_agreement(counsellor, make_enrolment(counsellor, action, make_eligible(counsellor)))
    hidden.enrolment.person.is_protected = True
    hidden.enrolment.person.save()
    elsewhere = make_agreement(counsellor)
    for wrong in (over, hidden, elsewhere):
        with pytest.raises(SheetRefused) as refusal:
            make_sheet(counsellor, good, wrong)
        assert refusal.value.field == "people"
    with pytest.raises(SheetRefused) as refusal:
        make_sheet(counsellor, good, title=" ")
    assert refusal.value.field == "title"
    sheet = make_sheet(counsellor, good)
    given = {"title": "Autre", "edition_on": TODAY, "by": counsellor, "now": now}
    with pytest.raises(SheetRefused):
        update_sheet(sheet=sheet, agreements=[], version=1, **given)
    assert update_sheet(sheet=sheet, agreements=[good], version=1, **given).title == "Autre"
    send_sheet(sheet=sheet, companies=[reachable()], by=counsellor, now=now)
    sheet.refresh_from_db()
    with pytest.raises(SheetRefused, match="envoyée"):
        update_sheet(sheet=sheet, agreements=[good], version=sheet.version, **given)


def test_sending_writes_a_fact_a_message_and_a_link_each(counsellor, now):
    sheet, company, other = make_sheet(counsellor), reachable(), reachable("Autre")
    person = sheet.cards.get().agreement.enrolment.person
    send_sheet(sheet=sheet, companies=[company, other], by=counsellor, now=now)
    facts = Fact.objects.filter(kind="org_contacted", live=True)
    assert [(fact.data, fact.subject) for fact in facts] == [({"mode": "email", "purpose": "information"}, None)] * 2
    messages = list(Message.objects.filter(about_ref=sheet.ref))
    assert len(messages) == 2 and all(message.holds_link for message in messages)
    assert all(person.first_name not in message.body + message.subject for message in messages)
    assert ProfileCard.objects.get().content["trade"] == CARD["trade"]
    for companies, words in [([], "au moins"), ([company], "déjà reçu"), ([make_company(email="")], "Aucune adresse")]:
        with pytest.raises(SheetRefused, match=words) as refusal:
            send_sheet(sheet=sheet, companies=companies, by=counsellor, now=now)
        assert refusal.value.field == "companies"
    assert SheetSending.objects.count() == 2


def test_who_withdraws_leaves_what_employers_read(counsellor, now):
    first = make_agreement(counsellor)
    action = first.enrolment.action
    second = make_agreement(
        counsellor,
        make_enrolment(counsellor, action, make_eligible(counsellor)),
        card={"trade": "Cuisinier", "words": "Créatif"},
    )
    sheet = make_sheet(counsellor, first, second)
    send_sheet(sheet=sheet, companies=[reachable()], by=counsellor, now=now)
    token = token_of(Message.objects.get(about_ref=sheet.ref))
    page, pdf = reverse("employers:open_sheet", args=[token]), reverse("employers:open_sheet_pdf", args=[token])
    anyone = Client()
    assert "2 profils" in anyone.get(page).content.decode().replace("\xa0", " ")
    assert anyone.get(pdf)["Content-Type"] == "application/pdf"
    assert all("no-store" in anyone.get(url)["Cache-Control"] for url in (page, pdf))
    withdraw_agreement(agreement=second, by=counsellor, now=now)
    cards = sheet_document(sheet, on=TODAY)["cards"]
    assert [card["trade"] for card in cards] == [CARD["trade"]]
    withdraw_agreement(agreement=first, by=counsellor, now=now)
    assert {anyone.get(page).status_code, anyone.get(pdf).status_code} == {404}


def test_links_expire_and_are_closed_and_tell_nothing_of_a_person(counsellor, now):
    sheet = make_sheet(counsellor)
    enrolment = sheet.cards.get().agreement.enrolment
    ProfileFactory(person=enrolment.person, recorded_by=counsellor.user, day=TODAY)
    send_sheet(sheet=sheet, companies=[reachable()], by=counsellor, now=now)
    document = str(sheet_document(sheet, on=TODAY))
    for secret in (enrolment.person.last_name, enrolment.person.code, "female", "qpv", "2004"):
        assert secret not in document
    assert list_cards_of(sheet, date(2027, 4, 1)) == []
    token = token_of(Message.objects.get(about_ref=sheet.ref))
    assert close_sheet_links(sheet=sheet, by=counsellor, now=now) == 1
    assert Client().get(reverse("employers:open_sheet", args=[token])).status_code == 404


def test_the_screens_from_the_agreement_to_the_sending(client_for, counsellor):
    client = client_for(counsellor)
    enrolment = make_enrolment(counsellor)
    ref, company = enrolment.action.ref, reachable()
    save_company_profile(company=company, facts=CompanyFacts(20), version=0, by=counsellor, now=enrolment.created_at)
    data = {
        "form_key": str(uuid4()), "shows_first_name": "on", "trade": "Cariste", "agreed_on": "2026-11-20",
        "expires_on": "2027-01-20", "was_shown": "on",
    }  # fmt: skip
    agree = reverse("employers:agree", args=[ref, enrolment.ref])
    assert "was_shown" in client.post(agree, data | {"was_shown": ""}).context["form"].errors
    for _ in range(2):
        assert client.post(agree, data).url.endswith("onglet=profiles")
    agreement = SheetAgreement.objects.get()
    assert enrolment.person.full_name in client.get(f"/actions/{ref}/", {"onglet": "profiles"}).content.decode()
    new = {"form_key": str(uuid4()), "title": "Nos profils", "edition_on": "2026-11-23", "people": agreement.pk}
    url = client.post(reverse("employers:sheet_new", args=[ref]), new).url
    assert client.get(f"{url}pdf/")["Content-Type"] == "application/pdf"
    send = {"form_key": str(uuid4()), "companies": company.ref}
    for _ in range(2):
        assert client.post(url, send).url == url
    assert SheetSending.objects.count() == 1
    assert company.name in client.get(url).content.decode()
    withdraw = reverse("employers:withdraw", args=[ref, enrolment.ref])
    assert client.post(withdraw, {"form_key": str(uuid4())}).status_code == 302
    assert client.get(withdraw).status_code == 404
    assert "Plus personne" in client.get(url).content.decode()


def scope(kind, *actions, **settings):
    return AlertScope(kind=kind, on=TODAY, settings_by_action={action.pk: settings for action in actions})


def read(rows):
    return [dict(zip(ALERT_COLUMNS, row, strict=True)) for row in rows]


def test_next_steps_are_watched_until_done(counsellor, now):
    approach = make_approach(counsellor, next_step="call_back", next_on=date(2026, 11, 20))
    make_approach(counsellor, approach.enrolment, next_step="visit", next_on=date(2026, 12, 20))
    watched = scope("employers.next_step_due", approach.action)
    (line,) = read(find_next_step_due(watched))
    assert (line["alert_subject"], str(line["alert_due"]), line["alert_title"], line["alert_user"]) == (
        approach.ref, "2026-11-20", approach.company.name, counsellor.user_id,
    )  # fmt: skip
    finish_next_step(approach=approach, version=1, by=counsellor, now=now)
    assert read(find_next_step_due(watched)) == []


def test_job_interviews_to_come_are_watched(counsellor, now):
    soon = make_interview(counsellor, starts=now + timedelta(days=2))
    action = soon.application.action
    far = make_interview(counsellor, starts=now + timedelta(days=20))
    lines = read(find_job_interview_coming(scope("employers.job_interview_coming", action, far.application.action)))
    assert [(line["alert_subject"], str(line["alert_due"])) for line in lines] == [(soon.ref, "2026-11-25")]


def test_the_sheet_is_due_every_so_many_days(counsellor, now):
    sheet = make_sheet(counsellor, edition_on=date(2026, 11, 1))
    action, empty = sheet.action, make_action(counsellor)
    watched = scope("employers.profiles_sheet_due", action, empty, days=30)
    (line,) = read(find_profiles_sheet_due(watched))
    assert (line["alert_action"], str(line["alert_due"]), line["alert_number"]) == (action.ref, "2026-01-31", 326)
    assert next_sheet_on(action) == date(2026, 1, 31)
    send_sheet(sheet=sheet, companies=[reachable()], by=counsellor, now=now)
    assert read(find_profiles_sheet_due(watched)) == []
    assert next_sheet_on(action) == date(2026, 12, 1)


def test_the_lines_of_agreements_leave_protected_people_out(counsellor):
    enrolment = make_enrolment(counsellor)
    make_enrolment(counsellor, enrolment.action, make_eligible(counsellor, protected=True))
    lines = list_agreement_lines_for(counsellor, enrolment.action, TODAY)
    assert [(line.enrolment, line.agreement, line.is_valid) for line in lines] == [(enrolment, None, False)]


def test_queries_do_not_grow_with_the_profiles(client_for, counsellor):
    client, action = client_for(counsellor), make_action(counsellor)

    def count(number):
        chosen = [
            make_agreement(counsellor, make_enrolment(counsellor, action, make_eligible(counsellor)))
            for _ in range(number)
        ]
        url = reverse("employers:sheet", args=[action.ref, make_sheet(counsellor, *chosen).ref])
        found = []
        for address in (f"/actions/{action.ref}/?onglet=profiles", url):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            found.append(len(captured))
        return found

    assert count(1) == count(3)
