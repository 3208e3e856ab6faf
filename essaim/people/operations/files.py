"""Writes of people: files, dated profiles, grants, notes, attachment requests."""

from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime

from django.db import IntegrityError, transaction

from essaim.accounts.models import Membership, User
from essaim.directory.models import Commune, Organisation
from essaim.kernel.days import paris_day
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError
from essaim.people.engine.ages import OLDEST_BIRTH_YEAR
from essaim.people.engine.names import Identity, plain
from essaim.people.enums import AttachmentState, GrantScope, Status
from essaim.people.models import AccessGrant, AttachmentRequest, ForeignLookup, Note, Person, Profile
from essaim.people.permissions import is_of_referent_team, works_with_people
from essaim.people.queries import (
    LOOKUPS_PER_HOUR,
    PersonMatch,
    count_recent_lookups,
    list_matches_for,
    list_possible_referents,
    living_files,
    scope_for,
    visible_people,
)

REFERENT_ORIGIN = "referent"


class PersonRefused(OperationError):  # noqa: N818 - the words of the screen
    """A file that cannot be created or changed so."""


class ProfileRefused(OperationError):  # noqa: N818 - the words of the screen
    """A profile that cannot be true, or that may not be stored."""


class NoteRefused(OperationError):  # noqa: N818 - the words of the screen
    """A note that may not be written."""


class AttachmentRefused(OperationError):  # noqa: N818 - the words of the screen
    """An attachment request that may not be made or answered."""


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """What a file says of who someone is and how to reach her. Only the names are required."""

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

    @classmethod
    def of(cls, person: Person) -> "PersonDetails":
        """What the file says now."""
        return cls(**{name: getattr(person, name) for name in cls.__slots__})

    @property
    def identity(self) -> Identity:
        """What is compared with the files already known."""
        return Identity(self.first_name, self.last_name, self.birth_date)


@dataclass(frozen=True, slots=True)
class ProfileDetails:
    """A complete picture of someone's situation: what is left empty is unknown from then on."""

    day: date
    sex: str = ""
    level: int | None = None
    zones: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    resources: str = ""
    licence_since: date | None = None


@dataclass(frozen=True, slots=True)
class SearchBeforeCreate:
    """``own``: files of the organisation that look alike. ``is_known_elsewhere``: an exact file of another
    one.

    ``is_limited``: too many questions about other organisations' files within the hour; nothing was looked
    up.
    """

    own: list[PersonMatch] = field(default_factory=list)
    is_known_elsewhere: bool = False
    is_limited: bool = False


def search_before_create(
    *, first_name: str, last_name: str, birth_date: date | None, by: Membership, now: datetime
) -> SearchBeforeCreate:
    """Look for the person before creating her file.

    Own visible files match tolerantly. A file of another organisation is confirmed only when names and
    birth date are exactly hers, at most ``LOOKUPS_PER_HOUR`` times an hour, and never for a protected
    person; each look is kept. Nothing else about it is said. Refused (PersonRefused) to roles that do not
    work with people.
    """
    _require_people_role(by)
    asked = Identity(first_name, last_name, birth_date)
    own = list_matches_for(by, asked)
    if birth_date is None or any(match.likeness.is_same for match in own):
        return SearchBeforeCreate(own)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.user_id)
        if count_recent_lookups(by, now) >= LOOKUPS_PER_HOUR:
            return SearchBeforeCreate(own, is_limited=True)
        person = _find_foreign_file(asked, by)
        ForeignLookup.objects.create(user=by.user, organisation_id=by.organisation_id, at=now, person=person)
    return SearchBeforeCreate(own, is_known_elsewhere=person is not None)


def request_attachment(*, first_name: str, last_name: str, birth_date: date, by: Membership, now: datetime) -> None:
    """Ask the referent of an exactly named file of another organisation to share it.

    Asking twice keeps the first request. Refused (AttachmentRefused) in the same words when there is no
    such file and when the person is protected, and beyond the hourly limit.
    """
    found = search_before_create(first_name=first_name, last_name=last_name, birth_date=birth_date, by=by, now=now)
    if found.is_limited:
        raise AttachmentRefused("Trop de recherches en une heure. Réessayez plus tard.")
    person = _find_foreign_file(Identity(first_name, last_name, birth_date), by) if found.is_known_elsewhere else None
    if person is None:
        raise AttachmentRefused("Aucun dossier ne correspond exactement à ce nom et à cette date de naissance.")
    AttachmentRequest.objects.get_or_create(
        person=person,
        organisation_id=by.organisation_id,
        state=AttachmentState.PENDING,
        defaults={"asked_by": by.user, "asked_at": now},
    )


def answer_attachment_request(*, request: AttachmentRequest, accept: bool, by: Membership, now: datetime) -> None:
    """Accept (the asking organisation sees the file, without its sensitive part) or refuse a pending request.

    Refused (AttachmentRefused) outside the referent team, and when already answered.
    """
    with transaction.atomic():
        locked = AttachmentRequest.objects.select_for_update().select_related("person").get(pk=request.pk)
        if not is_of_referent_team(scope_for(by, locked.person)):
            raise AttachmentRefused("Seule l’équipe référente répond à cette demande.")
        if locked.state != AttachmentState.PENDING:
            raise AttachmentRefused("Une réponse a déjà été donnée à cette demande.")
        locked.state = AttachmentState.ACCEPTED if accept else AttachmentState.REFUSED
        locked.answered_by, locked.answered_at = by.user, now
        locked.save()
        if accept:
            open_grant(
                person=locked.person,
                organisation=locked.organisation,
                scope=GrantScope.FILE,
                origin=locked.ref,
                reason="rattachement accepté par l’équipe référente",
                by=by,
                now=now,
            )


def create_person(*, details: PersonDetails, is_distinct: bool = False, by: Membership, now: datetime) -> Person:
    """Create a file held by the organisation of ``by``, which becomes its referent organisation.

    The referent is ``by``'s user unless ``details`` names a colleague. Refused (PersonRefused): a role that
    does not work with people, an empty name, a birth date in the future or before 1900, a file of the
    organisation with the same names and birth date unless ``is_distinct``.
    """
    _require_people_role(by)
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
        open_grant(
            person=person,
            organisation=by.organisation,
            scope=GrantScope.REFERENT,
            origin=REFERENT_ORIGIN,
            reason="organisation référente",
            by=by,
            now=now,
        )
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
        for name, value in _columns(details).items():
            setattr(locked, name, value)
        locked.save()
    return locked


def save_profile(*, person: Person, details: ProfileDetails, by: Membership, now: datetime) -> Profile:
    """Write a dated profile. It records no fact by itself: ``journeys.update_profile`` does both.

    Refused (ProfileRefused): outside the referent team, a day in the future or before the birth, a licence
    that no date can have, a status that Essaim does not store.
    """
    _require_referent_team(person, by)
    today = paris_day(now)
    if details.day > today:
        raise ProfileRefused("Un profil ne peut pas être daté dans l’avenir.", field="day")
    if details.day < (person.birth_date or date(OLDEST_BIRTH_YEAR, 1, 1)):
        raise ProfileRefused("Ce jour précède la naissance de la personne.", field="day")
    if details.licence_since and details.licence_since > today:
        raise ProfileRefused("Un permis ne peut pas être daté dans l’avenir.", field="licence_since")
    if details.licence_since and person.birth_date and details.licence_since <= person.birth_date:
        raise ProfileRefused("Ce permis précède la naissance de la personne.", field="licence_since")
    if not set(details.statuses) <= set(Status.values):
        raise ProfileRefused("Cette situation ne s’enregistre pas dans Essaim.", field="statuses")
    values = asdict(details) | {"zones": list(details.zones), "statuses": list(details.statuses)}
    return Profile.objects.create(person=person, recorded_at=now, recorded_by=by.user, **values)


def add_note(*, person: Person, text: str, by: Membership, now: datetime) -> Note:
    """Keep a free note, read by the referent team only. Refused (NoteRefused): outside that team, empty, too
    long.
    """
    if not is_of_referent_team(scope_for(by, person)):
        raise NoteRefused("Seule l’équipe référente écrit des notes dans ce dossier.")
    cleaned = text.replace("\x00", "").strip()
    longest = Note._meta.get_field("text").max_length or 0
    if not cleaned:
        raise NoteRefused("Écrivez quelques mots avant d’ajouter la note.", field="text")
    if len(cleaned) > longest:
        raise NoteRefused(f"Cette note est trop longue : {longest} caractères au plus.", field="text")
    return Note.objects.create(person=person, text=cleaned, author=by.user, organisation_id=by.organisation_id, at=now)


def open_grant(
    *,
    person: Person,
    organisation: Organisation,
    scope: str,
    origin: str,
    reason: str,
    by: Membership | None,
    now: datetime,
) -> AccessGrant:
    """Let an organisation see a file from now on, for ``origin`` (what will close it). Already open, it is
    kept.
    """
    try:
        with transaction.atomic():
            grant, _ = AccessGrant.objects.get_or_create(
                person=person,
                organisation=organisation,
                scope=scope,
                origin=origin,
                until=None,
                defaults={"since": now, "reason": reason},
            )
    except IntegrityError as clash:  # opened by someone else in the same instant
        raise PersonRefused("Ce dossier vient de changer. Recommencez.") from clash
    return grant


def close_grants(
    *,
    origin: str,
    person: Person | None = None,
    organisation: Organisation | None = None,
    by: Membership | None,
    now: datetime,
) -> int:
    """End the open grants of this origin (of one person, of one organisation) at once. Return how many."""
    grants = AccessGrant.objects.filter(origin=origin, until__isnull=True, since__lte=now)
    if person is not None:
        grants = grants.filter(person=person)
    if organisation is not None:
        grants = grants.filter(organisation=organisation)
    return grants.update(until=now)


def _find_foreign_file(asked: Identity, by: Membership) -> Person | None:
    key = plain(f"{asked.last_name} {asked.first_name}")
    exact = living_files().filter(search_key=key, birth_date=asked.birth_date, is_protected=False)
    return exact.exclude(pk__in=visible_people(by).values("pk")).order_by("pk").first()


def _require_people_role(by: Membership) -> None:
    if not works_with_people(by):
        raise PersonRefused("Votre rôle ne donne pas accès aux dossiers des personnes.")


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
    return replace(details, first_name=first_name, last_name=last_name)
