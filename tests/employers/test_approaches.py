"""Approaches to employers: the row and the live fact say the same thing, and the practice's rules hold."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from essaim.directory.models import Organisation
from essaim.employers.models import Approach, CompanyProfile
from essaim.employers.operations import (
    ApproachPlan,
    ApproachRefused,
    CompanyFacts,
    CompanyRefused,
    ContactDetails,
    add_contact,
    cancel_approach,
    correct_approach,
    finish_next_step,
    postpone_next_step,
    save_company_profile,
    take_company,
    update_contact,
)
from essaim.employers.queries import list_approaches_for, list_contacts_for, list_suggestions_for
from essaim.journal.models import Fact
from essaim.journeys.operations import close_enrolment
from essaim.kernel.edit_versions import EditConflict
from tests.factories.accounts import MembershipFactory
from tests.factories.directory import OrganisationFactory
from tests.factories.employers import make_approach, make_company
from tests.factories.journeys import make_action, make_eligible, make_enrolment, make_partner_plan
from tests.factories.people import ProfileFactory, colleague_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 20)


@pytest.fixture
def counsellor():
    return MembershipFactory()


def live():
    return [
        (fact.data["mode"], fact.data["purpose"], str(fact.day), fact.organisation.name)
        for fact in Fact.objects.filter(kind="org_contacted", live=True).order_by("pk")
    ]


def know(company, by, version=0, **facts):
    return save_company_profile(
        company=company, facts=CompanyFacts(**facts), version=version, by=by, now=timezone.now()
    )


def test_an_approach_is_a_row_and_a_fact_then_a_follow_up(counsellor):
    enrolment, company = make_enrolment(counsellor), make_company(name="Logis Express")
    first = make_approach(counsellor, enrolment, company=company, channel="event")
    make_approach(counsellor, action=enrolment.action, company=company, channel="email", made_on=date(2026, 4, 27))
    assert live() == [
        ("visit", "prospecting", "2026-04-20", "Logis Express"),
        ("email", "follow_up", "2026-04-27", "Logis Express"),
    ]
    assert first.fact.subject.person == enrolment.person
    assert first.by_person


def test_an_unknown_company_is_created_once_whatever_the_spelling(counsellor):
    enrolment = make_enrolment(counsellor)
    first = make_approach(counsellor, enrolment, company_name="Boulangerie de l’Étoile")
    again = make_approach(counsellor, enrolment, company_name=" boulangerie de l'etoile ")
    assert first.company == again.company
    assert (first.company.kind, first.company.name) == ("company", "Boulangerie de l’Étoile")


def test_namesakes_are_told_apart_by_their_commune(counsellor):
    make_company(name="Casino"), make_company(name="CASINO")
    with pytest.raises(CompanyRefused, match="Plusieurs") as refusal:
        take_company(company=None, name="casino", by=counsellor, now=timezone.now())
    assert refusal.value.field == "company_name"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"channel": "pigeon"}, "channel"),
        ({"answer": "maybe"}, "answer"),
        ({"made_on": date(2026, 11, 24)}, "made_on"),
        ({"made_on": date(2026, 3, 1)}, "made_on"),
        ({"made_on": date(2025, 12, 31)}, "made_on"),
        ({"next_step": "dance", "next_on": DAY}, "next_step"),
        ({"next_step": "call_back"}, "next_on"),
        ({"next_on": DAY}, "next_step"),
        ({"next_step": "call_back", "next_on": date(2026, 4, 19)}, "next_on"),
        ({"company_name": "  "}, "company_name"),
        ({"company_name": "x" * 201}, "company_name"),
    ],
)
def test_an_impossible_approach_is_refused_beside_its_field(counsellor, values, field):
    with pytest.raises((ApproachRefused, CompanyRefused)) as refusal:
        make_approach(counsellor, **values)
    assert refusal.value.field == field
    assert not Approach.objects.exists()


def test_nobody_prospects_before_the_end_of_her_training(counsellor):
    enrolment = make_enrolment(counsellor)
    with pytest.raises(ApproachRefused, match="entraînement"):
        make_approach(counsellor, enrolment, made_on=date(2026, 3, 4))
    free = make_enrolment(counsellor, make_action(counsellor, settings={"training_first": False}))
    assert make_approach(counsellor, free, made_on=date(2026, 3, 4)).pk


def test_nobody_prospects_after_her_exit_nor_for_someone_else(counsellor, now):
    enrolment = make_enrolment(counsellor)
    closed = close_enrolment(
        enrolment=enrolment, reason="job", on=date(2026, 4, 10), version=enrolment.version, by=counsellor, now=now
    )
    with pytest.raises(ApproachRefused, match="sortie"):
        make_approach(counsellor, closed)
    with pytest.raises(ApproachRefused, match="personnes"):
        make_approach(counsellor, enrolment, action=make_action(counsellor))
    with pytest.raises(ApproachRefused) as refusal:
        make_approach(counsellor, action=enrolment.action, by_person=True)
    assert refusal.value.field == "participant"


def test_an_employer_too_far_is_refused_unless_she_accepts_it(counsellor):
    enrolment, company = make_enrolment(counsellor), make_company(name="Loin SA")
    know(company, counsellor, travel_minutes=75)
    with pytest.raises(ApproachRefused, match="Loin SA est à 75 minutes") as refusal:
        make_approach(counsellor, enrolment, company=company)
    assert refusal.value.field == "accepts_distance"
    assert make_approach(counsellor, enrolment, company=company, accepts_distance=True).accepts_distance
    with pytest.raises(ApproachRefused, match="pour le groupe"):
        make_approach(counsellor, action=enrolment.action, company=company, accepts_distance=True)
    ProfileFactory(person=enrolment.person, recorded_by=counsellor.user, travel_minutes=90, day=date(2026, 3, 2))
    assert not make_approach(counsellor, enrolment, company=company).accepts_distance


def test_correcting_then_cancelling(counsellor, now):
    approach = make_approach(counsellor, next_step="call_back", next_on=date(2026, 4, 22))
    done = finish_next_step(approach=approach, version=1, by=counsellor, now=now)
    plan = ApproachPlan("visit", date(2026, 4, 21), "no")
    corrected = correct_approach(
        approach=done, company=None, company_name="Autre", plan=plan, version=2, by=counsellor, now=now
    )
    assert live() == [("visit", "prospecting", "2026-04-21", "Autre")]
    assert (corrected.next_step, corrected.next_done_at) == ("", None)
    with pytest.raises(EditConflict):
        cancel_approach(approach=corrected, version=2, by=counsellor, now=now)
    cancel_approach(approach=corrected, version=3, by=counsellor, now=now)
    assert live() == []
    assert not list_approaches_for(counsellor, action=approach.action).exists()
    with pytest.raises(ApproachRefused, match="annulée"):
        cancel_approach(approach=corrected, version=4, by=counsellor, now=now)


def test_next_steps_are_postponed_then_done(counsellor, now):
    approach = make_approach(counsellor, next_step="call_back", next_on=date(2026, 4, 22))
    with pytest.raises(ApproachRefused) as refusal:
        postpone_next_step(approach=approach, on=date(2026, 11, 22), version=1, by=counsellor, now=now)
    assert refusal.value.field == "on"
    later = postpone_next_step(approach=approach, on=date(2026, 11, 24), version=1, by=counsellor, now=now)
    finish_next_step(approach=later, version=2, by=counsellor, now=now)
    with pytest.raises(ApproachRefused, match="plus rien"):
        finish_next_step(approach=later, version=3, by=counsellor, now=now)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("colleague", True),
        ("relations with employers", False),
        ("seeing partner", True),
        ("blind partner", False),
        ("stranger", False),
        ("steering", False),
    ],
)
def test_who_logs_an_approach_of_a_person(counsellor, who, may):
    seeing, blind = MembershipFactory(), MembershipFactory()
    plans = [make_partner_plan(seeing.organisation, sees_people=True), make_partner_plan(blind.organisation)]
    enrolment = make_enrolment(counsellor, make_action(counsellor, partners=plans))
    by = {
        "colleague": colleague_of(counsellor),
        "relations with employers": colleague_of(counsellor, role="employer_relations"),
        "seeing partner": seeing,
        "blind partner": blind,
        "stranger": MembershipFactory(),
        "steering": colleague_of(counsellor, role="steering"),
    }[who]
    if may:
        assert make_approach(by, enrolment).user == by.user
    else:
        with pytest.raises(ApproachRefused):
            make_approach(by, enrolment)


def test_relations_with_employers_log_for_the_group_and_read_no_name(counsellor):
    enrolment = make_enrolment(counsellor)
    relations = colleague_of(counsellor, role="employer_relations")
    make_approach(relations, action=enrolment.action)
    make_approach(counsellor, enrolment)
    shown = list(list_approaches_for(relations, action=enrolment.action))
    assert [one.is_person_shown for one in shown] == [False, False]
    assert [one.is_person_shown for one in list_approaches_for(counsellor, action=enrolment.action)] == [True, False]
    assert not list_approaches_for(MembershipFactory(), action=enrolment.action).exists()
    assert not list_approaches_for(relations, person=enrolment.person).exists()


def test_a_protected_person_is_named_to_her_referent_team_only(counsellor):
    person = make_eligible(counsellor, protected=True)
    partner = MembershipFactory()
    action = make_action(counsellor, partners=[make_partner_plan(partner.organisation, sees_people=True)])
    make_approach(counsellor, make_enrolment(counsellor, action, person))
    assert list_approaches_for(counsellor, action=action).get().is_person_shown
    assert not list_approaches_for(partner, action=action).get().is_person_shown


def test_contacts_stay_in_the_organisation_that_noted_them(counsellor, now):
    company = make_company()
    contact = add_contact(
        company=company, details=ContactDetails("Nadège Roux", "RH", "+33491000000"), by=counsellor, now=now
    )
    assert list_contacts_for(colleague_of(counsellor), company).get() == contact
    stranger = MembershipFactory()
    assert not list_contacts_for(stranger, company).exists()
    for by, details in [(stranger, ContactDetails("X", phone="+33491000000")), (counsellor, ContactDetails("X"))]:
        with pytest.raises(CompanyRefused):
            update_contact(contact=contact, details=details, has_left=False, version=1, by=by, now=now)
    with pytest.raises(ApproachRefused) as refusal:
        make_approach(counsellor, contact=contact)
    assert refusal.value.field == "contact"
    left = update_contact(
        contact=contact,
        details=ContactDetails("Nadège Roux", email="n@exemple.fr"),
        has_left=True,
        version=1,
        by=counsellor,
        now=now,
    )
    assert left.left_on == date(2026, 11, 23)


def test_a_company_is_known_by_each_organisation_apart(counsellor):
    company = make_company()
    know(company, counsellor, travel_minutes=20, recruits_often=True)
    know(company, MembershipFactory(), travel_minutes=90)
    with pytest.raises(EditConflict):
        know(company, counsellor, travel_minutes=25)
    profile = know(company, counsellor, version=1, travel_minutes=25)
    assert (profile.travel_minutes, profile.recruits_often, profile.version) == (25, False, 2)
    for by, refused in [
        (MembershipFactory(role="funder"), company),
        (counsellor, OrganisationFactory(kind="mission_locale")),
        (counsellor, OrganisationFactory(kind="company", from_journal=True)),
    ]:
        with pytest.raises(CompanyRefused):
            know(refused, by)
    with pytest.raises(CompanyRefused) as refusal:
        know(make_company(), counsellor, travel_minutes=601)
    assert refusal.value.field == "travel_minutes"


def test_suggestions_follow_the_practice(counsellor, now):
    action = make_action(counsellor)
    near, far, charter, often, recent, closed = (make_company(name=name) for name in "ABCDEF")
    make_company(name="unknown")
    know(near, counsellor, travel_minutes=10)
    know(far, counsellor, travel_minutes=61, recruits_often=True)
    know(charter, counsellor, travel_minutes=50, signed_diversity_charter=True)
    know(often, counsellor, recruits_often=True, is_key_account=True)
    know(recent, counsellor, travel_minutes=5, recruits_often=True)
    know(closed, counsellor, travel_minutes=5, recruits_often=True)
    make_approach(counsellor, action=action, company=recent, made_on=date(2026, 11, 1))
    make_approach(counsellor, action=action, company=closed, answer="no")
    make_approach(counsellor, action=action, company=near)
    found = [(one.company.name, one.reasons) for one in list_suggestions_for(counsellor, action, date(2026, 11, 23))]
    assert found == [
        ("D", ("recruits_often", "key_account")),
        ("C", ("diversity_charter", "near")),
        ("A", ("near",)),
    ]
    assert list_suggestions_for(MembershipFactory(), action, date(2026, 11, 23)) == []
    free = make_action(counsellor, settings={"employer_recurring_needs": False, "employer_travel_minutes": 240})
    assert "B" in [one.company.name for one in list_suggestions_for(counsellor, free, date(2026, 11, 23))]


@pytest.mark.django_db(transaction=True)
def test_two_who_name_the_same_new_company_at_once_create_one():
    counsellor = MembershipFactory()
    action, gate = make_action(counsellor), Barrier(2)

    def log():
        try:
            gate.wait()
            make_approach(counsellor, action=action, company_name="Nouvelle Enseigne")
        finally:
            connection.close()

    threads = [Thread(target=log) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Organisation.objects.filter(name="Nouvelle Enseigne").count() == 1
    assert Approach.objects.count() == 2
    assert not CompanyProfile.objects.exists()
