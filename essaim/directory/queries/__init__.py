"""The readers of the directory, by subject."""

from essaim.directory.queries.addresses import find_points, load_commune_names, zones_at
from essaim.directory.queries.geocoding import ask_address_service
from essaim.directory.queries.organisations import (
    get_declared_contents,
    get_organisation_for,
    get_own_organisation_for,
    list_organisations_for,
    search_organisations_for,
)
from essaim.directory.queries.places import (
    ZONE_STATES,
    CommuneNotFoundError,
    Places,
    get_places,
    keep_zones_in_state,
    list_zones,
    narrow_zones,
    read_commune,
    search_communes,
    search_places,
    search_zones,
    zones_in_force,
)
from essaim.directory.queries.territories import get_territory_for, list_territories_for, narrow_territories

__all__ = [
    "ZONE_STATES",
    "CommuneNotFoundError",
    "Places",
    "ask_address_service",
    "find_points",
    "get_declared_contents",
    "get_organisation_for",
    "get_own_organisation_for",
    "get_places",
    "get_territory_for",
    "keep_zones_in_state",
    "list_organisations_for",
    "list_territories_for",
    "list_zones",
    "load_commune_names",
    "narrow_territories",
    "narrow_zones",
    "read_commune",
    "search_communes",
    "search_organisations_for",
    "search_places",
    "search_zones",
    "zones_at",
    "zones_in_force",
]
