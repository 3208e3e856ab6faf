"""Bilans sent to funders: who may read which, and what changed since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from essaim.accounts.models import Membership
from essaim.journal.models import Action, Fact
from essaim.journal.permissions import carries
from essaim.steering.models import FrozenBilan
from essaim.steering.queries.behind import kinds_read_by
from essaim.steering.queries.bilan import IndicatorRow, compute_bilan
from essaim.steering.queries.page import figure_words

MOST_FACTS = 20


@dataclass(frozen=True, slots=True)
class Change:
    """One indicator of a bilan: what was sent and what the same question gives now, in words.

    ``facts``: those recorded, corrected or cancelled since, that it reads.
    """

    id: str
    label: str
    then: str
    then_base: str
    now: str
    now_base: str
    facts: tuple[Fact, ...]
    more_facts: int

    @property
    def has_changed(self) -> bool:
        """Whether the figure sent is not the one of today."""
        return (self.then, self.then_base) != (self.now, self.now_base)


def list_frozen_of(viewer: Membership | None, action: Action) -> QuerySet[FrozenBilan]:
    """Return the bilans of an action that were sent, latest first, for those who carry it; none for the others."""
    if not carries(viewer, action):
        return FrozenBilan.objects.none()
    return FrozenBilan.objects.filter(action=action).select_related("recipient", "sent_by", "action")


def list_received_for(viewer: Membership | None) -> QuerySet[FrozenBilan]:
    """Return the bilans sent to the viewer's organisation, latest first."""
    if viewer is None or viewer.until is not None:
        return FrozenBilan.objects.none()
    received = FrozenBilan.objects.filter(recipient_id=viewer.organisation_id)
    return received.select_related("action__organisation", "recipient", "sent_by").defer("action__definition")


def list_changes(frozen: FrozenBilan) -> list[Change]:
    """Return each indicator of a sent bilan, then and now: same period, same observation day, the facts of today.

    For those who carry the action. Two queries.
    """
    action = frozen.action
    bilan = compute_bilan(action, since=frozen.since, until=frozen.until, on=frozen.observed_on)
    touched = _touched_since(frozen)
    sent = {row["id"]: row for row in frozen.figures["indicators"]}
    return [_change(action, sent[row.id], row, touched) for row in bilan.rows if row.id in sent]


def _change(action: Action, sent: dict[str, Any], row: IndicatorRow, touched: Iterable[Fact]) -> Change:
    kinds = kinds_read_by(action, row.id)
    then, then_base = figure_words(sent["value"], sent["numerator"], sent["denominator"], row.unit)
    now, now_base = figure_words(row.value, row.numerator, row.denominator, row.unit)
    is_same = (then, then_base) == (now, now_base)
    facts = [] if is_same else [fact for fact in touched if fact.kind in kinds]
    return Change(
        id=row.id,
        label=f"{sent['label']} : réalisé" if row.id.endswith(".realised") else sent["label"],
        then=then,
        then_base=then_base,
        now=now,
        now_base=now_base,
        facts=tuple(facts[:MOST_FACTS]),
        more_facts=max(0, len(facts) - MOST_FACTS),
    )


def _touched_since(frozen: FrozenBilan) -> list[Fact]:
    """The facts of the action, up to the observation day, recorded or replaced after the bilan was sent."""
    after = Q(recorded_at__gt=frozen.sent_at) | Q(superseded_at__gt=frozen.sent_at)
    facts = Fact.objects.filter(after, action=frozen.action, day__lte=frozen.observed_on)
    return list(facts.select_related("corrected_by").order_by("-recorded_at", "-pk"))
