"""The cohorts that funders read: those to publish, and what may be shown of one."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import TruncQuarter

from essaim.journal.models import Action, Fact
from essaim.journeys.enums import PartnerRole
from essaim.journeys.models import ActionPartner
from essaim.steering.engine.cohorts import Cohort, due_cohorts
from essaim.steering.engine.questions import cell_indicators, protected_figures
from essaim.steering.engine.results import Evaluation
from essaim.steering.engine.suppression import FUNDER_THRESHOLD
from essaim.steering.models import PublishedCohort
from essaim.steering.queries.execution import asked, compiled, run


def list_due_cohorts(*, today: date) -> list[tuple[Action, Cohort]]:
    """Return what is to be published that day, for the actions of this instance that have a funder. Three queries."""
    funded = ActionPartner.objects.filter(action=OuterRef("pk"), role=PartnerRole.FUNDER)
    actions = list(Action.objects.filter(Exists(funded), is_imported=False).order_by("pk"))
    entries: dict[int, dict[date, int]] = defaultdict(dict)
    entered = Fact.objects.filter(action__in=actions, live=True, kind="enrolment_opened").order_by()
    for row in entered.values("action_id", quarter=TruncQuarter("day")).annotate(number=Count("pk")):
        entries[row["action_id"]][row["quarter"]] = row["number"]
    published: dict[int, list[Cohort]] = defaultdict(list)
    for each in PublishedCohort.objects.filter(action__in=actions):
        published[each.action_id].append(Cohort(each.since, each.until, each.observed_on))
    return [
        (action, cohort)
        for action in actions
        for cohort in due_cohorts(
            entries[action.pk],
            starts=action.starts,
            ends=action.ends,
            published=published[action.pk],
            today=today,
            threshold=FUNDER_THRESHOLD,
        )
    ]


def count_cells(action: Action, cohort: Cohort) -> dict[str, Any]:
    """Return the fixed tables of a cohort as they may be shown, hidden counts as None. One reading of the facts."""
    indicators, statement = compiled(cell_indicators(), as_known=False)
    question = asked(action, cohort.since, cohort.until, cohort.observed_on, None)
    [row] = run(statement.ask([question]))
    figures = Evaluation(indicators, statement.outputs, row, {}).figures()
    return protected_figures({figure.id: int(figure.value or 0) for figure in figures})
