"""The last time someone was in touch herself: what proves it counts, an absence does not."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from essaim.journal.queries import last_contact_expression, last_contact_of, last_contacts
from essaim.people.models import Person
from tests.factories.journal import ActionFactory, FactFactory
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), tick=False):
        yield


def met(person, day, kind="interview_held", *, action=None, **data):
    data = data or {"type": "weekly"}
    return FactFactory(action=action or ActionFactory(), person=person, kind=kind, at_text=day, data=data)


def test_the_latest_meeting_of_all_her_actions_counts():
    person = PersonFactory()
    met(person, "2026-03-02")
    met(person, "2026-04-07")
    assert last_contact_of(person) == date(2026, 4, 7)


def test_an_absence_a_file_entry_and_a_day_to_come_prove_nothing():
    person = PersonFactory()
    assert last_contact_of(person) is None
    met(person, "2026-05-04", "profile_declared", sex="female")
    met(person, "2026-12-24")
    met(person, "2026-05-05", "attendance_recorded", role="participant", state="absent")
    assert last_contact_of(person) is None
    met(person, "2026-05-06", "attendance_recorded", role="participant", state="present")
    assert last_contact_of(person) == date(2026, 5, 6)


def test_a_replaced_fact_no_longer_counts():
    person = PersonFactory()
    met(person, "2026-03-02")
    wrong = met(person, "2026-04-07")
    FactFactory(action=wrong.action, person=person, kind="interview_held", at_text="2026-04-07", corrects=wrong,
                data={"void": True})  # fmt: skip
    assert last_contact_of(person) == date(2026, 3, 2)


def test_many_people_in_one_query(django_assert_num_queries):
    people = [PersonFactory() for _ in range(3)]
    for number, person in enumerate(people[:2], start=1):
        met(person, f"2026-03-0{number}")
    expected = {people[0].pk: date(2026, 3, 1), people[1].pk: date(2026, 3, 2)}
    with django_assert_num_queries(1):
        assert last_contacts(person.pk for person in people) == expected
    assert last_contacts(Person.objects.all()) == expected
    annotated = Person.objects.annotate(last=last_contact_expression()).values_list("pk", "last")
    assert dict(annotated) == {person.pk: expected.get(person.pk) for person in people}
