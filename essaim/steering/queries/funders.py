"""What a funder reads of the actions she funds: published cohorts and money, never a person nor a live count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from essaim.accounts.models import Membership
from essaim.directory.models import Organisation
from essaim.journal.models import Action
from essaim.journeys.enums import BudgetNature, PartnerRole
from essaim.journeys.models import ActionPartner
from essaim.steering.engine.pooling import Pooled, PooledFigures, pool_figures
from essaim.steering.models import FrozenBilan, PublishedCohort


@dataclass(frozen=True, slots=True)
class FundedAction:
    """An action as its funder lists it. Amounts are None when no standing budget line says any."""

    action: Action
    planned: Decimal | None
    actual: Decimal | None
    cohorts: tuple[PublishedCohort, ...]
    figures: PooledFigures

    @property
    def entered(self) -> int | None:
        """Entries published so far, None before the first cohort."""
        return self.figures.total if self.cohorts else None

    @property
    def lasting(self) -> Pooled:
        """Those in a lasting job on the observation day."""
        return self.figures.table("situation").answer("lasting").everyone


@dataclass(frozen=True, slots=True)
class FunderReading:
    """Published figures of some funded actions, and of all of them together."""

    actions: list[FundedAction]
    cohorts: list[PublishedCohort]
    figures: PooledFigures
    choices: list[tuple[str, str]]
    years: list[int]


def funded_actions(viewer: Membership | None) -> QuerySet[Action]:
    """Return the actions that the viewer's organisation funds now. Empty without an open membership."""
    if viewer is None or viewer.until is not None:
        return Action.objects.none()
    funded = ActionPartner.objects.filter(
        action=OuterRef("pk"),
        organisation_id=viewer.organisation_id,
        role=PartnerRole.FUNDER,
        until__isnull=True,
    )
    return Action.objects.filter(Exists(funded), is_imported=False)


def funds_something(viewer: Membership | None) -> bool:
    """Whether the viewer's organisation funds an action, or was sent a bilan."""
    if viewer is None or viewer.until is not None:
        return False
    received = FrozenBilan.objects.filter(recipient_id=viewer.organisation_id)
    return funded_actions(viewer).exists() or received.exists()


def read_funded_for(viewer: Membership | None, *, ref: str = "", year: int | None = None) -> FunderReading:
    """Return what the viewer may read of the actions that she funds, narrowed to one of them and to the cohorts that
    ended in a year.

    Every figure is a sum of counts shown by cohorts that were each published once: no choice of filters can give back
    what one of them hides. Two queries. Raises Action.DoesNotExist for an action that she does not fund.
    """
    standing = Q(budget_lines__cancelled_at__isnull=True)
    amounts = {
        nature.value: Sum("budget_lines__amount", filter=standing & Q(budget_lines__nature=nature))
        for nature in BudgetNature
    }
    funded = funded_actions(viewer).select_related("practice", "organisation", "territory").annotate(**amounts)
    everything: list[Any] = list(funded.defer("definition", "practice__definition").order_by("-starts", "ref"))
    kept = [action for action in everything if ref in ("", action.ref)]
    if ref and not kept:
        raise Action.DoesNotExist
    cohorts = list(PublishedCohort.objects.filter(action__in=everything).order_by("since", "action_id"))
    years = sorted({cohort.until.year for cohort in cohorts}, reverse=True)
    keys = {action.pk for action in kept}
    shown = [one for one in cohorts if one.action_id in keys and year in (None, one.until.year)]
    for cohort in shown:
        cohort.action = next(action for action in kept if action.pk == cohort.action_id)
    return FunderReading(
        actions=[_funded(action, [one for one in shown if one.action_id == action.pk]) for action in kept],
        cohorts=shown,
        figures=pool_figures([cohort.figures for cohort in shown]),
        choices=[(action.ref, action.title) for action in everything],
        years=years,
    )


def _funded(action: Any, cohorts: Iterable[PublishedCohort]) -> FundedAction:
    found = tuple(cohorts)
    figures = pool_figures([cohort.figures for cohort in found])
    return FundedAction(action, action.planned, action.actual, found, figures)


def list_funders_of(action: Action) -> QuerySet[Organisation]:
    """Return the organisations that fund an action now, by name."""
    funders = action.partners.filter(role=PartnerRole.FUNDER, until__isnull=True)
    return Organisation.objects.filter(pk__in=funders.values("organisation")).order_by("name", "pk")
