"""Nobody and nothing in two places: the constraint decides, the refusal says what is taken."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from essaim.agenda.models import Absence, Occupation
from essaim.agenda.operations import (
    AbsenceRefused,
    OccupationConflict,
    declare_absence,
    free,
    occupy,
    withdraw_absence,
)
from essaim.agenda.queries import first_free, resource_of
from tests.factories.accounts import MembershipFactory
from tests.factories.agenda import RoomFactory
from tests.factories.people import AccessGrantFactory, PersonFactory, colleague_of

pytestmark = pytest.mark.django_db


def at(hour, minute=0):
    """A moment of Tuesday 24 November 2026, in Paris."""
    return datetime(2026, 11, 24, hour - 1, minute, tzinfo=UTC)


@pytest.fixture
def counsellor():
    return MembershipFactory()


def take(resource, first, last, *, by=None, source="appointment", ref="T1"):
    occupy(resources=[resource], starts=at(first), ends=at(last), source=source, source_ref=ref, by=by)


def test_a_resource_is_taken_once(counsellor):
    person = PersonFactory(held_by=counsellor, first_name="Bastien", last_name="Corvel")
    take(resource_of(person), 14, 15)
    with pytest.raises(OccupationConflict) as refusal:
        take(resource_of(person), 14, 16, by=counsellor, ref="T2")
    expected = "Bastien Corvel a déjà un rendez-vous le mardi 24 novembre de 14\u00a0h à 15\u00a0h."
    assert (refusal.value.message, refusal.value.field) == (expected, "starts")
    assert Occupation.objects.count() == 1


def test_one_ends_when_the_next_begins(counsellor):
    take("user:1", 14, 15)
    take("user:1", 15, 16, ref="T2")
    take("user:2", 14, 16, ref="T2")
    assert Occupation.objects.count() == 3


def test_all_or_nothing():
    take("room:7", 14, 15)
    with pytest.raises(OccupationConflict):
        occupy(resources=["user:1", "room:7"], starts=at(14), ends=at(15), source="session", source_ref="R1")
    assert not Occupation.objects.filter(resource="user:1").exists()


def test_the_refusal_names_only_whom_the_reader_may_see(counsellor):
    hers, shared, hidden = PersonFactory(held_by=counsellor), PersonFactory(), PersonFactory()
    AccessGrantFactory(person=shared, organisation=counsellor.organisation)
    words = []
    for person in (hers, shared, hidden):
        take(resource_of(person), 14, 15, source="interview")
        with pytest.raises(OccupationConflict) as refusal:
            take(resource_of(person), 14, 15, by=counsellor)
        words.append(refusal.value.message)
    when = "le mardi 24 novembre de 14\u00a0h à 15\u00a0h."
    assert words == [
        f"{hers.full_name} a déjà un entretien d’embauche {when}",
        f"{shared.full_name} n’est pas libre {when}",
        f"Cette personne n’est pas libre {when}",
    ]


def test_counsellors_and_rooms_are_named(counsellor):
    room = RoomFactory(name="Bureau bleu")
    for thing in (counsellor.user, room):
        take(resource_of(thing), 9, 10, source="session")
    with pytest.raises(OccupationConflict) as refusal:
        occupy(
            resources=[resource_of(room), resource_of(counsellor.user)],
            starts=at(9), ends=at(11), source="appointment", source_ref="T2", by=counsellor,
        )  # fmt: skip
    when = "le mardi 24 novembre de 9\u00a0h à 10\u00a0h"
    assert f"Le lieu «\u00a0Bureau bleu\u00a0» est déjà pris {when} (séance)." in refusal.value.message
    assert f"{counsellor.user.full_name} a déjà une séance {when}." in refusal.value.message


def test_a_source_is_freed_at_once():
    occupy(resources=["user:1", "room:7"], starts=at(14), ends=at(15), source="session", source_ref="R1")
    take("user:2", 14, 15)
    assert free(source="session", source_ref="R1") == 2
    assert [one.resource for one in Occupation.objects.all()] == ["user:2"]
    assert free(source="session", source_ref="R1") == 0


def test_the_database_refuses_by_itself():
    take("user:1", 14, 15)
    with pytest.raises(IntegrityError), transaction.atomic():
        Occupation.objects.create(resource="user:1", during=(at(14, 30), at(15, 30)), source="session", source_ref="R1")


def test_the_first_free_time_avoids_what_is_taken_and_absences():
    take("user:1", 14, 15)
    slots = [(at(14), at(15)), (at(15), at(16))]
    assert first_free(["user:1"], slots, []) == slots[1]
    assert first_free(["user:2"], slots, []) == slots[0]
    assert first_free(["user:2"], slots, [(date(2026, 11, 20), date(2026, 11, 24))]) is None
    assert first_free(["user:2"], [], []) is None


def declare(user, by, now, first=25, last=27, **values):
    return declare_absence(user=user, starts=date(2026, 11, first), ends=date(2026, 11, last), by=by, now=now, **values)


def test_one_declares_her_absence_and_withdraws_it(counsellor, now):
    absence = declare(counsellor.user, counsellor, now, replaced_by=colleague_of(counsellor).user)
    assert absence.organisation == counsellor.organisation
    with pytest.raises(AbsenceRefused, match="déjà notée du 25 novembre 2026 au 27 novembre 2026"):
        declare(counsellor.user, counsellor, now, first=27, last=28)
    withdraw_absence(absence=absence, by=counsellor, now=now)
    assert not Absence.objects.exists()


def test_absences_refused(counsellor, now):
    colleague, stranger = colleague_of(counsellor), MembershipFactory()
    manager = colleague_of(counsellor, manager=True)
    with pytest.raises(AbsenceRefused, match="Seul un responsable note"):
        declare(colleague.user, counsellor, now)
    with pytest.raises(AbsenceRefused, match="ne suit pas de personnes"):
        declare(stranger.user, manager, now)
    with pytest.raises(AbsenceRefused, match="précède"):
        declare(counsellor.user, counsellor, now, first=27, last=25)
    with pytest.raises(AbsenceRefused, match="déjà passée"):
        declare(counsellor.user, counsellor, now, first=10, last=12)
    with pytest.raises(AbsenceRefused, match="autre personne"):
        declare(counsellor.user, counsellor, now, replaced_by=counsellor.user)
    absence = declare(colleague.user, manager, now)
    with pytest.raises(AbsenceRefused, match="Seul un responsable retire"):
        withdraw_absence(absence=absence, by=counsellor, now=now)
    withdraw_absence(absence=absence, by=manager, now=now)
