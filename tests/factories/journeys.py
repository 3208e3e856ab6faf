"""Actions and parcours, made by the operations themselves: rows and facts always agree."""

from datetime import date
from functools import cache
from hashlib import sha256

from django.utils import timezone

from essaim.guide.engine import parse_practice
from essaim.guide.models import Practice
from essaim.guide.queries import DATA
from essaim.journeys.operations import PartnerPlan, create_group, enrol_person, launch_action
from essaim.journeys.operations import make_prescription as prescribe
from tests.factories.accounts import MembershipFactory
from tests.factories.directory import TerritoryFactory
from tests.factories.people import PersonFactory, ProfileFactory

# What the initial interview of the job club validates.
VALIDATED = ("project", "motivation")


@cache
def club_definition():
    """The first practice of the guide: the job club, whose steps all exist."""
    path = next(DATA.glob("01-*.yaml"))
    practice = parse_practice(path.read_text(encoding="utf-8"), path.name)
    assert not isinstance(practice, list), practice
    return practice


def make_practice() -> Practice:
    """The job club as loaded, once a test."""
    club = club_definition()
    return Practice.objects.get_or_create(
        slug=club.slug,
        is_current=True,
        defaults={
            "version": 1,
            "position": club.number,
            "title": club.title,
            "theme": club.theme,
            "digest": sha256(club.slug.encode()).hexdigest(),
            "definition": dict(club.definition),
        },
    )[0]


def make_action(by=None, *, partners=(), settings=None, now=None, **values):
    """An action of 2026 carried by the organisation of ``by`` (a manager of her own unless given)."""
    by = by or MembershipFactory(manager=True)
    given = {
        "territory": None,
        "title": "Club des Tilleuls",
        "starts": date(2026, 1, 1),
        "ends": date(2026, 12, 31),
        "places": 18,
        "targets": {},
        "budget": (),
    } | values
    return launch_action(
        practice=make_practice(),
        organisation=by.organisation,
        settings=settings or {},
        partners=partners,
        by=by,
        now=now or timezone.now(),
        **given,
    )


def make_eligible(by, **values):
    """A person that the job club accepts: 21, no diploma, in a priority neighbourhood, registered."""
    person = PersonFactory(held_by=by, **values)
    ProfileFactory(person=person, recorded_by=by.user)
    return person


def make_enrolment(by, action=None, person=None, *, on=date(2026, 3, 2), now=None, **values):
    """An open parcours since 2 March 2026."""
    return enrol_person(
        action=action or make_action(by),
        person=person or make_eligible(by),
        on=on,
        by=by,
        now=now or timezone.now(),
        **{"validated": VALIDATED} | values,
    )


def make_prescription(by, action=None, person=None, *, now=None, **values):
    """Someone oriented today to an action that ``by`` may prescribe to."""
    given = {"motive": "job_search", "agreed_on": date(2026, 3, 1)} | values
    return prescribe(
        action=action or make_action(by),
        person=person or make_eligible(by),
        by=by,
        now=now or timezone.now(),
        **given,
    )


def make_group(by, action, name="Club 1", *, places=18, now=None, **values):
    return create_group(action=action, name=name, places=places, by=by, now=now or timezone.now(), **values)


def make_partner_plan(organisation, role="prescriber", *, sees_people=False):
    return PartnerPlan(organisation=organisation, role=role, sees_people=sees_people)


def make_territory(by, **values):
    return TerritoryFactory(organisation=by.organisation, **values)
