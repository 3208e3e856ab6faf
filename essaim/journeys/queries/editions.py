"""Editions of an action: where it stands in its line, and what the next one takes over."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from essaim.accounts.models import Membership
from essaim.guide.engine.schema import PracticeFile
from essaim.guide.engine.settings import check_value, value_at_launch
from essaim.journal.models import Action
from essaim.journeys.enums import BudgetNature
from essaim.journeys.models import ActionPartner, BudgetLine, Edition
from essaim.journeys.queries.actions import visible_actions

LONGEST_TITLE = 200
RANKED = re.compile(r", \d+e édition$")


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition of a line, as a reader of another one sees it."""

    number: int
    action: Action
    is_elsewhere: bool  # on another territory than the first one
    is_current: bool  # the one being read

    @property
    def rank(self) -> str:
        """Its rank in words."""
        return "1re édition" if self.number == 1 else f"{self.number}e édition"


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """What an action gives to its next edition. No one is in it: people, groups and staff stay where they are.

    ``dropped`` are the labels of the settings whose value the fiche in force no longer takes.
    """

    title: str
    starts: date
    ends: date
    settings: Mapping[str, Any]
    dropped: tuple[str, ...]
    targets: Mapping[str, Decimal]
    partners: tuple[ActionPartner, ...]
    budget: tuple[BudgetLine, ...]


def list_editions_for(viewer: Membership | None, action: Action) -> list[EditionLine]:
    """Return the line of editions of an action, oldest first, of those that the viewer may open; empty when the action
    was never copied. Two queries at most.
    """
    place = Edition.objects.filter(action=action).first()
    if place is None:
        return []
    line = Edition.objects.filter(first_id=place.first_id, action__in=visible_actions(viewer).values("pk"))
    found = line.select_related("action__territory", "first").defer("action__definition", "first__definition")
    return [
        EditionLine(
            number=each.number,
            action=each.action,
            is_elsewhere=each.action.territory_id != each.first.territory_id,
            is_current=each.action_id == action.pk,
        )
        for each in found.order_by("number")
    ]


def next_edition_number(action: Action) -> int:
    """Return the number that a copy of this action would bear now."""
    place = Edition.objects.filter(action=action).first()
    if place is None:
        return 2
    last = Edition.objects.filter(first_id=place.first_id).order_by("-number").values_list("number", flat=True)[0]
    return int(last) + 1


def carry_over(action: Action, practice: PracticeFile, *, today: date) -> CarriedOver:
    """Return what the next edition of an action that the viewer steers starts from, under ``practice`` in force.

    It begins the day after this one ends, tomorrow at the earliest, and lasts as long. Settings that follow the year of
    the start follow it again; the others keep this action's value, unless the fiche no longer takes it.
    """
    starts = max(action.ends, today) + timedelta(days=1)
    settings = {key: value_at_launch(setting, starts) for key, setting in practice.settings.items()}
    dropped = []
    for key, value in action.settings.items():
        setting = practice.settings.get(key)
        if setting is None or check_value(setting, value) is not None:
            dropped.append(setting.label if setting else key)
        elif setting.at_launch != "start_year":
            settings[key] = value
    measured = {indicator.id for indicator in practice.indicators if indicator.formula is not None}
    partners = action.partners.filter(until__isnull=True).select_related("organisation").order_by("pk")
    title = RANKED.sub("", action.title)
    rank = f", {next_edition_number(action)}e édition"
    planned = action.budget_lines.filter(nature=BudgetNature.PLANNED, cancelled_at__isnull=True)
    return CarriedOver(
        title=title[: LONGEST_TITLE - len(rank)] + rank,
        starts=starts,
        ends=starts + (action.ends - action.starts),
        settings=settings,
        dropped=tuple(dropped),
        targets={each.indicator: each.value for each in action.targets.filter(indicator__in=measured)},
        partners=tuple(partners),
        budget=tuple(planned.order_by("year", "category", "pk")),
    )
