"""Searching before creating, and being attached to a file that another organisation holds."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from essaim.accounts.models import Membership, User
from essaim.kernel.errors import OperationError
from essaim.people.engine.names import Identity, plain
from essaim.people.enums import AttachmentState, GrantScope
from essaim.people.models import AccessGrant, AttachmentRequest, ForeignLookup, Person
from essaim.people.operations.grants import close_grants, open_grant
from essaim.people.operations.persons import PersonRefused
from essaim.people.permissions import is_of_referent_team, works_with_people
from essaim.people.queries import (
    LOOKUPS_PER_HOUR,
    PersonMatch,
    count_recent_lookups,
    list_matches_for,
    living_files,
    scope_for,
    visible_people,
)


class AttachmentRefused(OperationError):  # noqa: N818 - the words of the screen
    """An attachment that may not be asked, answered or ended."""


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
    if not works_with_people(by):
        raise PersonRefused("Votre rôle ne donne pas accès aux dossiers des personnes.")
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


@transaction.atomic
def end_attachment(*, grant: AccessGrant, by: Membership, now: datetime) -> None:
    """End an attachment that the referent team accepted: the other organisation sees the file no more.

    Refused (AttachmentRefused): outside the referent team, an access that an action or the file itself opened,
    one already ended.
    """
    if not is_of_referent_team(scope_for(by, grant.person)):
        raise AttachmentRefused("Seule l’équipe référente retire cet accès.")
    if not AttachmentRequest.objects.filter(ref=grant.origin, person_id=grant.person_id).exists():
        raise AttachmentRefused("Cet accès ne vient pas d’un rattachement : il cesse avec ce qui l’a ouvert.")
    if not close_grants(origin=grant.origin, person=grant.person, organisation=grant.organisation, by=by, now=now):
        raise AttachmentRefused("Cet accès est déjà terminé.")


def _find_foreign_file(asked: Identity, by: Membership) -> Person | None:
    key = plain(f"{asked.last_name} {asked.first_name}")
    exact = living_files().filter(search_key=key, birth_date=asked.birth_date, is_protected=False)
    return exact.exclude(pk__in=visible_people(by).values("pk")).order_by("pk").first()
