"""The fil: facts of an action or of a person, told to whoever asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Q, QuerySet
from django.utils import timezone

from essaim.accounts.models import Membership
from essaim.journal.enums import FACT_ICONS, OTHER_FACT_ICON
from essaim.journal.models import Action, Fact
from essaim.journal.permissions import reads_fil_of, reads_imported_actions
from essaim.kernel.days import PARIS
from essaim.kernel.formats import clock, long_day
from essaim.kernel.instruments import all_fact_kinds
from essaim.people.models import Person
from essaim.people.queries import searchable_people, visible_people

_NEWEST_FIRST = ("-day", "-at", "-pk")
_READ_WITH = ("action", "subject__person", "organisation", "author", "author_organisation", "corrected_by")


@dataclass(frozen=True, slots=True)
class FilEntry:
    """One line of a fil, in the shape of the timeline component. ``undo``: how to take it back, for who may."""

    fact: Fact
    icon: str
    sentence: str
    by: str
    note: str = ""
    tone: str = ""
    url: str = ""
    undo: str = ""
    undo_url: str = ""


def list_facts_of_person_for(viewer: Membership | None, person: Person) -> QuerySet[Fact]:
    """Return every fact about this person, newest first; none when the viewer may not open her file.

    Facts replaced or cancelled are there too: ``Fact.standing`` says so.
    """
    if not visible_people(viewer).filter(pk=person.pk).exists():
        return Fact.objects.none()
    return Fact.objects.filter(subject__person=person).select_related(*_READ_WITH).order_by(*_NEWEST_FIRST)


def list_facts_of_action_for(viewer: Membership | None, action: Action) -> QuerySet[Fact]:
    """Return the facts of an action that the viewer may read, newest first.

    Of an action of the instance: the facts about people whom lists may show her (protected ones to their referent team)
    and, for those who steer it, those about nobody. Of an imported action: all, to whoever reads imported actions.
    """
    facts = Fact.objects.filter(action=action).select_related(*_READ_WITH).order_by(*_NEWEST_FIRST)
    if action.is_imported:
        return facts if reads_imported_actions(viewer) else facts.none()
    allowed = Q(subject__person__in=searchable_people(viewer).order_by().values("pk"))
    if reads_fil_of(viewer, action):
        allowed |= Q(subject__isnull=True)
    return facts.filter(allowed)


def get_live_fact(fact_id: int) -> Fact | None:
    """Return the fact a subscriber's job was told of, or None when it was corrected or cancelled since."""
    return Fact.objects.filter(pk=fact_id, live=True).select_related("action", "subject__person").first()


def fil_days(facts: Iterable[Fact], *, with_people: bool = False) -> list[tuple[str, list[FilEntry]]]:
    """Return facts already in order as (day in words, entries), for the timeline component.

    ``with_people`` names the person of each fact, for the fil of an action that the viewer may read.
    """
    return [
        (_heading(day), [_entry(fact, with_people=with_people) for fact in group])
        for day, group in groupby(facts, key=lambda fact: fact.day)
    ]


def _icon(kind: str) -> str:
    if kind in FACT_ICONS:
        return FACT_ICONS[kind]
    local = all_fact_kinds().get(kind)
    return local.icon if local else OTHER_FACT_ICON


def _heading(day: date) -> str:
    words = long_day(day, weekday=True)
    return words[:1].upper() + words[1:]


def _entry(fact: Fact, *, with_people: bool) -> FilEntry:
    standing = fact.standing
    return FilEntry(
        fact=fact,
        icon=_icon(fact.kind),
        sentence=fact.sentence,
        by=" · ".join([*_about(fact, with_people=with_people), *_author(fact)]),
        note=standing[:1].upper() + standing[1:],
        tone="attn" if standing else "",
    )


def _about(fact: Fact, *, with_people: bool) -> list[str]:
    words = []
    if with_people and fact.subject is not None:
        words.append(fact.subject.person.full_name if fact.subject.person else fact.subject.ref)
    if fact.organisation is not None:
        words.append(fact.organisation.name)
    return words


def _author(fact: Fact) -> list[str]:
    words = [str(fact.author)] if fact.author else []
    if fact.author_organisation and not fact.author:
        words.append(fact.author_organisation.name)
    if len(fact.at_text) > len("2008-03-02"):
        words.append(clock(timezone.localtime(fact.at, PARIS)))
    return [", ".join(words)] if words else []
