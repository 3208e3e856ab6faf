"""Exactly the due people, counted from their own last contact, announced thirty days before."""

from datetime import UTC, date, datetime, timedelta

import pytest

from essaim.kernel.contract import Instrument
from essaim.kernel.instruments import all_instruments, contact_kinds
from essaim.people.models import Person
from essaim.privacy.enums import RetentionStage
from essaim.privacy.models import Erasure, RetentionStep
from essaim.privacy.operations import run_retention
from essaim.privacy.queries import list_due_files_for
from tests.factories.accounts import MembershipFactory
from tests.factories.journal import FactFactory
from tests.factories.journeys import make_enrolment
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 23)


def file_of(by, *, opened=date(2020, 1, 6), contact=None):
    """A file opened long ago; its person's own last contact that day."""
    moment = datetime(opened.year, opened.month, opened.day, 8, tzinfo=UTC)
    person = PersonFactory(held_by=by, created_at=moment)
    if contact:
        FactFactory(kind="interview_held", at_text=contact.isoformat(), person=person, data={})
    return person


def codes(report):
    return set(report.warn), set(report.archive), set(report.anonymise)


def test_the_people_due_are_exactly_those_due(now):
    by = MembershipFactory()
    gone = file_of(by, contact=date(2024, 11, 23))
    eve = file_of(by, contact=date(2024, 11, 24))
    first_warned = file_of(by, contact=date(2024, 12, 23))
    file_of(by, contact=date(2024, 12, 24))
    never_met = file_of(by, opened=date(2023, 5, 2))
    file_of(by, opened=date(2025, 5, 2))
    report = run_retention(on=ON, apply=False, now=now)
    assert codes(report) == ({eve.code, first_warned.code}, set(), {gone.code, never_met.code})
    assert not Erasure.objects.exists()
    assert not RetentionStep.objects.exists()


def test_what_is_done_is_done_once(now):
    by = MembershipFactory()
    gone, warned = file_of(by, contact=date(2024, 6, 3)), file_of(by, contact=date(2024, 12, 2))
    assert codes(run_retention(on=ON, apply=True, now=now)) == ({warned.code}, set(), {gone.code})
    assert codes(run_retention(on=ON, apply=True, now=now)) == ({warned.code}, set(), set())
    steps = {(step.person, step.stage) for step in RetentionStep.objects.all()}
    assert steps == {(gone, RetentionStage.ANONYMISED), (warned, RetentionStage.WARNED)}
    assert Erasure.objects.get().cause == "retention"


def test_a_mail_of_ours_or_an_absence_is_no_contact(now):
    by = MembershipFactory()
    person = file_of(by, contact=date(2024, 6, 3))
    FactFactory(kind="invitation_sent", at_text="2026-06-01", person=person, data={"channel": "sms"})
    FactFactory(kind="attendance_recorded", at_text="2026-06-02", person=person, data={"state": "missed"})
    assert codes(run_retention(on=ON, apply=False, now=now)) == (set(), set(), {person.code})
    assert "interview_held" in contact_kinds()


def test_someone_in_an_open_parcours_is_announced_and_kept(now):
    by = MembershipFactory()
    enrolment = make_enrolment(by)
    person = enrolment.person
    Person.objects.filter(pk=person.pk).update(created_at=now - timedelta(days=900))
    assert codes(run_retention(on=date(2028, 12, 1), apply=True, now=now)) == ({person.code}, set(), set())
    assert Person.objects.get(pk=person.pk).erased_at is None


def test_evidence_to_keep_holds_the_file_in_archive_until_it_ends(now, monkeypatch):
    by = MembershipFactory()
    person = file_of(by, contact=date(2024, 6, 3))
    obliged = [person.pk]
    holding = Instrument(
        key="test", label="Justificatifs", obligations=(lambda people, on: people.filter(pk__in=obliged),)
    )
    monkeypatch.setitem(all_instruments(), "test", holding)
    assert codes(run_retention(on=ON, apply=True, now=now)) == (set(), {person.code}, set())
    assert Person.objects.get(pk=person.pk).archived_at == now
    assert not list_due_files_for(by, ON)
    obliged.clear()
    assert codes(run_retention(on=ON + timedelta(days=1), apply=True, now=now)) == (set(), set(), {person.code})


def test_the_list_shows_the_organisation_its_own_files_in_few_queries(now, django_assert_num_queries):
    by, other = MembershipFactory(manager=True), MembershipFactory(manager=True)
    file_of(other, contact=date(2024, 6, 3))
    first = file_of(by, contact=date(2024, 12, 2))
    with django_assert_num_queries(2):
        assert [one.person for one in list_due_files_for(by, ON)] == [first]
    for _ in range(2):
        file_of(by, contact=date(2024, 6, 3))
    with django_assert_num_queries(2):
        assert len(list_due_files_for(by, ON)) == 3
