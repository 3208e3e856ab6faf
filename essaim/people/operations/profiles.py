"""Dated profiles: a complete picture of someone's situation on a day."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from essaim.accounts.models import Membership
from essaim.kernel.days import paris_day
from essaim.kernel.errors import OperationError
from essaim.people.engine.ages import OLDEST_BIRTH_YEAR
from essaim.people.enums import ProfileZone, Status, ZoneSource
from essaim.people.models import Person, Profile
from essaim.people.permissions import is_of_referent_team
from essaim.people.queries import scope_for

MOST_CHILDREN = 20
SHORTEST_TRIP, LONGEST_TRIP = 5, 240  # minutes


class ProfileRefused(OperationError):  # noqa: N818 - the words of the screen
    """A profile that cannot be true, or that may not be stored."""


@dataclass(frozen=True, slots=True)
class ProfileDetails:
    """A complete picture of someone's situation: what is left empty is unknown from then on.

    ``zone_source`` and ``zone_proof`` say how a priority neighbourhood was established; by hand needs a proof.
    """

    day: date
    sex: str = ""
    level: int | None = None
    zones: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    resources: str = ""
    licence_since: date | None = None
    zone_source: str = ""
    zone_proof: str = ""
    household: str = ""
    children: int | None = None
    mobility: tuple[str, ...] = ()
    travel_minutes: int | None = None
    sought_sector: str = ""
    sought_trade: str = ""


def save_profile(*, person: Person, details: ProfileDetails, by: Membership, now: datetime) -> Profile:
    """Write a dated profile. It records no fact by itself: ``journeys.update_profile`` does both.

    Refused (ProfileRefused): outside the referent team, a day in the future or before the birth, a licence
    that no date can have, a status that Essaim does not store, a priority neighbourhood that neither her address on
    the map nor a proof establishes (FIELD §6), numbers out of range.
    """
    if not is_of_referent_team(scope_for(by, person)):
        raise ProfileRefused("Seule l’équipe référente modifie ce dossier.")
    _check_days(person, details, paris_day(now))
    _check_zones(person, details)
    if not set(details.statuses) <= set(Status.values):
        raise ProfileRefused("Cette situation ne s’enregistre pas dans Essaim.", field="statuses")
    if details.children is not None and not 0 <= details.children <= MOST_CHILDREN:
        raise ProfileRefused(f"De 0 à {MOST_CHILDREN} enfants.", field="children")
    if details.travel_minutes is not None and not SHORTEST_TRIP <= details.travel_minutes <= LONGEST_TRIP:
        raise ProfileRefused(f"De {SHORTEST_TRIP} à {LONGEST_TRIP} minutes.", field="travel_minutes")
    lists = {name: list(getattr(details, name)) for name in ("zones", "statuses", "mobility")}
    return Profile.objects.create(person=person, recorded_at=now, recorded_by=by.user, **asdict(details) | lists)


def _check_days(person: Person, details: ProfileDetails, today: date) -> None:
    if details.day > today:
        raise ProfileRefused("Un profil ne peut pas être daté dans l’avenir.", field="day")
    if details.day < (person.birth_date or date(OLDEST_BIRTH_YEAR, 1, 1)):
        raise ProfileRefused("Ce jour précède la naissance de la personne.", field="day")
    if details.licence_since and details.licence_since > today:
        raise ProfileRefused("Un permis ne peut pas être daté dans l’avenir.", field="licence_since")
    if details.licence_since and person.birth_date and details.licence_since <= person.birth_date:
        raise ProfileRefused("Ce permis précède la naissance de la personne.", field="licence_since")


def _check_zones(person: Person, details: ProfileDetails) -> None:
    in_a_zone = bool({ProfileZone.QPV, ProfileZone.ZFU} & set(details.zones))
    if in_a_zone and not details.zone_source:
        raise ProfileRefused("Indiquez ce qui établit le quartier : l’adresse ou un justificatif.", field="zone_source")
    if not in_a_zone and (details.zone_source or details.zone_proof):
        raise ProfileRefused("Cochez le quartier que cela établit, ou effacez cette réponse.", field="zone_source")
    if details.zone_source == ZoneSource.HAND and not details.zone_proof:
        raise ProfileRefused("Indiquez le justificatif que vous avez vu.", field="zone_proof")
    if details.zone_source == ZoneSource.ADDRESS and details.zone_proof:
        raise ProfileRefused("Un justificatif ne va pas avec l’adresse : choisissez l’un des deux.", field="zone_proof")
    if details.zone_source == ZoneSource.ADDRESS and person.latitude is None:
        raise ProfileRefused(
            "Son adresse n’est pas encore placée sur la carte : demandez un justificatif.", field="zone_source"
        )
