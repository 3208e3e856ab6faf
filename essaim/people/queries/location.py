"""The zones where a person's address is."""

from datetime import date

from essaim.directory.models import Zone
from essaim.directory.queries import zones_at
from essaim.people.models import Person


def propose_zones(person: Person, on: date) -> list[Zone]:
    """Return the zones in force that day that hold the person's point; none while it is not on the map.

    To be proposed, never written alone: an address may be a domiciliation.
    """
    if person.latitude is None or person.longitude is None:
        return []
    return zones_at(person.latitude, person.longitude, on=on)
