"""Publishing to funders: each cohort once."""

from datetime import datetime

from django.db import IntegrityError, transaction

from essaim.journal.models import Action
from essaim.kernel.days import paris_day
from essaim.steering.engine.cohorts import Cohort
from essaim.steering.models import PublishedCohort
from essaim.steering.queries.cohorts import count_cells, list_due_cohorts


def publish_due_cohorts(*, now: datetime) -> list[PublishedCohort]:
    """Publish, for the funders of each action that has some, the entries whose observation day has passed.

    A cohort is published once: its figures, hidden counts left out, are those known at that moment and never change;
    no entry is ever in two. Called every day; done twice at once, the second finds nothing left. Records no fact.
    """
    due = list_due_cohorts(today=paris_day(now))
    return [made for action, cohort in due if (made := _publish(action, cohort, now)) is not None]


def _publish(action: Action, cohort: Cohort, now: datetime) -> PublishedCohort | None:
    try:
        with transaction.atomic():
            return PublishedCohort.objects.create(
                action=action,
                since=cohort.since,
                until=cohort.until,
                observed_on=cohort.observed_on,
                published_at=now,
                figures=count_cells(action, cohort),
            )
    except IntegrityError:
        return None
