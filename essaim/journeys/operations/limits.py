"""The term of parcours: derived from the entry, the renewals and the days spent outside, never typed."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from django.db import transaction

from essaim.journal.models import Action
from essaim.journeys.engine.limits import due_on, may_enter_again
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment
from essaim.journeys.operations.parcours_rules import EnrolmentRefused
from essaim.journeys.queries.limits import limit_in_words, limit_of, stays_of
from essaim.people.models import Person


@transaction.atomic
def derive_terms(*, action: Action, person: Person | None = None) -> int:
    """Set the term of the open parcours of an action (of one person) from what is recorded. Return how many changed.

    The rows are locked first, then the settings read: a renewal and a change of setting at the same instant leave
    what both together mean.
    """
    rows = Enrolment.objects.filter(action=action).exclude(state=EnrolmentState.CANCELLED)
    if person is not None:
        rows = rows.filter(person=person)
    known = list(rows.select_for_update(of=("self",)).order_by("person", "opened_on", "pk"))
    limit = limit_of(Action.objects.select_related("practice").get(pk=action.pk))
    changed = []
    for _, group in groupby(known, key=lambda one: one.person_id):
        parcours = list(group)
        for number, one in enumerate(parcours):
            term = due_on(limit, one.opened_on, renewals=one.renewals, former=stays_of(parcours[:number]))
            if one.state == EnrolmentState.OPEN and one.due_on != term:
                one.due_on = term
                changed.append(one)
    return Enrolment.objects.bulk_update(changed, ["due_on"])


def set_due_on(*, enrolment: Enrolment) -> Enrolment:
    """Derive the term of a person's open parcours in this action, and put hers on ``enrolment``."""
    derive_terms(action=enrolment.action, person=enrolment.person)
    enrolment.due_on = Enrolment.objects.values_list("due_on", flat=True).get(pk=enrolment.pk)
    return enrolment


def refuse_consumed(*, action: Action, former: Iterable[Enrolment], on: date) -> None:
    """Raise EnrolmentRefused when her former parcours used every day and every renewal that the practice allows."""
    limit, stays = limit_of(action), stays_of(former)
    if stays and not may_enter_again(limit, on, stays):
        raise EnrolmentRefused(
            "Cette personne a déjà utilisé toute la durée que prévoit la fiche"
            f" ({limit_in_words(limit)}) : un nouveau parcours n’est pas possible."
        )
