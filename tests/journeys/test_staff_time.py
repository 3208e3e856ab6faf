"""Time given by the team, its cost for the management only; targets changed and traced."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from essaim.journeys.models import StaffTime, TargetChange
from essaim.journeys.operations import assign_staff
from essaim.journeys.operations.staff_time import (
    StaffTimeRefused,
    correct_staff_time,
    record_staff_time,
    remove_staff_time,
)
from essaim.journeys.operations.targets import TargetRefused, set_target
from essaim.journeys.queries.staff_time import total_time_for
from essaim.kernel.edit_versions import EditConflict
from tests.factories.accounts import MembershipFactory
from tests.factories.journeys import make_action

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return MembershipFactory(manager=True)


@pytest.fixture
def member(manager):
    given = {"role": "coach", "starts": date(2026, 2, 10), "by": manager, "now": timezone.now()}
    return assign_staff(action=make_action(manager), name="Odile", **given)


def write(member, by, **values):
    given = {"month": date(2026, 3, 1), "hours": Decimal(35)} | values
    return record_staff_time(member=member, by=by, now=timezone.now(), **given)


def test_hours_and_shares_add_up_apart(manager, member):
    write(member, manager, cost=Decimal(900))
    write(member, manager, month=date(2026, 4, 17), hours=None, share=Decimal("0.5"))
    totals = total_time_for(manager, member.action)
    assert (totals.hours, totals.months, totals.cost) == (Decimal(35), Decimal("0.5"), Decimal(900))
    assert set(StaffTime.objects.values_list("month", flat=True)) == {date(2026, 3, 1), date(2026, 4, 1)}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"hours": None}, "hours"),
        ({"share": Decimal("0.2")}, "hours"),
        ({"hours": Decimal(745)}, "hours"),
        ({"hours": None, "share": Decimal("1.1")}, "share"),
        ({"month": date(2026, 12, 1)}, "month"),
        ({"month": date(2026, 1, 1)}, "month"),
        ({"cost": Decimal(-1)}, "cost"),
    ],
)
def test_wrong_time_is_refused_beside_its_field(manager, member, values, field):
    with pytest.raises(StaffTimeRefused) as refused:
        write(member, manager, **values)
    assert refused.value.field == field


def test_a_month_is_written_once_and_corrected_by_version(manager, member):
    time = write(member, manager)
    with pytest.raises(StaffTimeRefused, match="déjà noté"):
        write(member, manager)
    given = {"by": manager, "now": timezone.now()}
    correct_staff_time(time=time, hours=Decimal(20), version=1, **given)
    with pytest.raises(EditConflict):
        remove_staff_time(time=time, version=1, **given)
    remove_staff_time(time=time, version=2, **given)
    assert not StaffTime.objects.exists()


def test_the_database_wants_hours_or_a_share_of_a_whole_month(manager, member):
    time = write(member, manager)
    for wrong in ({"share": 1}, {"hours": 800}, {"month": date(2026, 3, 2)}, {"cost": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StaffTime.objects.filter(pk=time.pk).update(**wrong)


def test_the_cost_of_time_is_for_the_management(client_for, manager, member):
    counsellor = MembershipFactory(counsellor=True, organisation=manager.organisation)
    time = write(member, manager, cost=Decimal("1234.5"))
    with pytest.raises(StaffTimeRefused):
        write(member, counsellor, month=date(2026, 4, 1), cost=Decimal(1))
    correct_staff_time(time=time, hours=Decimal(30), version=1, by=counsellor, now=timezone.now())
    time.refresh_from_db()
    assert (time.hours, time.cost) == (Decimal(30), Decimal("1234.5"))
    assert total_time_for(counsellor, member.action).cost is None
    tab = reverse("journeys:action", args=[member.action.ref], query={"onglet": "staff_time"})
    page = "1\u202f234,50"
    assertContains(client_for(manager).get(tab), page)
    assertNotContains(client_for(counsellor).get(tab), page)
    file = reverse("journeys:staff_time_file", args=[member.action.ref])
    assert "1234,50" in client_for(manager).get(file).content.decode()
    assert "1234,50" not in client_for(counsellor).get(file).content.decode()
    edit = reverse("journeys:staff_time_edit", args=[member.action.ref, time.pk])
    assertNotContains(client_for(counsellor).get(edit), "Coût")


def test_time_is_written_on_screen(client_for, manager, member):
    client, url = client_for(manager), reverse("journeys:staff_time_new", args=[member.action.ref])
    key = client.get(url).context["form"]["form_key"].value()
    typed = {"form_key": key, "member": member.pk, "month": "2026-05-01", "hours": "12,5"}
    assertContains(client.post(url, typed | {"share": "0,5"}), "l’un des deux")
    assert client.post(url, typed).status_code == 302
    time = StaffTime.objects.get()
    assert (time.hours, time.month) == (Decimal("12.5"), date(2026, 5, 1))
    remove = reverse("journeys:staff_time_remove", args=[member.action.ref, time.pk])
    assert client.post(remove, {"version": 1}).status_code == 302
    assert not StaffTime.objects.exists()


def test_a_target_keeps_its_former_value(manager):
    action = make_action(manager, targets={"accompanied": Decimal(150)})
    given = {"action": action, "indicator": "accompanied", "by": manager, "now": timezone.now()}
    assert set_target(value=Decimal(150), version=1, **given) is None
    set_target(value=Decimal(120), version=1, **given)
    with pytest.raises(EditConflict):
        set_target(value=Decimal(110), version=1, **given)
    set_target(value=None, version=2, **given)
    assert list(TargetChange.objects.order_by("pk").values_list("old_value", "new_value")) == [(150, 120), (120, None)]
    assert not action.targets.exists()


@pytest.mark.parametrize("wrong", [{"indicator": "gold"}, {"value": Decimal(-1)}, {"value": Decimal("0.00001")}])
def test_a_wrong_target_is_refused(manager, wrong):
    given = {"indicator": "accompanied", "value": Decimal(1), "version": 1, "by": manager, "now": timezone.now()}
    with pytest.raises(TargetRefused):
        set_target(action=make_action(manager), **given | wrong)


def test_who_does_not_steer_sets_no_target(manager):
    given = {"indicator": "accompanied", "value": Decimal(1), "version": 1, "now": timezone.now()}
    with pytest.raises(TargetRefused):
        set_target(action=make_action(manager), by=MembershipFactory(manager=True), **given)
