"""The read audit, and how long traces are kept."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session

from essaim.accounts.models import Membership, ReadAudit, User

KEEP_READS = timedelta(days=365)
KEEP_FAILED_SIGN_INS = timedelta(days=1)


def record_reads(*, user: User, by: Membership | None, reads: Iterable[tuple[str, str]], now: datetime) -> None:
    """Keep that ``user`` opened these files (kind, public code), acting for the organisation of ``by``."""
    organisation_ref = by.organisation.ref if by else ""
    ReadAudit.objects.bulk_create(
        ReadAudit(at=now, user_uuid=user.uuid, organisation_ref=organisation_ref, kind=kind, object_ref=ref)
        for kind, ref in sorted(reads)
    )


def forget_old_traces(*, now: datetime) -> None:
    """Delete the reads older than a year, the ended sessions, and the failed sign-ins of the day before."""
    ReadAudit.objects.filter(at__lt=now - KEEP_READS).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - KEEP_FAILED_SIGN_INS).delete()
