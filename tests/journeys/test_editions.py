"""The next edition of an action: everything taken over but people, numbered once, and what differs told."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from essaim.guide.models import Practice
from essaim.guide.queries import practice_file
from essaim.journal.models import Action
from essaim.journeys.models import Edition, Enrolment
from essaim.journeys.operations import (
    BudgetPlan,
    EditionRefused,
    change_setting,
    duplicate_action,
    plan_budget_line,
)
from essaim.journeys.operations.budget import cancel_budget_line
from essaim.journeys.queries import carry_over, list_differences, list_editions_for
from tests.factories.accounts import MembershipFactory
from tests.factories.directory import OrganisationFactory
from tests.factories.journeys import make_action, make_enrolment, make_partner_plan, make_territory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


@pytest.fixture
def manager():
    return MembershipFactory(manager=True)


@pytest.fixture
def source(manager):
    return make_action(
        manager,
        territory=make_territory(manager, name="Les Tilleuls"),
        partners=(make_partner_plan(OrganisationFactory(), "host", sees_people=True),),
        settings={"age_max": 24, "budget_year": 2020},
        targets={"accompanied": Decimal(72)},
        budget=[BudgetPlan("staff", 2026, Decimal("45000.50"))],
    )


def copy(source, by, **values):
    given = {
        "title": "Club des Rives",
        "starts": date(2027, 1, 1),
        "ends": date(2027, 12, 31),
        "places": 12,
        "territory": None,
        "settings": {},
    }
    return duplicate_action(source=source, arguments=given | values, by=by, now=timezone.now())


def as_posted(form):
    """What a browser sends back of a form that nobody touched."""
    data = {}
    for bound in form:
        value = bound.value()
        if value is None or value is False or value == "":
            continue
        prepared = bound.field.prepare_value(value)
        data[bound.html_name] = "on" if value is True else prepared
    return data


def test_editions_are_numbered_in_one_line(source, manager):
    second = copy(source, manager)
    third = copy(second, manager)

    rows = Edition.objects.values_list("action", "first", "copied_from", "number")
    assert list(rows) == [
        (source.pk, source.pk, None, 1),
        (second.pk, source.pk, source.pk, 2),
        (third.pk, source.pk, second.pk, 3),
    ]
    assert [each.rank for each in list_editions_for(manager, second)] == ["1re édition", "2e édition", "3e édition"]
    assert [each.is_current for each in list_editions_for(manager, second)] == [False, True, False]
    assert [each.is_elsewhere for each in list_editions_for(manager, second)] == [False, True, True]
    assert carry_over(third, practice_file(third.practice), today=TODAY).title == "Club des Rives, 4e édition"


def test_the_database_refuses_a_copy_from_another_line(source, manager):
    second, stranger = copy(source, manager), make_action(manager)
    third = make_action(manager)
    refused = [
        {"action": third, "first": source, "copied_from": stranger, "number": 3},
        {"action": third, "first": source, "copied_from": source, "number": 2},
        {"action": third, "first": source, "copied_from": None, "number": 3},
        {"action": third, "first": third, "copied_from": source, "number": 2},
        {"action": third, "first": source, "copied_from": third, "number": 3},
        {"action": second, "first": stranger, "copied_from": None, "number": 1},
    ]
    for values in refused:
        with pytest.raises(IntegrityError), transaction.atomic():
            Edition.objects.create(**values)
    assert Edition.objects.create(action=third, first=source, copied_from=second, number=3)


def test_only_who_steers_the_action_takes_it_over(source):
    for by in (MembershipFactory(manager=True), MembershipFactory(role="funder", organisation=source.organisation)):
        with pytest.raises(EditionRefused):
            copy(source, by)
    assert not Edition.objects.exists()


def test_a_fiche_that_is_gone_cannot_be_taken_over(source, manager, client_for):
    Practice.objects.update(is_current=False)
    with pytest.raises(EditionRefused, match="n’est plus proposée"):
        copy(source, manager)
    page = client_for(manager).get(reverse("journeys:duplicate", args=[source.ref]))
    assert "ne peut pas être reprise" in page.content.decode()


def test_what_is_carried_over(source, manager):
    carried = carry_over(source, practice_file(source.practice), today=TODAY)

    assert (carried.starts, carried.ends) == (date(2027, 1, 1), date(2027, 12, 31))
    assert carried.settings["age_max"] == 24
    assert carried.settings["budget_year"] == 2027  # follows the start again
    assert carried.targets == {"accompanied": Decimal(72)}
    assert carried.dropped == ()
    late = carry_over(source, practice_file(source.practice), today=date(2027, 5, 1))
    assert (late.starts, late.ends - late.starts) == (date(2027, 5, 2), source.ends - source.starts)


def test_a_cancelled_budget_line_is_not_carried_over(source, manager):
    mistaken = plan_budget_line(
        action=source, line=BudgetPlan("general", 2026, Decimal(900)), by=manager, now=timezone.now()
    )
    cancel_budget_line(line=mistaken, version=mistaken.version, by=manager, now=timezone.now())
    carried = carry_over(source, practice_file(source.practice), today=TODAY)
    assert [(line.category, line.amount) for line in carried.budget] == [("staff", Decimal("45000.50"))]


def test_what_the_fiche_no_longer_takes_is_said(source, manager):
    Action.objects.filter(pk=source.pk).update(settings={**source.settings, "age_max": 900, "gone": 1})
    source.refresh_from_db()
    carried = carry_over(source, practice_file(source.practice), today=TODAY)
    definition = practice_file(source.practice)
    assert set(carried.dropped) == {definition.settings["age_max"].label, "gone"}
    assert carried.settings["age_max"] == definition.settings["age_max"].default
    assert "gone" not in carried.settings


def test_duplicating_for_another_territory_from_the_page(source, manager, client_for):
    enrolment = make_enrolment(manager, source)
    elsewhere = make_territory(manager, name="Le Moulin")
    client = client_for(manager)
    url = reverse("journeys:duplicate", args=[source.ref])
    page = client.get(url)
    assert page.status_code == 200
    data = as_posted(page.context["form"]) | {"form_key": str(uuid4()), "territory": elsewhere.pk, "places": "20"}

    answer = client.post(url, data)
    again = client.post(url, data)

    action = Action.objects.latest("pk")
    assert answer.url == again.url == reverse("journeys:action", args=[action.ref])
    assert Action.objects.count() == 2
    assert (action.territory, action.places, action.title) == (elsewhere, 20, "Club des Tilleuls, 2e édition")
    assert action.settings == source.settings | {"budget_year": 2027}
    assert [(each.organisation, each.role, each.sees_people) for each in action.partners.all()] == [
        (each.organisation, each.role, each.sees_people) for each in source.partners.all()
    ]
    assert [(line.category, line.year, line.amount) for line in action.budget_lines.all()] == [
        ("staff", 2027, Decimal("45000.50"))
    ]
    assert [(target.indicator, target.value) for target in action.targets.all()] == [("accompanied", 72)]
    assert list(Enrolment.objects.values_list("pk", "action")) == [(enrolment.pk, source.pk)]
    shown = client.get(answer.url).content.decode()
    assert "2e édition" in shown and "autre territoire" in shown


def test_a_wrong_bound_is_told_in_french_with_the_value_of_the_fiche(source, manager, client_for):
    client = client_for(manager)
    url = reverse("journeys:duplicate", args=[source.ref])
    form = client.get(url).context["form"]
    shown = client.post(url, as_posted(form) | {"settings.age_max": "900"}).content.decode()
    setting = practice_file(source.practice).settings["age_max"]
    assert f"{setting.max} au plus." in shown
    assert f"Fiche : {setting.default}" in shown.replace("\u00a0", " ")
    assert Action.objects.count() == 1


def test_more_partners_than_rows_are_all_carried(manager, client_for):
    partners = tuple(make_partner_plan(OrganisationFactory()) for _ in range(6))
    source = make_action(manager, partners=partners)
    client = client_for(manager)
    url = reverse("journeys:duplicate", args=[source.ref])
    client.post(url, as_posted(client.get(url).context["form"]))
    assert Action.objects.latest("pk").partners.count() == 6


def test_who_cannot_open_an_edition_is_not_told_of_it(source, manager, client_for):
    partner = MembershipFactory(manager=True)
    shared = make_action(manager, partners=(make_partner_plan(partner.organisation),), title="Club partagé")
    hidden = copy(shared, manager, title="Club caché")
    assert [each.action for each in list_editions_for(partner, shared)] == [shared]
    assert hidden.title not in client_for(partner).get(reverse("journeys:action", args=[shared.ref])).content.decode()


def test_differences_tell_the_launch_and_each_later_change(source, manager):
    by, now = MembershipFactory(organisation=manager.organisation), timezone.now()
    change_setting(action=source, key="age_max", value=23, version=1, by=by, now=now)
    setting = practice_file(source.practice).settings["age_max"]
    change_setting(action=source, key="age_max", value=setting.default, version=2, by=manager, now=now)
    source.refresh_from_db()

    found = {item.key: item for item in list_differences(source)}

    assert set(found) == {"age_max", "budget_year"}
    told = [(step.value.split("\u00a0")[0], step.by, step.is_launch) for step in found["age_max"].steps]
    assert told == [
        ("24", manager.user.full_name, True),
        ("23", by.user.full_name, False),
        (str(setting.default), manager.user.full_name, False),
    ]
    assert found["age_max"].is_back and not found["budget_year"].is_back
    assert (found["budget_year"].fiche, found["budget_year"].now) == ("2026", "2020")


@pytest.mark.parametrize("changes", [1, 3])
def test_the_page_of_differences_asks_as_often_whatever_their_number(
    changes, source, manager, client_for, django_assert_num_queries
):
    keys = ["age_max", "budget_year", "places"][:changes]
    for rank, key in enumerate(keys):
        now = timezone.now() + timedelta(minutes=rank)
        change_setting(action=source, key=key, value=source.settings[key] - 1, version=rank + 1, by=manager, now=now)
    client = client_for(manager)
    source = Action.objects.select_related("practice").get(pk=source.pk)
    with django_assert_num_queries(2):  # the changes, and who launched
        assert len(list_differences(source)) == max(2, changes)
    page = client.get(reverse("journeys:action", args=[source.ref]), {"onglet": "differences"})
    assert "Ce qui diffère de la fiche" in page.content.decode()


def test_nothing_differs(manager, client_for):
    action = make_action(manager)
    assert list_differences(action) == []
    page = client_for(manager).get(reverse("journeys:action", args=[action.ref]), {"onglet": "differences"})
    assert "Rien ne diffère de la fiche" in page.content.decode()
