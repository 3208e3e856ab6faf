"""How long a parcours may last, in words: the term, the week, the renewals left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from essaim.journal.models import Action
from essaim.journeys.engine.limits import Limit, Stay, Week, may_renew, renewals_used, week_of
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment
from essaim.journeys.queries.actions import settings_of, steps_of_kind
from essaim.kernel.formats import count, elapsed, long_day

ENTRY, RENEWAL = "journeys.enrolment", "journeys.renewal"
NEAR_DAYS = 15


@dataclass(frozen=True, slots=True)
class Term:
    """The term of an open parcours as of a day."""

    due: date
    day: date
    week: Week

    @property
    def is_over(self) -> bool:
        """Whether the last day allowed has passed."""
        return self.day > self.due

    @property
    def is_near(self) -> bool:
        """Whether the term is within a fortnight, or has passed."""
        return (self.due - self.day).days <= NEAR_DAYS

    @property
    def weeks(self) -> str:
        """Return « semaine 6 sur 13 », or « terme dépassé »."""
        return "terme dépassé" if self.is_over else f"semaine {self.week.number} sur {self.week.total}"

    @property
    def chip(self) -> str:
        """Return « fin le 12 mars », « fin passée le 12 mars » once it is over."""
        written = long_day(self.due, year=self.due.year != self.day.year)
        return f"Fin passée le {written}" if self.is_over else f"Fin le {written}"

    @property
    def words(self) -> str:
        """Return « terme le 12 mars, dans 9 jours »."""
        written = long_day(self.due, year=self.due.year != self.day.year)
        if self.due == self.day:
            return "terme aujourd’hui"
        verb = "terme dépassé depuis le" if self.is_over else "terme le"
        return f"{verb} {written}, {elapsed(self.due, self.day)}"


def limit_of(action: Action) -> Limit:
    """Return what the practice of an action allows, with the values the action chose. Source: its entry and renewal
    steps.
    """
    entry = next((settings_of(action, step.key) for step in steps_of_kind(action, ENTRY)), {})
    renewal = next((settings_of(action, step.key) for step in steps_of_kind(action, RENEWAL)), None)
    if renewal is None:
        return Limit(entry.get("duration_months"), 0)
    return Limit(entry.get("duration_months"), renewal.get("renewals_max"), renewal.get("duration_months"))


def stays_of(enrolments: Iterable[Enrolment]) -> list[Stay]:
    """Return what the engine reads of parcours, cancelled ones aside, oldest first."""
    kept = [one for one in enrolments if one.state != EnrolmentState.CANCELLED]
    kept.sort(key=lambda one: (one.opened_on, one.pk))
    return [Stay(one.opened_on, one.closed_on, one.renewals) for one in kept]


def term_of(enrolment: Enrolment, on: date) -> Term | None:
    """Return the term of an open parcours, None when there is none or when it is over."""
    if enrolment.due_on is None or enrolment.state != EnrolmentState.OPEN:
        return None
    return Term(enrolment.due_on, on, week_of(enrolment.opened_on, enrolment.due_on, on))


def limit_in_words(limit: Limit) -> str:
    """Return « 3 mois, renouvelables 1 fois, 6 mois en tout », or an empty string without limit."""
    if limit.months is None:
        return ""
    if not limit.renewals_max:
        return f"{limit.months}\u00a0mois" + ("" if limit.renewals_max == 0 else ", renouvelables")
    added = limit.months if limit.renewal_months is None else limit.renewal_months
    total = limit.months + added * limit.renewals_max
    return f"{limit.months}\u00a0mois, renouvelables {limit.renewals_max}\u00a0fois, {total}\u00a0mois en tout"


def renewals_in_words(limit: Limit, stays: Iterable[Stay]) -> str:
    """Return « 1 renouvellement possible », or why none is: « durée maximale atteinte : 2 × 3 mois »."""
    known = list(stays)
    if not may_renew(limit, known):
        if not limit.renewals_max:
            return "non renouvelable"
        return f"durée maximale atteinte\u00a0: {_longest_in_words(limit)}"
    if limit.renewals_max is None:
        return "renouvellement possible"
    left = limit.renewals_max - renewals_used(known)
    return f"{count(left, 'renouvellement')} possible{'s' if left > 1 else ''}"


def _longest_in_words(limit: Limit) -> str:
    assert limit.months is not None and limit.renewals_max is not None
    added = limit.months if limit.renewal_months is None else limit.renewal_months
    if added == limit.months:
        return f"{limit.renewals_max + 1} × {limit.months}\u00a0mois"
    return f"{limit.months}\u00a0mois et {limit.renewals_max} × {added}\u00a0mois"
