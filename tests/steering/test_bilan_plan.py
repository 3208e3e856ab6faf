"""A bilan reads the facts of its action a few times at most, whatever the indicators and the sharing of the facts."""

import random
from datetime import date

import pytest
from django.db import connection

from essaim.guide.engine.library import read_library
from essaim.guide.queries import practice_texts
from essaim.steering.queries import compute_bilan, compute_bilans, facts_behind, people_behind
from tests.support.journal_rows import practice_with, write_journal
from tests.support.plans import executed_plan, rows_moved, rows_read
from tests.support.random_journals import SCHEMA, random_journal
from tests.support.worked_examples import FACTS, HEADER

pytestmark = pytest.mark.django_db
LIBRARY, _ = read_library(practice_texts())
MOST = 20
LINKED = {"of": "interview_held", "period": "to_date", "when": "before"}
AWKWARD = [
    {"id": "self", "formula": {"count": "fact", "of": "interview_held", "with": LINKED}},
    {"id": "event", "formula": {"count": "person", "of": "interview_held", "without": {**LINKED, "same": "event"}}},
    {"id": "near", "formula": {"count": "fact", "of": "interview_held",
                               "with": {**LINKED, "same": "event", "within_days": 2}}},
    {"id": "near_person", "formula": {"count": "fact", "of": "interview_held", "with": {**LINKED, "within_days": 2}}},
    {"id": "profile", "formula": {"count": "fact", "of": "interview_held", "where": {"person.age": {"gte": 18}},
                                  "with": {**LINKED, "where": {"person.sex": "female"}}}},
    {"id": "days", "formula": {"median": {"days_since": {"of": "profile_declared"}}, "per": "person",
                               "of": "interview_held"}},
    {"id": "events", "formula": {"max": {"count": "organisation"}, "per": "event", "of": "interview_held"}},
]  # fmt: skip


def plain_definition(practice):
    return [{"id": one.id, "formula": one.formula, "realised": one.realised} for one in practice.indicators]


@pytest.fixture
def crowded(db):
    """An action with facts of every kind, so that every practice reads many."""
    rng = random.Random(7)
    header, facts = random_journal(rng, sorted(SCHEMA.kinds), 2500)
    action = write_journal(header, facts, practice_with([]))["A1"]
    _analyse()
    return action, sum(fact["action"] == "A1" for fact in facts)


def _analyse():
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE journal_fact, journal_subject, journal_session, directory_organisation")


def test_every_practice_reads_its_facts_a_few_times(crowded):
    action, size = crowded
    for practice in LIBRARY:
        action.definition = {"indicators": plain_definition(practice)}
        nodes = executed_plan(action)
        assert rows_read(nodes) <= MOST * size, practice.slug
        assert rows_moved(nodes) <= MOST * size, practice.slug


@pytest.mark.parametrize("shared", ["person", "event", "both"])
def test_facts_of_one_person_or_one_event_stay_linear(db, shared):
    rng = random.Random(3)
    header, facts = random_journal(rng, ["interview_held", "profile_declared"], 2000)
    facts = [fact for fact in facts if fact["action"] == "A1"]
    for number, fact in enumerate(facts):
        fact["event"] = "E1" if shared != "person" else f"E{number}"
        if "person" in fact and shared != "event":
            fact["person"] = "P1"
    action = write_journal(header, facts, practice_with(AWKWARD))["A1"]
    _analyse()
    nodes = executed_plan(action)
    assert rows_read(nodes) <= MOST * len(facts)
    assert rows_moved(nodes) <= MOST * len(facts)


def test_one_question_whatever_the_number_of_indicators(django_assert_num_queries):
    rows = [{"id": f"i{n}", "formula": {"count": "person", "of": "contract_signed", "where": {"data.term_months": n}}}
            for n in range(130)]  # fmt: skip
    action = write_journal(HEADER, FACTS, practice_with(rows))["A1"]
    with django_assert_num_queries(1):
        bilan = compute_bilan(action, on=date(2009, 6, 30))
    assert [row.id for row in bilan.rows if row.value] == ["i6"]


def test_several_actions_are_one_question(django_assert_num_queries):
    rng = random.Random(5)
    practice = practice_with([
        {"id": "people", "formula": {"count": "person", "of": "enrolment_opened", "period": "to_date"}},
        {"id": "year", "formula": {"sum": "data.amount", "of": "budget_line_recorded",
                                   "where": {"data.year": {"setting": "budget_year"}}, "period": "to_date"}},
    ])  # fmt: skip
    header, facts = random_journal(rng, ["enrolment_opened", "budget_line_recorded", "profile_declared"], 200)
    header["actions"][1]["settings"] = {"budget_year": 2009}
    actions = write_journal(header, facts, practice)
    with django_assert_num_queries(1):
        together = compute_bilans(actions.values(), on=date(2009, 1, 1))
    assert together == [compute_bilan(action, on=date(2009, 1, 1)) for action in actions.values()]
    assert [bilan.action for bilan in together] == ["A1", "A2"]


def test_people_and_facts_behind_a_figure():
    rows = [
        {"id": "entered", "formula": {"count": "person", "of": "enrolment_opened"}},
        {"id": "rate", "formula": {"percent": [{"count": "person", "of": "enrolment_opened",
                                                "where": {"person.level": 3}}, "entered"]}},
        {"id": "again", "formula": "entered", "realised": {"total": ["rate", "budget"]}},
        {"id": "budget", "formula": {"sum": "data.amount", "of": "budget_line_recorded"}},
    ]  # fmt: skip
    action = write_journal(HEADER, FACTS, practice_with(rows))["A1"]
    people = dict(action.subjects.values_list("pk", "ref"))
    facts = dict(action.facts.values_list("pk", "ref"))

    def behind(indicator):
        return (
            [people[pk] for pk in people_behind(action, indicator)],
            sorted(facts[pk] for pk in facts_behind(action, indicator)),
        )

    assert behind("entered") == (["P1", "P2"], ["F3", "F4"])
    assert behind("rate") == (["P1"], ["F3"])
    assert behind("again") == behind("entered")
    assert behind("again.realised") == (["P1"], ["F12", "F3"])
    with pytest.raises(KeyError):
        people_behind(action, "unknown")
