"""Lines of « À faire » put off until a day, with the reason."""

from datetime import date, datetime, timedelta

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.kernel.days import paris_day
from essaim.kernel.errors import OperationError
from essaim.people.permissions import works_with_people
from essaim.web.enums import SnoozeReason
from essaim.web.models import Snooze
from essaim.web.queries import get_line_for

LONGEST_DAYS = 30


class SnoozeRefused(OperationError):  # noqa: N818 - the words of the screen
    """A line that cannot be put off so."""


@transaction.atomic
def snooze_line(*, kind: str, subject: str, until: date, reason: str, by: Membership, now: datetime) -> Snooze:
    """Put off a line of the team of ``by``: it comes back on ``until`` if it is still true.

    Put off again, the last day counts. Refused (SnoozeRefused): a line that is not hers or is done meanwhile, a day
    that is not within the LONGEST_DAYS to come, a reason that is none of SnoozeReason.
    """
    today = paris_day(now)
    if not works_with_people(by):
        raise SnoozeRefused("Votre rôle ne donne pas accès à ce rappel.")
    if not today < until <= today + timedelta(days=LONGEST_DAYS):
        raise SnoozeRefused(f"Choisissez un jour à venir, dans {LONGEST_DAYS} jours au plus.", field="until")
    if reason not in SnoozeReason.values:
        raise SnoozeRefused("Choisissez un motif.", field="reason")
    line = get_line_for(by, today, kind, subject)
    if line is None:
        raise SnoozeRefused("Ce rappel n’est plus dans la liste : quelqu’un s’en est occupé.")
    return Snooze.objects.create(
        organisation_id=by.organisation_id,
        kind=kind,
        subject_ref=subject,
        person_id=line.person_key,
        until=until,
        reason=reason,
        by=by.user,
        at=now,
    )


@transaction.atomic
def cancel_snooze(*, kind: str, subject: str, by: Membership, now: datetime) -> int:
    """Bring back at once a line that the organisation of ``by`` put off. Return how many times it was."""
    if not works_with_people(by):
        raise SnoozeRefused("Votre rôle ne donne pas accès à ce rappel.")
    found = Snooze.objects.filter(
        organisation_id=by.organisation_id, kind=kind, subject_ref=subject, cancelled_at__isnull=True
    )
    return found.update(cancelled_at=now)
