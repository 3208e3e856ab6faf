from datetime import UTC, datetime

import pytest

from essaim.directory.models import Territory
from essaim.directory.operations import (
    TerritoryError,
    create_territory,
    extend_territory,
    reduce_territory,
    rename_territory,
)
from essaim.directory.queries import get_territory_for, list_territories_for, narrow_territories
from essaim.kernel.operations import EditConflict
from tests.factories.accounts import MembershipFactory
from tests.factories.directory import CommuneFactory, OrganisationFactory, TerritoryFactory, ZoneFactory

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return MembershipFactory(manager=True)


def test_a_territory_is_created_once_per_name(manager):
    commune, zone = CommuneFactory(), ZoneFactory()
    given = {"organisation": manager.organisation, "by": manager, "now": NOW}
    territory = create_territory(name=" Quartiers   nord ", communes=[commune], zones=[zone], **given)
    assert territory.name == "Quartiers nord"
    assert (list(territory.communes.all()), list(territory.zones.all())) == ([commune], [zone])
    for name in ("Quartiers nord", "", "x" * 121):
        with pytest.raises(TerritoryError) as caught:
            create_territory(name=name, **given)
        assert caught.value.field == "name"
    create_territory(organisation=OrganisationFactory(), name="Quartiers nord", by=None, now=NOW)
    assert Territory.objects.count() == 2


def test_renaming_tells_the_second_editor(manager):
    territory = TerritoryFactory(organisation=manager.organisation, name="Ancien")
    TerritoryFactory(organisation=manager.organisation, name="Pris")
    given = {"territory": territory, "by": manager, "now": NOW}
    with pytest.raises(TerritoryError):
        rename_territory(name="Pris", version=1, **given)
    assert rename_territory(name="Neuf", version=1, **given).version == 2
    with pytest.raises(EditConflict):
        rename_territory(name="Trop tard", version=1, **given)
    assert Territory.objects.get(pk=territory.pk).name == "Neuf"


def test_places_are_added_and_taken_out_without_fuss(manager):
    territory = TerritoryFactory(organisation=manager.organisation, communes=[])
    commune, zone = CommuneFactory(), ZoneFactory()
    given = {"territory": territory, "communes": [commune], "zones": [zone], "by": manager, "now": NOW}
    extend_territory(**given)
    extend_territory(**given)
    assert (territory.communes.count(), territory.zones.count()) == (1, 1)
    reduce_territory(**given)
    reduce_territory(**given)
    assert (territory.communes.count(), territory.zones.count()) == (0, 0)


def test_each_organisation_sees_its_own(manager):
    own = TerritoryFactory(organisation=manager.organisation)
    other = TerritoryFactory()
    assert list(list_territories_for(manager)) == [own]
    with pytest.raises(Territory.DoesNotExist):
        get_territory_for(manager, other.pk)


def test_territories_are_found_by_name_or_commune(manager):
    found = TerritoryFactory(
        organisation=manager.organisation,
        name="Vallée",
        communes=[CommuneFactory(name="Étang-Neuf"), CommuneFactory(name="Étang-Vieux")],
    )
    TerritoryFactory(organisation=manager.organisation, name="Ailleurs")
    territories = list_territories_for(manager)
    assert list(narrow_territories(territories, "vallee")) == [found]
    assert list(narrow_territories(territories, "etang")) == [found]
