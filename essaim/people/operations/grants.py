"""Grants: which organisation sees which file, opened and closed by the operations that have a reason to."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from essaim.accounts.models import Membership
from essaim.directory.models import Organisation
from essaim.kernel.errors import OperationError
from essaim.people.models import AccessGrant, Person

REFERENT_ORIGIN = "referent"


class GrantRefused(OperationError):  # noqa: N818 - the words of the screen
    """A grant that could not be opened."""


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
        raise GrantRefused("Ce dossier vient de changer. Recommencez.") from clash
    return grant


def close_grants(
    *,
    origin: str,
    person: Person | None = None,
    organisation: Organisation | None = None,
    excluded: Organisation | None = None,
    until: datetime | None = None,
    by: Membership | None,
    now: datetime,
) -> int:
    """End the grants of this origin open now (of one person, of one organisation, of all but ``excluded``): at once,
    or at ``until``. Return how many.
    """
    grants = AccessGrant.objects.filter(Q(until__isnull=True) | Q(until__gt=now), origin=origin, since__lte=now)
    if person is not None:
        grants = grants.filter(person=person)
    if organisation is not None:
        grants = grants.filter(organisation=organisation)
    if excluded is not None:
        grants = grants.exclude(organisation=excluded)
    return grants.update(until=until or now)
