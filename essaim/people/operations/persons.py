"""Files: who someone is, how to reach her, who answers for her."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from essaim.accounts.models import Membership, User
from essaim.directory.models import Commune, Organisation
from essaim.directory.queries import find_points
from essaim.kernel.days import paris_day
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError
from essaim.people.engine.ages import OLDEST_BIRTH_YEAR
from essaim.people.engine.names import Identity, plain
from essaim.people.enums import GrantScope, Housing
from essaim.people.models import Person
from essaim.people.operations.grants import REFERENT_ORIGIN, close_grants, open_grant
from essaim.people.operations.location import locate_person
from essaim.people.permissions import is_of_referent_team, works_with_people
from essaim.people.queries import is_working_in, list_matches_for, list_possible_referents, scope_for

ADDRESS = ("address", "postcode", "commune")


class PersonRefused(OperationError):  # noqa: N818 - the words of the screen
    """A file that cannot be created or changed so."""


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """What a file says of who someone is and how to reach her. Only the names are required.

    ``latitude`` and ``longitude`` (WGS 84) go together: where the address was found, never typed.
    """

    first_name: str
    last_name: str
    birth_date: date | None = None
    phone: str = ""
    email: str = ""
    contact_preference: str = ""
    address: str = ""
    postcode: str = ""
    commune: Commune | None = None
    is_protected: bool = False
    informed_on: date | None = None
    referent: User | None = None
    informed_how: str = ""
    housing: str = ""
    domiciled_at: str = ""
    is_phone_shared: bool = False
    is_email_shared: bool = False
    spoken_language: str = ""
    representative_name: str = ""
    representative_phone: str = ""
    representative_link: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None

    @classmethod
    def of(cls, person: Person) -> "PersonDetails":
        """What the file says now."""
        return cls(**{name: getattr(person, name) for name in cls.__slots__})

    @property
    def identity(self) -> Identity:
        """What is compared with the files already known."""
        return Identity(self.first_name, self.last_name, self.birth_date)


def create_person(*, details: PersonDetails, is_distinct: bool = False, by: Membership, now: datetime) -> Person:
    """Create a file held by the organisation of ``by``, which becomes its referent organisation.

    The referent is ``by``'s user unless ``details`` names a colleague. Refused (PersonRefused): a role that
    does not work with people, an empty name, a birth date in the future or before 1900, contacts that contradict
    each other, a file of the organisation with the same names and birth date unless ``is_distinct``.
    """
    if not works_with_people(by):
        raise PersonRefused("Votre rôle ne donne pas accès aux dossiers des personnes.")
    details = _checked_details(details, by, now)
    if not is_distinct and any(match.likeness.is_same for match in list_matches_for(by, details.identity)):
        raise PersonRefused(
            "Un dossier de votre organisation porte ce nom et cette date de naissance. Ouvrez-le, ou confirmez"
            " qu’il s’agit de quelqu’un d’autre."
        )
    with transaction.atomic():
        person = Person.objects.create(
            **_columns(replace(details, referent=details.referent or by.user)),
            referent_organisation_id=by.organisation_id,
            created_at=now,
        )
        _open_to_referents(person, by.organisation, by, now)
        if person.address and person.latitude is None:
            locate_person(person=person, by=by, now=now)
    return person


def update_person(*, person: Person, details: PersonDetails, version: int, by: Membership, now: datetime) -> Person:
    """Replace what the file says of who the person is; ``version`` is the one the form showed.

    Refused: outside the referent team and the inputs that ``create_person`` refuses (PersonRefused), a
    change made by someone else meanwhile (EditConflict).
    """
    _require_referent_team(person, by)
    details = _checked_details(details, by, now, current_referent=person.referent)
    with transaction.atomic():
        locked = check_version(person, version)
        has_moved = any(getattr(locked, name) != getattr(details, name) for name in ADDRESS)
        for name, value in _columns(details).items():
            setattr(locked, name, value)
        locked.save()
        if has_moved and locked.latitude is None:
            locate_person(person=locked, by=by, now=now)
    return locked


@transaction.atomic
def change_referent(
    *, person: Person, referent: User, organisation: Organisation | None = None, by: Membership, now: datetime
) -> Person:
    """Name who answers for this file from now on; forms opened before are told (the version moves).

    With ``organisation`` the file itself goes there: that organisation becomes the referent one and sees the
    sensitive part, the former one no longer does (what it keeps seeing is the business of its own grants). The
    caller has then checked that both sides agreed. Refused (PersonRefused): without ``organisation``, outside the
    referent team; a referent who does not work with people in the organisation that holds the file.
    """
    locked = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if organisation is None:
        _require_referent_team(locked, by)
    holder_id = organisation.pk if organisation else locked.referent_organisation_id
    if not is_working_in(referent, holder_id):
        raise PersonRefused("Le référent doit travailler dans l’organisation qui tient ce dossier.", field="referent")
    if organisation is not None and organisation.pk != locked.referent_organisation_id:
        former = locked.referent_organisation
        close_grants(origin=REFERENT_ORIGIN, person=locked, organisation=former, by=by, now=now)
        locked.referent_organisation = organisation
        _open_to_referents(locked, organisation, by, now)
    locked.referent = referent
    locked.version += 1
    locked.save(update_fields=["referent", "referent_organisation", "version"])
    return locked


def _open_to_referents(person: Person, organisation: Organisation, by: Membership, now: datetime) -> None:
    open_grant(
        person=person,
        organisation=organisation,
        scope=GrantScope.REFERENT,
        origin=REFERENT_ORIGIN,
        reason="organisation référente",
        by=by,
        now=now,
    )


def _require_referent_team(person: Person, by: Membership) -> None:
    if not is_of_referent_team(scope_for(by, person)):
        raise PersonRefused("Seule l’équipe référente modifie ce dossier.")


def _columns(details: PersonDetails) -> dict[str, object]:
    return {name: getattr(details, name) for name in details.__dataclass_fields__}


def _checked_details(
    details: PersonDetails, by: Membership, now: datetime, *, current_referent: User | None = None
) -> PersonDetails:
    first_name, last_name = " ".join(details.first_name.split()), " ".join(details.last_name.split())
    if not plain(first_name):
        raise PersonRefused("Indiquez le prénom.", field="first_name")
    if not plain(last_name):
        raise PersonRefused("Indiquez le nom.", field="last_name")
    today = paris_day(now)
    if details.birth_date and details.birth_date > today:
        raise PersonRefused("La date de naissance est dans l’avenir.", field="birth_date")
    if details.birth_date and details.birth_date.year < OLDEST_BIRTH_YEAR:
        raise PersonRefused("Vérifiez l’année de naissance : elle est antérieure à 1900.", field="birth_date")
    if details.informed_on and details.informed_on > today:
        raise PersonRefused("Cette date d’information est dans l’avenir.", field="informed_on")
    chosen = details.referent
    is_known = chosen in (None, by.user, current_referent)
    if chosen is not None and not is_known and chosen not in list_possible_referents(by):
        raise PersonRefused("Le référent doit travailler dans votre organisation.", field="referent")
    return _checked_contacts(replace(details, first_name=first_name, last_name=last_name))


def _checked_contacts(details: PersonDetails) -> PersonDetails:
    if details.informed_how and not details.informed_on:
        raise PersonRefused("Indiquez quel jour elle a été informée.", field="informed_on")
    if (details.representative_phone or details.representative_link) and not details.representative_name:
        raise PersonRefused("Indiquez le nom de ce représentant.", field="representative_name")
    if details.domiciled_at and details.housing not in ("", Housing.DOMICILED):
        raise PersonRefused(
            "Ce nom d’organisme va avec « sans logement, domiciliée » : changez l’un ou l’autre.", field="domiciled_at"
        )
    if (details.latitude is None) != (details.longitude is None):
        raise PersonRefused("Un point sur la carte a une latitude et une longitude.", field="latitude")
    return replace(
        _placed(details),
        housing=Housing.DOMICILED if details.domiciled_at else details.housing,
        is_phone_shared=details.is_phone_shared and bool(details.phone),
        is_email_shared=details.is_email_shared and bool(details.email),
    )


def _placed(details: PersonDetails) -> PersonDetails:
    """Find the point of an address that has none yet; an address nobody knows stays without."""
    if details.latitude is not None or not details.address:
        return details
    asked = (details.address, details.postcode, details.commune.code if details.commune else "")
    latitude, longitude = find_points([asked]).get(asked, (None, None))
    return replace(details, latitude=latitude, longitude=longitude)
