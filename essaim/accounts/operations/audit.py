"""Writes of the accounts."""

from collections.abc import Iterable
from datetime import datetime

from essaim.accounts.models import Membership, ReadAudit, User


def record_reads(*, user: User, by: Membership | None, reads: Iterable[tuple[str, str]], now: datetime) -> None:
    """Keep that ``user`` opened these files (kind, public code), acting for the organisation of ``by``."""
    organisation_ref = by.organisation.ref if by else ""
    ReadAudit.objects.bulk_create(
        ReadAudit(at=now, user_uuid=user.uuid, organisation_ref=organisation_ref, kind=kind, object_ref=ref)
        for kind, ref in sorted(reads)
    )
