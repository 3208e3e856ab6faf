"""Budget lines of an action, planned and actual, by funder. The row and the fil say the same."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.directory.models import Organisation
from essaim.journal.models import Action, Fact
from essaim.journal.operations import record, void_fact
from essaim.journeys.enums import BudgetCategory, BudgetNature
from essaim.journeys.models import BudgetLine
from essaim.journeys.operations.path_rules import tidied
from essaim.journeys.permissions import may_steer
from essaim.journeys.queries.budget import list_funders_of
from essaim.kernel.days import paris_day
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError

BUDGET = "journeys"
FIRST_YEAR, LAST_YEAR = 1990, 2100
LONGEST_LABEL = 120
MOST = Decimal(1_000_000_000)
CENT = Decimal("0.01")


class BudgetRefused(OperationError):  # noqa: N818 - the words of the screen
    """A budget line that cannot be written so."""


@dataclass(frozen=True, slots=True)
class BudgetDetails:
    """A line: euros, for what, in which calendar year, paid by whom. ``day``: when it was spent, of an actual one."""

    nature: str
    category: str
    year: int
    amount: Decimal
    funder: Organisation | None = None
    label: str = ""
    day: date | None = None


@transaction.atomic
def record_budget_line(*, action: Action, details: BudgetDetails, by: Membership, now: datetime) -> BudgetLine:
    """Write a budget line and its ``budget_line_recorded``; a planned one is dated of the day it is written.

    Refused (BudgetRefused): by someone who does not steer the action, an unknown nature or category, a year outside
    1990..2100, an amount below 0, above a billion or with more than two decimals, an expense without its day, in the
    future or of another year, a funder who takes no part in the action as such.
    """
    line = BudgetLine(action=action, **_columns(action, details, by, paris_day(now)))
    line.fact = _record(line, by, now)
    line.save()
    return line


@transaction.atomic
def correct_budget_line(
    *, line: BudgetLine, details: BudgetDetails, version: int, by: Membership, now: datetime
) -> BudgetLine:
    """Set a line right: a new ``budget_line_recorded`` replaces the former. Refused as ``record_budget_line``;
    EditConflict.
    """
    columns = _columns(line.action, details, by, paris_day(now), former=line)
    locked = _take(line, version)
    for name, value in columns.items():
        setattr(locked, name, value)
    locked.fact = _record(locked, by, now, corrects=locked.fact)
    locked.save()
    return locked


@transaction.atomic
def cancel_budget_line(*, line: BudgetLine, version: int, by: Membership, now: datetime) -> BudgetLine:
    """Cancel a line entered by mistake: its fact is voided, the row stays as a trace.

    Refused (BudgetRefused): by someone who does not steer the action, already cancelled. EditConflict.
    """
    _require(line.action, by)
    locked = _take(line, version)
    void_fact(locked.fact, emitter=BUDGET, by=by, now=now)
    locked.cancelled_at = now
    locked.save()
    return locked


def _require(action: Action, by: Membership) -> None:
    if not may_steer(by, action):
        raise BudgetRefused("Vous ne pouvez pas modifier le budget de cette action.")


def _take(line: BudgetLine, version: int) -> BudgetLine:
    locked = check_version(line, version)
    if locked.cancelled_at is not None:
        raise BudgetRefused("Cette ligne est annulée.")
    locked.action, locked.fact = line.action, Fact.objects.get(pk=locked.fact_id)
    return locked


def _columns(
    action: Action, details: BudgetDetails, by: Membership, today: date, former: BudgetLine | None = None
) -> dict[str, object]:
    _require(action, by)
    if details.nature not in BudgetNature.values:
        raise BudgetRefused("Prévu ou réalisé ?", field="nature")
    if details.category not in BudgetCategory.values:
        raise BudgetRefused("Choisissez un poste de dépense.", field="category")
    if not FIRST_YEAR <= details.year <= LAST_YEAR:
        raise BudgetRefused(f"Une année entre {FIRST_YEAR} et {LAST_YEAR}.", field="year")
    _check_amount(details.amount)
    _check_funder(action, details.funder, former)
    columns = {name: getattr(details, name) for name in details.__dataclass_fields__}
    label = tidied(words=details.label, longest=LONGEST_LABEL)
    return columns | {"label": label, "day": _day(action, details, today, former)}


def _check_amount(amount: Decimal) -> None:
    if not amount.is_finite() or not 0 <= amount <= MOST:
        raise BudgetRefused("Écrivez un montant en euros.", field="amount")
    if amount != amount.quantize(CENT):
        raise BudgetRefused("Deux décimales au plus.", field="amount")


def _check_funder(action: Action, funder: Organisation | None, former: BudgetLine | None) -> None:
    """A line keeps a funder who has left since; a new one is chosen among those who fund the action now."""
    if funder is None or (former is not None and former.funder_id == funder.pk):
        return
    if not list_funders_of(action).filter(pk=funder.pk).exists():
        raise BudgetRefused("Cette organisation ne finance pas l’action.", field="funder")


def _day(action: Action, details: BudgetDetails, today: date, former: BudgetLine | None) -> date:
    if details.nature == BudgetNature.PLANNED:
        is_same = former is not None and former.nature == BudgetNature.PLANNED
        return former.day if former is not None and is_same else min(action.starts, today)
    if details.day is None:
        raise BudgetRefused("Indiquez le jour de la dépense.", field="day")
    if details.day > today:
        raise BudgetRefused("Cette date est dans l’avenir.", field="day")
    if details.day.year not in {details.year, details.year + 1}:
        raise BudgetRefused("Une dépense se paie dans son année ou la suivante.", field="day")
    return details.day


def _record(line: BudgetLine, by: Membership, now: datetime, corrects: Fact | None = None) -> Fact:
    amount = line.amount
    return record(
        "budget_line_recorded",
        emitter=BUDGET,
        action=line.action,
        at=line.day,
        organisation=line.funder,
        by=by,
        now=now,
        data={
            "amount": int(amount) if amount == amount.to_integral_value() else float(amount),
            "nature": str(line.nature),
            "category": str(line.category),
            "year": line.year,
        },
        corrects=corrects,
    )
