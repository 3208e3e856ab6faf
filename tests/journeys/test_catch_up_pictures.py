"""What an import changes in a file reaches the actions where the person is."""

from datetime import date

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from essaim.journal.models import Fact
from essaim.journeys.operations.profiles import catch_up_pictures
from essaim.people.models import ExternalIdentifier
from essaim.people.operations.imports import import_people
from tests.factories.accounts import MembershipFactory
from tests.factories.journeys import make_eligible, make_enrolment

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return MembershipFactory(manager=True)


@pytest.fixture
def person(by):
    enrolled = make_eligible(by)
    make_enrolment(by, person=enrolled)
    ExternalIdentifier.objects.create(person=enrolled, organisation=by.organisation, system="own", value="A-1")
    return enrolled


def run_jobs(now):
    for job in ProcrastinateJob.objects.filter(task_name="journeys.catch_up_pictures"):
        catch_up_pictures(**job.args, now=now)


def pictures(person):
    facts = Fact.objects.filter(subject__person=person, kind="profile_declared", live=True)
    return [(fact.day, fact.data.get("level"), fact.data.get("birth_date")) for fact in facts.order_by("day", "ref")]


def load(by, person, now, **cells):
    heads, values = (
        ";".join(["nom", "prenom", *cells]),
        ";".join([person.last_name, person.first_name, *cells.values()]),
    )
    return import_people(content=f"{heads}\n{values}\n".encode(), by=by, now=now)


def test_a_level_imported_is_told_once_in_her_action(by, person, now):
    born = person.birth_date
    assert load(by, person, now, date_naissance=born.isoformat(), niveau="4").updated == 1
    run_jobs(now)
    run_jobs(now)
    assert pictures(person)[-1] == (date(2026, 11, 23), 4, born.isoformat())
    assert len([one for one in pictures(person) if one[0] == date(2026, 11, 23)]) == 1


def test_a_birth_date_imported_is_set_right_in_every_picture(by, person, now):
    assert load(by, person, now, date_naissance="2003-04-05", identifiant_externe="A-1").updated == 1
    run_jobs(now)
    assert {one[2] for one in pictures(person)} == {"2003-04-05"}


def test_a_phone_imported_concerns_no_action(by, person, now):
    load(by, person, now, date_naissance=person.birth_date.isoformat(), telephone="0612345678")
    assert not ProcrastinateJob.objects.filter(task_name="journeys.catch_up_pictures").exists()


def test_a_task_holds_codes_only(by, person, now):
    load(by, person, now, date_naissance=person.birth_date.isoformat(), niveau="4")
    job = ProcrastinateJob.objects.get(task_name="journeys.catch_up_pictures")
    assert job.args == {"codes": [person.code], "membership": by.pk}
