"""Entering and leaving an action: the row, the facts, the files opened and closed always agree."""

from datetime import date, datetime, time

import pytest

from essaim.journal.models import Fact
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment, StepState
from essaim.journeys.operations import (
    EnrolmentRefused,
    IneligiblePerson,
    NoPlaceLeft,
    cancel_enrolment,
    close_enrolment,
    correct_closing,
    correct_enrolment,
    reopen_enrolment,
)
from essaim.kernel.days import PARIS
from essaim.kernel.edit_versions import EditConflict
from essaim.people.models import AccessGrant
from tests.factories.accounts import MembershipFactory
from tests.factories.directory import CommuneFactory, OrganisationFactory, TerritoryFactory
from tests.factories.journeys import make_action, make_eligible, make_enrolment, make_partner_plan
from tests.factories.people import PersonFactory, ProfileFactory

pytestmark = pytest.mark.django_db
ENTRY = date(2026, 3, 2)


@pytest.fixture
def counsellor():
    return MembershipFactory()


def live(action):
    return list(
        Fact.objects.filter(action=action, live=True).order_by("recorded_at", "pk").values_list("kind", flat=True)
    )


def steps(enrolment):
    return {state.step: (state.status, state.outcome) for state in StepState.objects.filter(enrolment=enrolment)}


def test_enrolment_writes_the_picture_then_the_entry(counsellor, now):
    enrolment = make_enrolment(counsellor)

    assert live(enrolment.action) == ["profile_declared", "enrolment_opened"]
    picture = Fact.objects.get(kind="profile_declared")
    assert picture.day == ENTRY
    assert picture.data == {
        "birth_date": "2004-02-29",
        "sex": "female",
        "level": 1,
        "zones": ["qpv"],
        "statuses": ["registered_jobseeker"],
    }
    assert enrolment.opened_fact == Fact.objects.get(kind="enrolment_opened")
    assert enrolment.opened_fact.day == enrolment.opened_on == ENTRY
    assert enrolment.opened_fact.subject.person == enrolment.person
    assert (
        steps(enrolment).items()
        >= {
            "orientation": ("skipped", ""),
            "initial_interview": ("done", ""),
            "entry": ("done", ""),
            "work_contract": ("current", ""),
            "exit": ("current", ""),
        }.items()
    )


def test_the_territory_of_the_action_is_a_zone_of_the_picture(counsellor):
    commune = CommuneFactory()
    territory = TerritoryFactory(organisation=counsellor.organisation, communes=[commune])
    action = make_action(counsellor, territory=territory)
    make_enrolment(counsellor, action, make_eligible(counsellor, commune=commune))

    assert Fact.objects.get(kind="profile_declared").data["zones"] == ["qpv", "action_area"]


def test_a_profile_written_after_the_entry_keeps_its_own_day(counsellor):
    person = PersonFactory(held_by=counsellor)
    ProfileFactory(person=person, day=date(2026, 5, 4))
    make_enrolment(counsellor, person=person)

    assert Fact.objects.get(kind="profile_declared").day == date(2026, 5, 4)


def test_files_open_to_the_carrier_and_to_partners_that_see_people(counsellor, now):
    seeing, other = OrganisationFactory(), OrganisationFactory()
    action = make_action(
        counsellor,
        partners=[make_partner_plan(seeing, sees_people=True), make_partner_plan(other, "funder")],
    )
    person = make_eligible(counsellor)
    enrolment = make_enrolment(counsellor, action, person)

    opened = AccessGrant.objects.filter(person=person, origin=action.ref, until=None)
    assert {grant.organisation for grant in opened} == {counsellor.organisation, seeing}
    close_enrolment(
        enrolment=enrolment, reason="job", on=date(2026, 6, 1), version=enrolment.version, by=counsellor, now=now
    )
    assert not opened.all().exists()
    assert person.grants.filter(until=None).count() == 1  # her referent organisation


def grant_of(enrolment, organisation):
    return AccessGrant.objects.get(person=enrolment.person, origin=enrolment.action.ref, organisation=organisation)


@pytest.mark.parametrize(("months", "last"), [([1, 3, 6], date(2027, 1, 1)), ([12], date(2027, 7, 1)), ([], None)])
def test_after_an_exit_the_carrier_keeps_the_file_a_month_after_the_last_news(counsellor, now, months, last):
    seeing = OrganisationFactory()
    plans = [make_partner_plan(seeing, sees_people=True)]
    action = make_action(counsellor, partners=plans, settings={"followup_months": months})
    enrolment = make_enrolment(counsellor, action)
    close_enrolment(enrolment=enrolment, reason="job", on=date(2026, 6, 1), version=1, by=counsellor, now=now)

    assert grant_of(enrolment, seeing).until == now
    closes = now if last is None else datetime.combine(last, time.min, PARIS)
    assert grant_of(enrolment, counsellor.organisation).until == closes


def test_news_that_are_all_past_close_the_file_at_once(counsellor, now):
    enrolment = make_enrolment(counsellor, make_action(counsellor, settings={"followup_months": [1]}))
    close_enrolment(enrolment=enrolment, reason="job", on=date(2026, 6, 1), version=1, by=counsellor, now=now)
    assert grant_of(enrolment, counsellor.organisation).until == now


def test_the_day_on_which_the_file_closes_follows_the_corrections_of_the_exit(counsellor, now):
    enrolment = make_enrolment(counsellor)
    closed = close_enrolment(enrolment=enrolment, reason="job", on=date(2026, 6, 1), version=1, by=counsellor, now=now)
    closed = correct_closing(enrolment=closed, reason="job", on=date(2026, 9, 15), version=2, by=counsellor, now=now)
    until = datetime.combine(date(2027, 4, 15), time.min, PARIS)
    assert grant_of(enrolment, counsellor.organisation).until == until

    reopen_enrolment(enrolment=closed, version=3, by=counsellor, now=now)
    carried = AccessGrant.objects.filter(
        person=enrolment.person, origin=enrolment.action.ref, organisation=counsellor.organisation
    )
    assert carried.filter(until=None).count() == 1


def test_leaving_records_the_reason_and_leaves_the_open_steps_aside(counsellor, now):
    enrolment = make_enrolment(counsellor)
    closed = close_enrolment(
        enrolment=enrolment, reason="training", on=date(2026, 6, 1), version=1, by=counsellor, now=now
    )

    assert closed.closed_fact.data == {"reason": "training"}
    assert closed.closed_fact.day == closed.closed_on == date(2026, 6, 1)
    assert (
        steps(enrolment).items()
        >= {
            "entry": ("done", ""),
            "work_contract": ("skipped", ""),
            "exit": ("done", "training"),
        }.items()
    )


@pytest.mark.parametrize(
    ("on", "field"),
    [(date(2026, 11, 24), "on"), (date(2025, 12, 31), "on")],
    ids=["in the future", "before the action"],
)
def test_an_entry_outside_the_possible_days_is_refused(counsellor, on, field):
    with pytest.raises(EnrolmentRefused) as refusal:
        make_enrolment(counsellor, on=on)
    assert refusal.value.field == field


def test_an_entry_after_the_end_of_the_action_is_refused(counsellor):
    action = make_action(counsellor, starts=date(2025, 1, 1), ends=date(2025, 12, 31))
    with pytest.raises(EnrolmentRefused, match=r"31\sdécembre\s2025"):
        make_enrolment(counsellor, action, on=date(2026, 1, 1))


def test_someone_already_in_is_not_enrolled_twice(counsellor):
    enrolment = make_enrolment(counsellor)
    with pytest.raises(EnrolmentRefused, match="déjà inscrite"):
        make_enrolment(counsellor, enrolment.action, enrolment.person)


def test_coming_back_the_day_of_the_exit_is_refused_and_the_next_day_accepted(counsellor, now):
    first = make_enrolment(counsellor)
    out = date(2026, 6, 1)
    close_enrolment(enrolment=first, reason="dropout", on=out, version=1, by=counsellor, now=now)

    with pytest.raises(EnrolmentRefused, match="lendemain"):
        make_enrolment(counsellor, first.action, first.person, on=out)
    with pytest.raises(EnrolmentRefused, match="jusqu’au"):
        make_enrolment(counsellor, first.action, first.person, on=date(2026, 5, 31))
    again = make_enrolment(counsellor, first.action, first.person, on=date(2026, 6, 2))
    assert again.state == EnrolmentState.OPEN


def test_the_last_place_taken_refuses_the_next(counsellor):
    action = make_action(counsellor, places=1)
    make_enrolment(counsellor, action)
    with pytest.raises(NoPlaceLeft):
        make_enrolment(counsellor, action)


def test_rules_not_met_are_told_in_words_and_a_written_reason_overrides_them(counsellor):
    action = make_action(counsellor)
    person = PersonFactory(held_by=counsellor, birth_date=date(1980, 1, 1))
    with pytest.raises(IneligiblePerson) as refusal:
        make_enrolment(counsellor, action, person)
    assert [rule.code for rule in refusal.value.verdict.unmet] == ["age", "residence", "level", "status"]
    assert "{" not in refusal.value.message
    assert Enrolment.objects.count() == 0
    assert Fact.objects.filter(kind="profile_declared").count() == 0

    enrolment = make_enrolment(counsellor, action, person, override_reason="  Accord du comité  ")
    assert enrolment.override_codes == ["age", "residence", "level", "status"]
    assert enrolment.override_reason == "Accord du comité"


def test_an_eligible_person_keeps_no_override(counsellor):
    enrolment = make_enrolment(counsellor, override_reason="au cas où")
    assert (enrolment.override_codes, enrolment.override_reason) == ([], "")


def test_strangers_do_not_enrol(counsellor, now):
    action, person = make_action(counsellor), make_eligible(counsellor)
    stranger = MembershipFactory()
    with pytest.raises(EnrolmentRefused):
        make_enrolment(stranger, action, person)
    with pytest.raises(EnrolmentRefused, match="pas ouvert"):
        make_enrolment(counsellor, action, make_eligible(stranger))
    left = MembershipFactory(organisation=counsellor.organisation, until=now)
    with pytest.raises(EnrolmentRefused):
        make_enrolment(left, action, person)


def test_an_unknown_track_is_refused(counsellor):
    with pytest.raises(EnrolmentRefused) as refusal:
        make_enrolment(counsellor, track="inconnu")
    assert refusal.value.field == "track"


@pytest.mark.parametrize(
    ("reason", "on", "field"),
    [
        ("job", date(2026, 11, 24), "on"),
        ("job", date(2026, 3, 1), "on"),
        ("prison", date(2026, 4, 1), "reason"),
    ],
)
def test_an_impossible_exit_is_refused(counsellor, now, reason, on, field):
    enrolment = make_enrolment(counsellor)
    with pytest.raises(EnrolmentRefused) as refusal:
        close_enrolment(enrolment=enrolment, reason=reason, on=on, version=1, by=counsellor, now=now)
    assert refusal.value.field == field


def test_the_second_of_two_editors_is_told(counsellor, now):
    enrolment = make_enrolment(counsellor)
    arguments = {"enrolment": enrolment, "reason": "job", "on": ENTRY, "version": 1, "by": counsellor, "now": now}
    close_enrolment(**arguments)
    with pytest.raises(EditConflict):
        close_enrolment(**arguments)


def test_a_corrected_entry_supersedes_its_fact(counsellor, now):
    enrolment = make_enrolment(counsellor)
    former = enrolment.opened_fact
    corrected = correct_enrolment(enrolment=enrolment, on=date(2026, 2, 2), track="", version=1, by=counsellor, now=now)

    former.refresh_from_db()
    assert not former.live
    assert corrected.opened_fact.corrects == former
    assert corrected.opened_fact.day == corrected.opened_on == date(2026, 2, 2)
    assert live(enrolment.action).count("enrolment_opened") == 1


def test_a_corrected_exit_supersedes_its_fact(counsellor, now):
    enrolment = make_enrolment(counsellor)
    closed = close_enrolment(enrolment=enrolment, reason="job", on=date(2026, 6, 1), version=1, by=counsellor, now=now)
    corrected = correct_closing(
        enrolment=closed, reason="training", on=date(2026, 6, 3), version=2, by=counsellor, now=now
    )

    assert corrected.closed_fact.corrects == closed.closed_fact
    assert corrected.closed_fact.data == {"reason": "training"}
    assert steps(enrolment)["exit"] == ("done", "training")


def test_an_exit_entered_by_mistake_is_cancelled(counsellor, now):
    enrolment = make_enrolment(counsellor)
    closed = close_enrolment(enrolment=enrolment, reason="job", on=date(2026, 6, 1), version=1, by=counsellor, now=now)
    reopened = reopen_enrolment(enrolment=closed, version=2, by=counsellor, now=now)

    assert (reopened.state, reopened.closed_on, reopened.closed_fact) == (EnrolmentState.OPEN, None, None)
    assert live(enrolment.action) == ["profile_declared", "enrolment_opened"]
    assert steps(enrolment)["work_contract"] == ("current", "")
    assert AccessGrant.objects.filter(origin=enrolment.action.ref, until=None).exists()


def test_reopening_needs_a_place(counsellor, now):
    action = make_action(counsellor, places=1)
    first = make_enrolment(counsellor, action)
    closed = close_enrolment(enrolment=first, reason="job", on=date(2026, 6, 1), version=1, by=counsellor, now=now)
    make_enrolment(counsellor, action, on=date(2026, 6, 2))
    with pytest.raises(NoPlaceLeft):
        reopen_enrolment(enrolment=closed, version=2, by=counsellor, now=now)


def test_a_cancelled_parcours_leaves_nothing_counted(counsellor, now):
    enrolment = make_enrolment(counsellor)
    cancelled = cancel_enrolment(enrolment=enrolment, version=1, by=counsellor, now=now)

    assert cancelled.state == EnrolmentState.CANCELLED
    assert live(enrolment.action) == ["profile_declared"]
    assert not AccessGrant.objects.filter(origin=enrolment.action.ref, until=None).exists()
    assert make_enrolment(counsellor, enrolment.action, enrolment.person, on=ENTRY).state == EnrolmentState.OPEN
