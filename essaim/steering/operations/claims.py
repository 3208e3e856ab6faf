"""The file of a claim: frozen as it is known at that moment."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.journeys.enums import AgreementState
from essaim.journeys.models import Instalment
from essaim.journeys.permissions import may_manage
from essaim.journeys.queries.budget import get_budget_for
from essaim.kernel.days import paris_day
from essaim.kernel.errors import OperationError
from essaim.steering.models import ClaimFile, ClaimParticipant
from essaim.steering.queries.bilan import compute_bilan
from essaim.steering.queries.claims import list_claim_lines_for


class ClaimRefused(OperationError):  # noqa: N818 - the words of the screen
    """A claim file that cannot be made so."""


@transaction.atomic
def freeze_claim(*, instalment: Instalment, since: date, until: date, by: Membership, now: datetime) -> ClaimFile:
    """Make the file of a claim: who took part from ``since`` to ``until``, days included, what each misses, the bilan
    and the budget as known now. A file made again is another file; the former stays. Records no fact: claiming does.

    Refused (ClaimRefused): by someone who does not manage the carrier, an agreement cancelled, dates out of order, a
    period to come, nobody in the action during it. The database refuses any later change.
    """
    agreement = instalment.agreement
    action, today = agreement.action, paris_day(now)
    if not may_manage(by, action):
        raise ClaimRefused("Seule une personne responsable de la structure porteuse constitue le dossier.")
    if agreement.state == AgreementState.CANCELLED or instalment.cancelled_at is not None:
        raise ClaimRefused("Cette demande est annulée.")
    if until < since:
        raise ClaimRefused("La période finit avant de commencer.", field="until")
    if since > today:
        raise ClaimRefused("Cette période n’a pas commencé.", field="since")
    lines = list_claim_lines_for(by, agreement, since, until)
    if not lines:
        raise ClaimRefused("Personne n’était dans l’action pendant cette période.")
    observed = min(until, today)
    claim = ClaimFile.objects.create(
        instalment=instalment,
        since=since,
        until=until,
        observed_on=observed,
        evidence=agreement.evidence,
        figures=compute_bilan(action, since=since, until=until, on=observed).document(),
        budget=_budget(by, instalment),
        made_at=now,
        made_by=by.user,
    )
    ClaimParticipant.objects.bulk_create(
        ClaimParticipant(claim=claim, enrolment=line.enrolment, missing=list(line.missing)) for line in lines
    )
    return claim


def _budget(by: Membership, instalment: Instalment) -> list[dict[str, Any]]:
    """The sums of the action by year, category and funder, in euros."""
    return [
        {
            "year": row.year,
            "category": row.category,
            "funder": row.funder,
            "planned": _number(row.sum.planned),
            "actual": _number(row.sum.actual),
        }
        for row in get_budget_for(by, instalment.agreement.action).rows
    ]


def _number(amount: Decimal) -> int | float:
    return int(amount) if amount == amount.to_integral_value() else float(amount)
