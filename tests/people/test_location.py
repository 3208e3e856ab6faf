"""An address is placed when it changes: by a point known here, else by the service, from a task."""

import json
from datetime import date
from decimal import Decimal

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from essaim.directory.models import AddressPoint, ZoneArea
from essaim.people.models import Person
from essaim.people.operations import PersonDetails, create_person, update_person
from essaim.people.operations.location import locate_by_service, locate_person
from essaim.people.queries import propose_zones
from tests.factories.accounts import MembershipFactory
from tests.factories.directory import CommuneFactory, ZoneFactory
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db
SERVICE = "http://127.0.0.1:9"  # nothing answers there


@pytest.fixture
def by():
    return MembershipFactory(manager=True)


@pytest.fixture
def commune():
    found = CommuneFactory(code="98001", name="Valbourg", postcodes=["98001"])
    AddressPoint.objects.create(
        key="12 rue des lilas", label="12 rue des Lilas", postcode="98001", commune=found, latitude=46.5, longitude=2.6
    )
    return found


def jobs():
    return list(ProcrastinateJob.objects.filter(task_name="people.locate_person").values_list("args", flat=True))


def details(commune, address="12 rue des Lilas"):
    return PersonDetails("Inès", "Kadrani", address=address, commune=commune)


def test_a_new_address_known_here_is_placed_at_once(by, commune, now, settings):
    settings.GEOCODER_URL = SERVICE
    person = create_person(details=details(commune), by=by, now=now)
    assert (person.latitude, person.longitude) == (Decimal("46.50000"), Decimal("2.60000")) and jobs() == []


def test_an_address_that_moves_away_forgets_its_point_and_asks_the_service(by, commune, now, settings):
    settings.GEOCODER_URL = SERVICE
    person = create_person(details=details(commune), by=by, now=now)
    moved = update_person(
        person=person, details=details(commune, "9 quai Neuf"), version=person.version, by=by, now=now
    )
    assert (moved.latitude, moved.longitude) == (None, None)
    assert jobs() == [{"code": person.code}] and "Neuf" not in json.dumps(jobs())


def test_without_a_service_nothing_is_deferred(by, commune, now):
    create_person(details=details(commune, "9 quai Neuf"), by=by, now=now)
    assert jobs() == []


def test_a_change_of_phone_asks_nothing(by, commune, now, settings):
    person = create_person(details=details(commune, "9 quai Neuf"), by=by, now=now)
    settings.GEOCODER_URL = SERVICE
    changed = PersonDetails("Inès", "Kadrani", address="9 quai Neuf", commune=commune, phone="+33612345678")
    update_person(person=person, details=changed, version=person.version, by=by, now=now)
    assert jobs() == []


def test_the_point_of_the_service_is_kept(by, commune, now, monkeypatch):
    person = PersonFactory(held_by=by, address="9 quai Neuf", commune=commune)
    answer = (Decimal("46.51000"), Decimal("2.61000"))
    monkeypatch.setattr("essaim.people.operations.location.ask_address_service", lambda **asked: answer)
    assert locate_by_service(code=person.code, now=now)
    person.refresh_from_db()
    assert (person.latitude, person.longitude, person.version) == (*answer, 1)
    assert not locate_by_service(code=person.code, now=now)


def test_an_address_changed_while_the_service_answers_is_not_placed(by, commune, now, monkeypatch):
    person = PersonFactory(held_by=by, address="9 quai Neuf", commune=commune)

    def answer(**asked):
        Person.objects.update(address="ailleurs")
        return Decimal("46.51"), Decimal("2.61")

    monkeypatch.setattr("essaim.people.operations.location.ask_address_service", answer)
    assert not locate_by_service(code=person.code, now=now)
    person.refresh_from_db()
    assert person.latitude is None


@pytest.mark.parametrize("code", ["PINCONNU", None])
def test_nobody_and_no_address_ask_nothing(by, now, code, settings):
    settings.GEOCODER_URL = SERVICE
    assert not locate_by_service(code=code or PersonFactory(held_by=by).code, now=now)


def test_zones_are_proposed_from_the_point(by, commune, now):
    zone = ZoneFactory(code="QN1")
    ZoneArea.objects.create(zone=zone, ring="((2,46),(3,46),(3,47),(2,47),(2,46))")
    person = PersonFactory(held_by=by, address="12 rue des Lilas", commune=commune)
    assert propose_zones(person, date(2026, 1, 1)) == []
    placed = locate_person(person=person, by=by, now=now)
    assert propose_zones(placed, date(2026, 1, 1)) == [zone] == propose_zones(person, date(2026, 1, 1))
    assert propose_zones(placed, date(2023, 1, 1)) == []
