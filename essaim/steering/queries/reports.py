"""What a funder takes away: the same report on screen, on paper and as a spreadsheet, live or as it was sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from essaim.journal.models import Action
from essaim.kernel.days import paris_day
from essaim.steering.engine.pooling import PooledFigures, pool_figures
from essaim.steering.models import FrozenBilan, PublishedCohort
from essaim.steering.queries.funders import FundedAction, FunderReading


@dataclass(frozen=True, slots=True)
class CohortLine:
    """One published cohort in the list at the end of a report."""

    action: str
    since: date
    until: date
    observed_on: date
    published_on: date
    total: int


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One action of a report: its money, its entries published and those in a lasting job."""

    title: str
    practice: str
    organisation: str
    starts: date
    ends: date
    planned: Decimal | None
    actual: Decimal | None
    figures: PooledFigures


@dataclass(frozen=True, slots=True)
class FunderReport:
    """What a report says, whatever its form."""

    title: str
    actions: tuple[ActionLine, ...]
    cohorts: tuple[CohortLine, ...]
    figures: PooledFigures


def report_of(reading: FunderReading, title: str) -> FunderReport:
    """Return the report of a live reading."""
    return FunderReport(
        title=title,
        actions=tuple(_action_line(each) for each in reading.actions),
        cohorts=tuple(_cohort_line(each) for each in reading.cohorts),
        figures=reading.figures,
    )


def report_as_sent(frozen: FrozenBilan) -> FunderReport:
    """Return the report of a bilan as its recipient was sent it: nothing is read again."""
    shown: Mapping[str, Any] = frozen.shown
    figures = pool_figures([cohort["figures"] for cohort in shown["cohorts"]])
    dated = ("since", "until", "observed_on", "published_on")
    line = ActionLine(
        title=shown["title"],
        practice=shown["practice"],
        organisation=shown["organisation"],
        starts=date.fromisoformat(shown["starts"]),
        ends=date.fromisoformat(shown["ends"]),
        planned=_amount(shown["planned"]),
        actual=_amount(shown["actual"]),
        figures=figures,
    )
    cohorts = tuple(
        CohortLine(
            action=shown["title"],
            total=cohort["figures"]["total"],
            **{key: date.fromisoformat(cohort[key]) for key in dated},
        )
        for cohort in shown["cohorts"]
    )
    return FunderReport(f"Bilan : {shown['title']}", (line,), cohorts, figures)


def shown_to_funder(action: Action, *, planned: Decimal | None, actual: Decimal | None) -> dict[str, Any]:
    """Return what a bilan of this action shows its funder from now on: the cohorts published so far, and the money.

    Nothing that is not already published: a bilan sent between two publications would be a difference to read.
    """
    cohorts = PublishedCohort.objects.filter(action=action).order_by("since")
    return {
        "title": action.title,
        "practice": action.practice.title,
        "organisation": action.organisation.name if action.organisation else "",
        "starts": action.starts.isoformat(),
        "ends": action.ends.isoformat(),
        "planned": None if planned is None else str(planned),
        "actual": None if actual is None else str(actual),
        "cohorts": [_as_shown(cohort) for cohort in cohorts],
    }


def _as_shown(cohort: PublishedCohort) -> dict[str, Any]:
    days = {
        "since": cohort.since,
        "until": cohort.until,
        "observed_on": cohort.observed_on,
        "published_on": paris_day(cohort.published_at),
    }
    return {key: day.isoformat() for key, day in days.items()} | {"figures": cohort.figures}


def _action_line(funded: FundedAction) -> ActionLine:
    action = funded.action
    return ActionLine(
        title=action.title,
        practice=action.practice.title,
        organisation=action.organisation.name if action.organisation else "",
        starts=action.starts,
        ends=action.ends,
        planned=funded.planned,
        actual=funded.actual,
        figures=funded.figures,
    )


def _cohort_line(cohort: PublishedCohort) -> CohortLine:
    published = paris_day(cohort.published_at)
    title, total = cohort.action.title, cohort.figures["total"]
    return CohortLine(title, cohort.since, cohort.until, cohort.observed_on, published, total)


def _amount(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def total_of(lines: Iterable[Decimal | None]) -> Decimal | None:
    """Return the sum of the amounts that are known, None when none is."""
    known = [line for line in lines if line is not None]
    return sum(known, Decimal(0)) if known else None
