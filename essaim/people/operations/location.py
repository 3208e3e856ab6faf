"""Where people live, on the map: from the points known here, else from an address service."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from essaim.accounts.models import Membership
from essaim.directory.queries import ask_address_service, find_points
from essaim.people.models import Person
from essaim.people.tasks import locate_person as locate_later


@transaction.atomic
def locate_person(*, person: Person, by: Membership | None, now: datetime) -> Person:
    """Put the person's address on the map, to be called when her address has changed.

    A point known here places it at once; else the old point is forgotten and, when an address service is set, a
    task asks it. The version does not move: nobody typed anything. ``by`` is whoever changed the address.
    """
    locked = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    asked = (locked.address, locked.postcode, locked.commune_id or "")
    locked.latitude, locked.longitude = find_points([asked]).get(asked, (None, None))
    locked.save(update_fields=["latitude", "longitude"])
    person.latitude, person.longitude = locked.latitude, locked.longitude
    if locked.latitude is None and locked.address and settings.GEOCODER_URL:
        locate_later.defer(code=locked.code)
    return locked


def locate_by_service(*, code: str, now: datetime) -> bool:
    """Ask the address service where this person's address is, and keep the point. Return whether it was found.

    Nothing is written when the address changed while the service was answering, or when a point is known.
    """
    person = Person.objects.filter(code=code, erased_at=None, latitude=None).select_related("commune").first()
    if person is None or not person.address:
        return False
    commune = person.commune
    point = ask_address_service(
        address=person.address,
        postcode=person.postcode,
        commune_code=commune.code if commune else "",
        commune_name=commune.name if commune else "",
    )
    if point is None:
        return False
    same = {name: getattr(person, name) for name in ("address", "postcode", "commune_id")}
    unmoved = Person.objects.filter(pk=person.pk, latitude=None, **same)
    return unmoved.update(latitude=point[0], longitude=point[1]) == 1
