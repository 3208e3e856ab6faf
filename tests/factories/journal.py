"""Actions, sessions, pseudonyms and facts.

``FactFactory`` writes a row as the journal stores it, without emitter nor subscribers; ``corrects=`` supersedes.
"""

from datetime import date

import factory
from django.db import connection
from django.utils import timezone
from factory.django import DjangoModelFactory

from essaim.journal.engine.moments import parse_moment
from essaim.journal.enums import SessionKind
from essaim.journal.models import Action, Fact, Session, Subject
from tests.factories.directory import OrganisationFactory
from tests.factories.guide import PracticeFactory


class ActionFactory(DjangoModelFactory):
    """An open action of the year 2026, run by a mission locale of its own; ``imported=True`` for a journal's."""

    practice = factory.SubFactory(PracticeFactory)
    definition = factory.SelfAttribute("practice.definition")
    title = factory.Sequence(lambda n: f"Action {n}")
    starts = date(2026, 1, 1)
    ends = date(2026, 12, 31)
    settings = factory.LazyFunction(dict)
    organisation = factory.SubFactory(OrganisationFactory)

    class Meta:
        model = Action

    class Params:
        imported = factory.Trait(is_imported=True, organisation=None)


class SessionFactory(DjangoModelFactory):
    action = factory.SubFactory(ActionFactory)
    kind = SessionKind.WORKSHOP
    title = factory.Sequence(lambda n: f"Atelier {n}")

    class Meta:
        model = Session


class SubjectFactory(DjangoModelFactory):
    """A pseudonym; ``person=`` names who it is."""

    action = factory.SubFactory(ActionFactory)

    class Meta:
        model = Subject


class FactFactory(DjangoModelFactory):
    """A fact; ``at_text`` gives moment and day. ``person=`` takes a person and finds or makes her pseudonym."""

    action = factory.SubFactory(ActionFactory)
    kind = "enrolment_opened"
    at_text = "2026-03-02"
    at = factory.LazyAttribute(lambda fact: parse_moment(fact.at_text)[0])
    day = factory.LazyAttribute(lambda fact: parse_moment(fact.at_text)[1])
    source = "declared"
    data = factory.LazyFunction(dict)
    live = factory.LazyAttribute(lambda fact: fact.data != {"void": True})
    recorded_at = factory.LazyFunction(timezone.now)

    class Meta:
        model = Fact

    @classmethod
    def _create(cls, model_class, *args, person=None, **values):
        if person is not None:
            values["subject"], _ = Subject.objects.get_or_create(person=person, action=values["action"])
        fact = super()._create(model_class, *args, **values)
        if fact.corrects_id:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT journal_supersede_facts(%s::bigint[], %s)", [[fact.corrects_id], fact.recorded_at]
                )
        return fact
