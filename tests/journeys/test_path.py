"""Measures, training courses, contacts, help of alumni: each row and its fact, each refusal."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from essaim.journal.models import Fact
from essaim.journeys.models import Contact, Enrolment, Mentoring
from essaim.journeys.operations import (
    ContactRefused,
    EnrolmentRefused,
    MeasureDetails,
    MeasureRefused,
    MentoringRefused,
    TrainingDetails,
    assign_staff,
    cancel_enrolment,
    cancel_measure,
    cancel_mentoring,
    cancel_training,
    close_enrolment,
    correct_measure,
    correct_training,
    end_mentoring,
    join_training,
    log_contact,
    record_measure,
    start_mentoring,
)
from essaim.kernel.days import PARIS
from essaim.kernel.edit_versions import EditConflict
from essaim.kernel.instruments import contact_kinds
from tests.factories.accounts import MembershipFactory
from tests.factories.journeys import make_action, make_eligible, make_enrolment
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def counsellor():
    return MembershipFactory()


@pytest.fixture
def enrolment(counsellor):
    return make_enrolment(counsellor)


def live(kind):
    return Fact.objects.filter(kind=kind, live=True)


def use(enrolment, by, now, /, **values):
    given = {"type": "work_trial", "label": "Immersion en boulangerie", "used_on": date(2026, 4, 6)} | values
    return record_measure(enrolment=enrolment, by=by, now=now, **given)


def join(enrolment, by, now, /, **values):
    given = {"title": "CACES R489", "is_qualifying": True, "joined_on": date(2026, 5, 4), "starts": date(2026, 5, 4)}
    return join_training(enrolment=enrolment, by=by, now=now, **(given | values))


def test_a_measure_is_recorded_corrected_and_cancelled(counsellor, enrolment, now):
    measure = use(enrolment, counsellor, now, starts=date(2026, 4, 6), ends=date(2026, 4, 17), cost=Decimal("120.50"))
    assert measure.fact.data == {
        "type": "work_trial", "starts": "2026-04-06", "ends": "2026-04-17", "cost": 120.5,
    }  # fmt: skip
    assert measure.fact.day == date(2026, 4, 6)

    details = MeasureDetails("brick", "Atelier théâtre", date(2026, 4, 7))
    with pytest.raises(EditConflict):
        correct_measure(measure=measure, details=details, version=0, by=counsellor, now=now)
    corrected = correct_measure(measure=measure, details=details, version=1, by=counsellor, now=now)
    assert [fact.data for fact in live("measure_used")] == [{"type": "brick"}]
    assert (corrected.label, corrected.cost) == ("Atelier théâtre", None)

    cancel_measure(measure=corrected, version=corrected.version, by=counsellor, now=now)
    assert not live("measure_used").exists()
    with pytest.raises(MeasureRefused, match="annulée"):
        correct_measure(measure=corrected, details=details, version=3, by=counsellor, now=now)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"type": "cadeau"}, "type"),
        ({"label": "  "}, "label"),
        ({"used_on": TODAY + timedelta(days=1)}, "used_on"),
        ({"used_on": date(2026, 3, 1)}, "used_on"),
        ({"ends": date(2026, 4, 9)}, "starts"),
        ({"starts": date(2026, 4, 9), "ends": date(2026, 4, 8)}, "ends"),
        ({"cost": Decimal(-1)}, "cost"),
    ],
)
def test_measures_that_cannot_be(counsellor, enrolment, now, given, field):
    with pytest.raises(MeasureRefused) as refusal:
        use(enrolment, counsellor, now, **given)
    assert refusal.value.field == field
    assert not live("measure_used").exists()


def test_a_training_is_recorded_corrected_and_cancelled(counsellor, enrolment, now):
    training = join(enrolment, counsellor, now)
    assert training.fact.data == {"qualifying": True, "starts": "2026-05-04"}
    details = TrainingDetails("CACES R489", False, date(2026, 5, 5), date(2026, 5, 5), date(2026, 6, 1))
    corrected = correct_training(training=training, details=details, version=1, by=counsellor, now=now)
    assert [fact.data for fact in live("training_joined")] == [
        {"qualifying": False, "starts": "2026-05-05", "ends": "2026-06-01"}
    ]
    cancel_training(training=corrected, version=corrected.version, by=counsellor, now=now)
    assert not live("training_joined").exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": ""}, "title"),
        ({"joined_on": TODAY + timedelta(days=1)}, "joined_on"),
        ({"ends": date(2026, 5, 1)}, "ends"),
        ({"starts": date(2026, 4, 1), "ends": date(2026, 4, 30)}, "joined_on"),
    ],
)
def test_trainings_that_cannot_be(counsellor, enrolment, now, given, field):
    with pytest.raises(MeasureRefused) as refusal:
        join(enrolment, counsellor, now, **given)
    assert refusal.value.field == field


def test_a_stranger_records_nothing(enrolment, now):
    stranger = MembershipFactory()
    for act in (use, join):
        with pytest.raises(MeasureRefused, match="ne suivez pas"):
            act(enrolment, stranger, now)


def test_a_parcours_with_a_measure_and_a_training_is_not_cancelled(counsellor, enrolment, now):
    use(enrolment, counsellor, now)
    join(enrolment, counsellor, now)
    with pytest.raises(EnrolmentRefused, match="une mesure et une formation"):
        cancel_enrolment(enrolment=enrolment, version=enrolment.version, by=counsellor, now=now)


# Contacts ---------------------------------------------------------------------------------------------------------


def note(enrolment, by, now, /, **values):
    given = {"person": enrolment.person, "enrolment": enrolment, "at": now, "mode": "phone", "reached": True} | values
    return log_contact(by=by, now=now, **given)


@pytest.mark.parametrize(
    ("given", "kind", "data", "is_hers"),
    [
        ({}, "contact_made", {"mode": "phone"}, True),
        ({"mode": "reception"}, "contact_made", {"mode": "reception"}, True),
        ({"mode": "outreach", "enrolment": None}, "journeys.contact_logged", {"mode": "outreach"}, True),
        ({"mode": "message"}, "journeys.message_received", {}, True),
        ({"mode": "message", "reached": False, "by_person": True}, "journeys.message_received", {}, True),
        ({"reached": False}, "journeys.contact_tried", {"mode": "phone"}, False),
        ({"mode": "message", "reached": False}, "journeys.contact_tried", {"mode": "message"}, False),
        ({"reached": False, "by_person": True}, "journeys.contact_logged", {"mode": "phone"}, True),
    ],
)
def test_what_a_contact_says_in_the_fil(counsellor, enrolment, now, given, kind, data, is_hers):
    contact = note(enrolment, counsellor, now, **given)
    assert (contact.fact.kind, contact.fact.data) == (kind, data)
    assert (kind in contact_kinds()) == is_hers
    assert contact.fact.action == (None if "enrolment" in given else enrolment.action)


def test_after_the_exit_a_contact_stays_out_of_the_action(counsellor, enrolment, now):
    closed = close_enrolment(
        enrolment=enrolment, reason="job", on=date(2026, 6, 1), version=enrolment.version, by=counsellor, now=now
    )
    assert note(closed, counsellor, now).fact.kind == "journeys.contact_logged"


def test_contacts_that_cannot_be(counsellor, enrolment, now):
    for values, by, words in [
        ({"mode": "pigeon"}, counsellor, "comment"),
        ({"at": now + timedelta(minutes=1)}, counsellor, "avenir"),
        ({"person": PersonFactory(held_by=counsellor)}, counsellor, "pas le sien"),
        ({}, MembershipFactory(), "pas ouvert"),
    ]:
        with pytest.raises(ContactRefused, match=words):
            note(enrolment, by, now, **values)
    assert not Contact.objects.exists()


def test_a_contact_keeps_its_hour(counsellor, enrolment, now):
    at = datetime(2026, 11, 20, 16, 30, tzinfo=PARIS)
    assert note(enrolment, counsellor, now, at=at).fact.at == at


# Help -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def club(counsellor, now):
    """A newcomer, an alumnus of the same action, an alumnus of another."""
    action = make_action(counsellor)

    def gone(where):
        one = make_enrolment(counsellor, where, make_eligible(counsellor))
        return close_enrolment(
            enrolment=one, reason="job", on=date(2026, 5, 1), version=one.version, by=counsellor, now=now
        )

    return make_enrolment(counsellor, action), gone(action), gone(make_action(counsellor))


def test_an_alumnus_helps_and_sees_nothing(counsellor, club, now):
    newcomer, alumnus, _ = club
    grants = newcomer.person.grants.count()
    helped = start_mentoring(enrolment=newcomer, alumnus=alumnus, since=date(2026, 6, 1), by=counsellor, now=now)
    assert helped.fact.data == {"by": "alumnus"}
    assert newcomer.person.grants.count() == grants
    ended = end_mentoring(mentoring=helped, until=date(2026, 7, 1), version=1, by=counsellor, now=now)
    assert ended.until == date(2026, 7, 1)
    with pytest.raises(MentoringRefused, match="déjà terminée"):
        end_mentoring(mentoring=ended, until=TODAY, version=ended.version, by=counsellor, now=now)


def test_someone_of_the_team_helps_and_a_mistake_is_taken_away(counsellor, club, now):
    newcomer = club[0]
    staff = assign_staff(
        action=newcomer.action, name="Odette Vasseur", role="mentor", starts=date(2026, 1, 5), by=counsellor, now=now
    )
    helped = start_mentoring(enrolment=newcomer, staff=staff, since=date(2026, 6, 1), by=counsellor, now=now)
    with pytest.raises(MentoringRefused, match="déjà"):
        start_mentoring(enrolment=newcomer, staff=staff, since=date(2026, 6, 2), by=counsellor, now=now)
    cancel_mentoring(mentoring=helped, version=1, by=counsellor, now=now)
    assert not Mentoring.objects.exists()
    assert not live("journeys.mentoring_started").exists()


def test_help_that_cannot_be(counsellor, club, now):
    newcomer, alumnus, elsewhere = club
    herself = make_enrolment(counsellor, newcomer.action, alumnus.person, on=date(2026, 9, 1))
    for enrolment, values, words in [
        (newcomer, {}, "qui l’épaule"),
        (newcomer, {"alumnus": elsewhere}, "dans cette action"),
        (newcomer, {"alumnus": herself}, "terminé son parcours"),
        (herself, {"alumnus": alumnus}, "soi-même"),
        (newcomer, {"alumnus": alumnus, "since": date(2026, 3, 1)}, "entrée"),
        (newcomer, {"alumnus": alumnus, "since": TODAY + timedelta(days=1)}, "avenir"),
    ]:
        with pytest.raises(MentoringRefused, match=words):
            start_mentoring(enrolment=enrolment, by=counsellor, now=now, **({"since": TODAY} | values))
    with pytest.raises(MentoringRefused, match="terminé"):
        start_mentoring(
            enrolment=Enrolment.objects.get(pk=alumnus.pk), alumnus=alumnus, since=TODAY, by=counsellor, now=now
        )
