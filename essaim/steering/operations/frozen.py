"""Sending a bilan to a funder: frozen as it is known at that moment."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from essaim.accounts.models import Membership
from essaim.directory.models import Organisation
from essaim.journal.models import Action
from essaim.journeys.enums import BudgetNature, PartnerRole
from essaim.journeys.permissions import may_steer
from essaim.kernel.days import paris_day
from essaim.kernel.errors import OperationError
from essaim.steering.models import FrozenBilan
from essaim.steering.queries.bilan import compute_bilan
from essaim.steering.queries.reports import shown_to_funder


class BilanNotSent(OperationError):  # noqa: N818 - the words of the screen
    """A bilan that cannot be sent so."""


@transaction.atomic
def send_bilan(
    *,
    action: Action,
    recipient: Organisation,
    since: date,
    until: date,
    observed_on: date,
    message: str = "",
    by: Membership,
    now: datetime,
) -> FrozenBilan:
    """Freeze the bilan of an action as known now and give it to one of its funders.

    Guarantees figures that nothing changes any more: every indicator for those who carry the action; for the funder,
    the cohorts published so far and the money, never a count that could be someone. Refused (BilanNotSent): by someone
    who does not steer the action, to an organisation that does not fund it now, dates out of order or to come. The
    database refuses any later change. Records no fact.
    """
    if not may_steer(by, action):
        raise BilanNotSent("Vous n’envoyez pas les bilans de cette action.")
    if not _funds(action, recipient):
        raise BilanNotSent("Cette organisation ne finance pas l’action.", field="recipient")
    if until < since:
        raise BilanNotSent("La période finit avant de commencer.", field="until")
    if observed_on < since:
        raise BilanNotSent("Le bilan serait vu avant le début de sa période.", field="observed_on")
    if observed_on > paris_day(now):
        raise BilanNotSent("Ce jour n’est pas encore passé.", field="observed_on")
    bilan = compute_bilan(action, since=since, until=until, on=observed_on)
    return FrozenBilan.objects.create(
        action=action,
        recipient=recipient,
        since=since,
        until=until,
        observed_on=observed_on,
        message=message,
        figures=bilan.document(),
        shown=shown_to_funder(action, **_money(action)),
        sent_at=now,
        sent_by=by.user,
    )


def _funds(action: Action, organisation: Organisation) -> bool:
    open_ones = action.partners.filter(role=PartnerRole.FUNDER, until__isnull=True)
    return open_ones.filter(organisation=organisation).exists()


def _money(action: Action) -> dict[str, Decimal | None]:
    lines = action.budget_lines.filter(cancelled_at__isnull=True).order_by()
    amounts = dict(lines.values_list("nature").annotate(amount=Sum("amount")))
    return {"planned": amounts.get(BudgetNature.PLANNED), "actual": amounts.get(BudgetNature.ACTUAL)}
