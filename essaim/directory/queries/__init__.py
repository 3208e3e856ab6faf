"""The readers of the directory, by subject."""

from essaim.directory.queries.organisations import (
    get_declared_contents,
    get_organisation_for,
    list_organisations_for,
    search_organisations_for,
)
from essaim.directory.queries.places import (
    CommuneNotFoundError,
    list_zones,
    read_commune,
    search_communes,
    search_zones,
    zones_in_force,
)
from essaim.directory.queries.territories import get_territory_for, list_territories_for

__all__ = [
    "CommuneNotFoundError",
    "get_declared_contents",
    "get_organisation_for",
    "get_territory_for",
    "list_organisations_for",
    "list_territories_for",
    "list_zones",
    "read_commune",
    "search_communes",
    "search_organisations_for",
    "search_zones",
    "zones_in_force",
]
