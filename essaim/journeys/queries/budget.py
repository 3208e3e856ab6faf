"""The budget of an action: its lines, their sums, its cash month by month."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from essaim.accounts.models import Membership
from essaim.directory.models import Organisation
from essaim.journal.models import Action
from essaim.journeys.engine.money import Line, Month, Move, Sum, months_of, sum_lines
from essaim.journeys.enums import AgreementState, BudgetCategory, BudgetNature, PartnerRole
from essaim.journeys.models import ActionPartner, BudgetLine, FundingAgreement, Instalment
from essaim.journeys.permissions import may_steer

OWN = "fonds propres ou non affecté"


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """One category of one year, for one funder (or its own means): planned and spent."""

    year: int
    category: str
    funder: str
    sum: Sum


@dataclass(frozen=True, slots=True)
class Budget:
    """The sums of an action: by row, by year, by funder, in all. ``has_lines`` is false when nothing is written."""

    rows: list[BudgetRow]
    years: list[tuple[int, Sum]]
    funders: list[tuple[str, Sum]]
    whole: Sum
    has_lines: bool


def list_funders_of(action: Action) -> QuerySet[Organisation]:
    """Return who funds the action: partners in that role now, and those of its agreements, by name."""
    partners = ActionPartner.objects.filter(action=action, role=PartnerRole.FUNDER, until__isnull=True)
    agreements = FundingAgreement.objects.filter(action=action).exclude(state=AgreementState.CANCELLED)
    keys = partners.values("organisation").union(agreements.values("funder"))
    return Organisation.objects.filter(pk__in=keys).order_by("name", "pk")


def list_budget_lines_for(viewer: Membership | None, action: Action) -> QuerySet[BudgetLine]:
    """Return the lines of an action obtained through ``get_action_for``, latest year first: to who steers it."""
    if not may_steer(viewer, action):
        return BudgetLine.objects.none()
    lines = BudgetLine.objects.filter(action=action, cancelled_at__isnull=True)
    return lines.select_related("funder").order_by("-year", "nature", "category", "-day", "pk")


def get_budget_line_for(viewer: Membership | None, action: Action, pk: int) -> BudgetLine:
    """Return one line. Raises BudgetLine.DoesNotExist for who does not steer the action, and for a cancelled line."""
    return list_budget_lines_for(viewer, action).select_related("action").get(pk=pk)


def get_budget_for(viewer: Membership | None, action: Action) -> Budget:
    """Return the sums of the budget, empty for who does not steer the action. One query."""
    lines = [_line(line) for line in list_budget_lines_for(viewer, action)]
    labels = dict(BudgetCategory.choices)
    rows = [
        BudgetRow(int(str(year)), labels[str(category)], str(funder) or OWN, found)
        for (year, category, funder), found in sum_lines(lines, "year", "category", "funder").items()
    ]
    years = [(int(str(year)), found) for (year,), found in sum_lines(lines, "year").items()]
    funders = [(str(funder) or OWN, found) for (funder,), found in sum_lines(lines, "funder").items()]
    whole = sum_lines(lines).get((), Sum())
    return Budget(rows, years, sorted(funders, key=lambda pair: pair[0] == OWN), whole, bool(lines))


def list_cash_months_for(viewer: Membership | None, action: Action) -> list[Month]:
    """Return the cash of an action month by month: expected and received of its agreements, spent of its budget.

    Nothing for who does not steer it. Two queries.
    """
    if not may_steer(viewer, action):
        return []
    found = Instalment.objects.filter(agreement__action=action, cancelled_at__isnull=True)
    instalments = list(found.exclude(agreement__state=AgreementState.CANCELLED))
    expected = [(one.expected_on, one.amount) for one in instalments]
    received = [(one.received_on, one.received_amount) for one in instalments]
    spent = BudgetLine.objects.filter(action=action, cancelled_at__isnull=True, nature=BudgetNature.ACTUAL)
    return months_of(expected, _known(received), spent.values_list("day", "amount"))


def _known(moves: Iterable[tuple[date | None, Decimal | None]]) -> list[Move]:
    return [(day, amount) for day, amount in moves if day is not None and amount is not None]


def _line(line: BudgetLine) -> Line:
    funder = line.funder.name if line.funder else ""
    return Line(line.year, line.category, funder, line.nature == BudgetNature.ACTUAL, line.amount)
