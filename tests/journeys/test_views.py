"""The screens of actions and parcours, as each role meets them."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from essaim.guide.engine import values_at_launch
from essaim.guide.queries import practice_file
from essaim.journal.models import Action, Fact
from essaim.journeys.models import ActionPartner, BudgetLine, Enrolment, SettingChange
from essaim.people.models import Person, Profile
from tests.factories.accounts import MembershipFactory
from tests.factories.directory import CommuneFactory, OrganisationFactory
from tests.factories.journeys import (
    VALIDATED,
    make_action,
    make_eligible,
    make_enrolment,
    make_partner_plan,
    make_practice,
)
from tests.factories.people import PersonFactory, colleague_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def counsellor():
    return MembershipFactory()


@pytest.fixture
def client(client_for, counsellor):
    return client_for(counsellor)


def tab(url, key):
    return f"{url}?onglet={key}"


def launch_data(**values):
    given = {
        "form_key": str(uuid4()),
        "title": "Club des Tilleuls",
        "starts": "2026-01-05",
        "ends": "31/12/2026",
        "places": "18",
    }
    return given | values


def test_launching_from_the_guide(client, counsellor):
    practice = make_practice()
    CommuneFactory(name="Port-Aubry")
    funder = OrganisationFactory(name="Conseil départemental")
    url = reverse("journeys:launch", args=[practice.slug])
    page = client.get(url)
    shown = page.context["form"]
    defaults = {f"settings.{key}": shown.initial[f"settings.{key}"] for key in practice.definition["settings"]}
    typed = {key: value for key, value in defaults.items() if value not in (None, False)}
    data = launch_data(
        **typed
        | {
            "settings.age_max": "25",
            "new_territory": "Les Tilleuls",
            "new_communes": "Port-Aubry",
            "partners.0.organisation": funder.ref,
            "partners.0.role": "funder",
            "budget.0.category": "general",
            "budget.0.amount": "90 000,50 €",
            "targets.accompanied": "150",
        }
    )
    response = client.post(url, data)
    again = client.post(url, data)

    action = Action.objects.get()
    assert response.url == again.url == reverse("journeys:action", args=[action.ref])
    assert action.settings == practice_defaults(practice) | {"age_max": 25}
    assert action.territory.name == "Les Tilleuls"
    assert ActionPartner.objects.get().organisation == funder
    assert BudgetLine.objects.get().amount == Decimal("90000.50")
    assert BudgetLine.objects.get().year == 2026
    assert action.targets.get().value == 150
    assert Fact.objects.filter(action=action).count() == 2


def practice_defaults(practice):
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in values_at_launch(practice_file(practice).settings, date(2026, 1, 5)).items()
    }


@pytest.mark.parametrize(
    ("typed", "kept"), [({}, 2028), ({"settings.budget_year": ""}, 2028), ({"settings.budget_year": "2025"}, 2025)]
)
def test_a_year_left_as_proposed_follows_the_start(client, typed, kept):
    url = reverse("journeys:launch", args=[make_practice().slug])
    form = client.get(url).context["form"]
    proposed = form.initial["settings.budget_year"]
    assert proposed == form.initial["starts"].year
    data = {"settings.budget_year": proposed} | typed
    client.post(url, launch_data(starts="2028-02-01", ends="2028-12-31", **data))

    assert Action.objects.get().settings["budget_year"] == kept


def test_the_places_of_the_fiche_are_proposed_and_explained(client):
    page = client.get(reverse("journeys:launch", args=[make_practice().slug]))
    assert page.context["form"].initial["places"] == 18
    assert "La fiche propose : places par club, 18." in page.content.decode()


def test_a_refused_launch_keeps_what_was_typed_and_names_each_field(client):
    practice = make_practice()
    data = launch_data(title="", ends="31/02/2026", **{"settings.age_max": "7", "budget.0.amount": "10"})
    page = client.post(reverse("journeys:launch", args=[practice.slug]), data)

    assert set(page.context["form"].errors) == {"title", "ends", "settings.age_max"}
    content = page.content.decode()
    assert "Le 31 février n’existe pas" in content
    assert 'value="7"' in content
    assert not Action.objects.exists()


def test_a_refusal_of_the_operation_is_shown_beside_its_row(client):
    practice = make_practice()
    page = client.post(reverse("journeys:launch", args=[practice.slug]), launch_data(**{"budget.0.amount": "10"}))
    assert set(page.context["form"].errors) == {"budget.0.amount"}


def test_the_page_of_an_action_shows_places_path_and_participants(client, counsellor):
    action = make_action(counsellor, places=18)
    enrolment = make_enrolment(counsellor, action)
    content = client.get(reverse("journeys:action", args=[action.ref])).content.decode()

    assert "sur 18 places" in content
    assert enrolment.person.full_name in content
    assert "Inscrire quelqu’un" in content


@pytest.mark.parametrize("key", ["partners", "settings", "contracts", "inconnu"])
def test_each_tab_of_an_action_opens(client, counsellor, key):
    action = make_action(counsellor, partners=[make_partner_plan(OrganisationFactory(name="PLIE des Rives"))])
    page = client.get(tab(reverse("journeys:action", args=[action.ref]), key))
    assert page.status_code == 200
    assert (key == "partners") == ("PLIE des Rives" in page.content.decode())


def test_enrolling_shows_the_rules_then_writes(client, counsellor):
    action, person = make_action(counsellor), make_eligible(counsellor, first_name="Awa")
    found = client.get(reverse("journeys:enrol", args=[action.ref]), {"q": "awa"})
    assert person.full_name in found.content.decode()

    url = reverse("journeys:enrol_one", args=[action.ref, person.code])
    page = client.get(url).content.decode()
    assert "Remplie" in page and "Pourquoi l’inscrire quand même" not in page
    data = {"form_key": str(uuid4()), "on": "2026-03-02", "validated": VALIDATED}
    for _ in range(2):
        assert client.post(url, data).url == reverse("journeys:action", args=[action.ref])
    assert Enrolment.objects.get().person == person


def test_a_person_who_does_not_meet_the_rules_needs_a_reason(client, counsellor):
    action, person = make_action(counsellor), PersonFactory(held_by=counsellor, birth_date=date(1980, 1, 1))
    url = reverse("journeys:enrol_one", args=[action.ref, person.code])
    asked = client.get(url).content.decode()
    assert "Pourquoi l’inscrire quand même" in asked and "facultatif" not in asked
    page = client.post(url, {"form_key": str(uuid4()), "on": "2026-03-02", "validated": VALIDATED})
    assert "override_reason" in page.context["form"].errors
    client.post(
        url,
        {"form_key": str(uuid4()), "on": "2026-03-02", "validated": VALIDATED, "override_reason": "Accord du comité"},
    )
    assert Enrolment.objects.get().override_reason == "Accord du comité"


def test_leaving_correcting_reopening_and_cancelling(client, counsellor):
    enrolment = make_enrolment(counsellor)
    arguments = [enrolment.action.ref, enrolment.ref]

    def send(name, **data):
        enrolment.refresh_from_db()
        response = client.post(reverse(f"journeys:{name}", args=arguments), data | {"version": enrolment.version})
        assert response.status_code == 302, response.context["form"].errors
        enrolment.refresh_from_db()

    send("close", reason="job", on="2026-06-01")
    assert (enrolment.state, enrolment.close_reason) == ("closed", "job")
    send("close", reason="training", on="2026-06-02")
    assert enrolment.close_reason == "training"
    send("reopen")
    assert enrolment.state == "open"
    send("correct", on="2026-02-02")
    assert enrolment.opened_on == date(2026, 2, 2)
    send("cancel")
    assert enrolment.state == "cancelled"


def test_the_exit_step_leads_to_the_exit_of_the_parcours(client, counsellor):
    enrolment = make_enrolment(counsellor)
    url = reverse("journeys:exit", args=[enrolment.action.ref])
    assert client.get(url, {"parcours": enrolment.ref}).url.endswith(f"/parcours/{enrolment.ref}/sortie/")
    assert client.get(url).url == reverse("journeys:action", args=[enrolment.action.ref])
    assert client.get(url, {"parcours": "E0"}).status_code == 404


def test_a_setting_changes_with_its_trace(client, counsellor):
    action = make_action(counsellor)
    url = reverse("journeys:setting", args=[action.ref, "age_max"])
    assert client.post(url, {"version": 1, "age_max": "30"}).status_code == 302
    change = SettingChange.objects.get()
    assert (change.key, change.old_value, change.new_value) == ("age_max", 29, 30)
    conflict = client.post(url, {"version": 1, "age_max": "31"})
    assert "Quelqu’un d’autre" in conflict.content.decode()
    assert client.get(reverse("journeys:setting", args=[action.ref, "nothing"])).status_code == 404
    assert "29\u00a0ans" in client.get(tab(reverse("journeys:action", args=[action.ref]), "settings")).content.decode()


def test_partners_and_budget_are_added_then_ended(client, counsellor):
    action, partner = make_action(counsellor), OrganisationFactory()
    data = {"form_key": str(uuid4()), "organisation": partner.ref, "role": "prescriber", "sees_people": "on"}
    assert client.post(reverse("journeys:partner_new", args=[action.ref]), data).status_code == 302
    line = {"form_key": str(uuid4()), "nature": "planned", "category": "staff", "year": "2026", "amount": "1 200,50"}
    assert client.post(reverse("journeys:budget_new", args=[action.ref]), line).status_code == 302
    joined = ActionPartner.objects.get()
    end = {"form_key": str(uuid4()), "until": "2026-11-20"}
    assert client.post(reverse("journeys:partner_end", args=[action.ref, joined.pk]), end).status_code == 302

    joined.refresh_from_db()
    assert joined.until == date(2026, 11, 20)
    assert joined.committed_fact.data == {"role": "prescriber", "starts": "2026-01-01", "ends": "2026-11-20"}
    assert Fact.objects.filter(kind="org_committed", live=True).count() == 1
    assert BudgetLine.objects.get().fact.data["amount"] == 1200.5


def test_a_profile_is_dated_and_pictured_in_each_open_action(client, counsellor):
    enrolment = make_enrolment(counsellor)
    person = enrolment.person
    url = reverse("journeys:person_profile", args=[person.code])
    data = {
        "version": 1,
        "day": "2026-11-20",
        "birth_date": "2005-02-28",
        "level": "4",
        "statuses": ["rsa", "disability"],
        "zones": ["qpv"],
        "zone_source": "hand",
        "zone_proof": "housing",
    }
    assert client.post(url, data).status_code == 302
    person.refresh_from_db()
    assert person.birth_date == date(2005, 2, 28)
    assert Profile.objects.filter(person=person).count() == 2
    pictures = Fact.objects.filter(kind="profile_declared", live=True).order_by("day")
    assert [(str(fact.day), fact.data["birth_date"], fact.data["level"]) for fact in pictures] == [
        ("2026-03-02", "2005-02-28", 1),
        ("2026-11-20", "2005-02-28", 4),
    ]

    again = data | {"version": 2, "level": "5"}
    assert client.post(url, again).status_code == 302
    assert [fact.data["level"] for fact in pictures.all()] == [1, 5]


def test_justice_is_never_taken_from_the_form(client, counsellor):
    person = PersonFactory(held_by=counsellor)
    url = reverse("journeys:person_profile", args=[person.code])
    page = client.post(url, {"version": 1, "day": "2026-11-20", "statuses": ["justice"]})
    assert "statuses" in page.context["form"].errors
    assert not Profile.objects.exists()


# Who may open what ------------------------------------------------------------------------------------------------


def every_url(action, enrolment, partner):
    ref, person = action.ref, enrolment.person.code
    return {
        "action": reverse("journeys:action", args=[ref]),
        "settings": reverse("journeys:settings", args=[ref]),
        "setting": reverse("journeys:setting", args=[ref, "age_max"]),
        "partners": reverse("journeys:partners", args=[ref]),
        "partner_new": reverse("journeys:partner_new", args=[ref]),
        "partner_end": reverse("journeys:partner_end", args=[ref, partner.pk]),
        "budget_new": reverse("journeys:budget_new", args=[ref]),
        "enrol": reverse("journeys:enrol", args=[ref]),
        "enrol_one": reverse("journeys:enrol_one", args=[ref, person]),
        "exit": reverse("journeys:exit", args=[ref]),
        "close": reverse("journeys:close", args=[ref, enrolment.ref]),
        "correct": reverse("journeys:correct", args=[ref, enrolment.ref]),
        "cancel": reverse("journeys:cancel", args=[ref, enrolment.ref]),
        "reopen": reverse("journeys:reopen", args=[ref, enrolment.ref]),
        "person_strips": reverse("journeys:person_strips", args=[person]),
        "person_fil": reverse("journeys:person_fil", args=[person]),
        "person_parcours": reverse("journeys:person_parcours", args=[person]),
        "person_profile": reverse("journeys:person_profile", args=[person]),
    }


READS = {"action", "settings", "partners"}
FOLLOWS = {"enrol", "enrol_one", "exit", "close", "correct", "cancel", "reopen"}
STEERS = {"setting", "partner_new", "partner_end", "budget_new"}
OPENS = {"person_strips", "person_fil", "person_parcours"}

EXPECTED = {
    "referent": READS | FOLLOWS | STEERS | OPENS | {"person_profile"},
    "colleague": READS | FOLLOWS | STEERS | OPENS | {"person_profile"},
    "partner who sees people": READS | FOLLOWS | OPENS,
    "partner who does not": READS,
    "funder of the carrier": READS,
    "stranger": set(),
}


@pytest.mark.parametrize("who", EXPECTED)
def test_who_opens_what(client_for, counsellor, who):
    seeing, blind = MembershipFactory(), MembershipFactory()
    action = make_action(
        counsellor,
        partners=[
            make_partner_plan(seeing.organisation, sees_people=True),
            make_partner_plan(blind.organisation, "funder"),
        ],
    )
    enrolment = make_enrolment(counsellor, action)
    partner = ActionPartner.objects.get(organisation=blind.organisation)
    membership = {
        "referent": counsellor,
        "colleague": colleague_of(counsellor),
        "partner who sees people": seeing,
        "partner who does not": blind,
        "funder of the carrier": colleague_of(counsellor, role="funder"),
        "stranger": MembershipFactory(),
    }[who]
    client = client_for(membership)
    urls = every_url(action, enrolment, partner)
    opened = {name for name, url in urls.items() if client.get(url, follow=True).status_code == 200}
    assert opened == EXPECTED[who]


def test_participants_are_named_only_to_who_sees_people(client_for, counsellor):
    blind = MembershipFactory()
    action = make_action(counsellor, partners=[make_partner_plan(blind.organisation, "funder")])
    enrolment = make_enrolment(counsellor, action)
    for membership in (blind, colleague_of(counsellor, role="funder"), colleague_of(counsellor, role="steering")):
        page = client_for(membership).get(reverse("journeys:action", args=[action.ref]))
        assert enrolment.person.last_name not in page.content.decode()
    assert "1 <small>" in page.content.decode()


def test_the_launch_form_is_for_those_who_launch(client_for):
    url = reverse("journeys:launch", args=[make_practice().slug])
    assert client_for(MembershipFactory(role="funder")).get(url).status_code == 403
    assert client_for(MembershipFactory(role="steering")).get(url).status_code == 200
    assert client_for(MembershipFactory()).get(reverse("journeys:launch", args=["nothing"])).status_code == 404


def test_anonymous_readers_are_asked_to_sign_in(counsellor):
    enrolment = make_enrolment(counsellor)
    partner = ActionPartner(pk=1)
    for url in [*every_url(enrolment.action, enrolment, partner).values(), reverse("journeys:action_list")]:
        assert Client().get(url).status_code == 302


# Queries do not grow with the rows --------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_lists_and_of_the_action(client, counsellor, number, django_assert_num_queries):
    make_practice()
    actions = [make_action(counsellor) for _ in range(number)]
    for _ in range(number):
        make_enrolment(counsellor, actions[0])
    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse("journeys:action_list"))
    with django_assert_num_queries(ACTION_QUERIES):
        client.get(reverse("journeys:action", args=[actions[0].ref]))
    assert Person.objects.count() == number


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_a_file_do_not_grow_with_its_parcours(client, counsellor, number, django_assert_num_queries):
    person = make_eligible(counsellor)
    for _ in range(number):
        make_enrolment(counsellor, make_action(counsellor), person)
    with django_assert_num_queries(FILE_QUERIES):
        client.get(tab(reverse("people:person", args=[person.code]), "parcours"))


FILE_QUERIES = 49
LIST_QUERIES = 9
ACTION_QUERIES = 23
