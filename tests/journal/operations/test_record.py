from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from essaim.journal.engine.content import digest
from essaim.journal.models import Fact, Subject
from essaim.journal.operations import (
    ActionNotOpen,
    FactAlreadyCorrected,
    InvalidFact,
    UndeclaredFact,
    record,
    void_fact,
)
from essaim.journal.queries import get_live_fact
from tests.factories.accounts import MembershipFactory
from tests.factories.directory import OrganisationFactory
from tests.factories.journal import ActionFactory, FactFactory, SessionFactory
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ENTRY = {"emitter": "trial.entry", "at": date(2026, 3, 2), "now": NOW}
CONTRACT = {"contract": "K1", "type": "cdi", "starts": "2026-03-10"}


@pytest.fixture
def by():
    return MembershipFactory()


@pytest.fixture
def action(instruments):
    return ActionFactory()


def test_record_writes_who_what_and_when(action, by):
    person = PersonFactory()
    fact = record("enrolment_opened", action=action, person=person, by=by, **ENTRY)
    fact.refresh_from_db()
    assert (fact.action, fact.kind, fact.source, fact.live, fact.data) == (
        action,
        "enrolment_opened",
        "declared",
        True,
        {},
    )
    assert (fact.at_text, fact.day, fact.recorded_at) == ("2026-03-02", date(2026, 3, 2), NOW)
    assert (fact.author, fact.author_organisation) == (by.user, by.organisation)
    assert (fact.subject.person, fact.subject.action) == (person, action)


def test_one_pseudonym_for_a_person_in_an_action(action, by):
    person = PersonFactory()
    for where in (action, action, ActionFactory()):
        record("enrolment_opened", action=where, person=person, by=by, **ENTRY)
    assert Subject.objects.filter(person=person).count() == 2


def test_moment_is_written_in_paris_time(action, by):
    at = datetime(2026, 3, 31, 22, 15, tzinfo=UTC)
    fact = record("enrolment_opened", action=action, person=PersonFactory(), by=by, **ENTRY | {"at": at})
    assert (fact.at_text, fact.day, fact.at) == ("2026-04-01T00:15:00+02:00", date(2026, 4, 1), at)


def test_typed_columns_follow_data(action, by):
    data = {"amount": Decimal("12.50"), "nature": "planned", "category": "staff", "year": 2026}
    fact = record("budget_line_recorded", emitter="trial", action=action, at=NOW, by=by, now=NOW, data=data)
    fact.refresh_from_db()
    assert (fact.data_amount, fact.data_nature, fact.data_year) == (Decimal("12.5"), "planned", 2026)


@pytest.mark.parametrize(
    ("kind", "emitter"),
    [
        ("enrolment_opened", "trial"),
        ("enrolment_opened", "nobody"),
        ("contract_signed", "trial.entry"),
        ("enrolment_opened", "trial.other"),
        ("nope", "trial"),
    ],
)
def test_undeclared_kind_is_refused(action, by, kind, emitter):
    with pytest.raises(UndeclaredFact):
        record(kind, action=action, by=by, person=PersonFactory(), **ENTRY | {"emitter": emitter})


@pytest.mark.parametrize("state", [{"is_imported": True}, {"state": "closed"}])
def test_closed_or_imported_action_is_refused(instruments, by, state):
    with pytest.raises(ActionNotOpen):
        record("enrolment_opened", action=ActionFactory(**state), person=PersonFactory(), by=by, **ENTRY)


def test_fact_of_the_format_needs_an_action(instruments, by):
    with pytest.raises(ActionNotOpen):
        record("enrolment_opened", action=None, person=PersonFactory(), by=by, **ENTRY)


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"kind": "contract_signed", "emitter": "trial", "data": CONTRACT, "person": None}, "E_NEEDS"),
        ({"kind": "contract_signed", "emitter": "trial", "data": CONTRACT | {"more": 1}}, "E_FIELD_UNKNOWN"),
        ({"kind": "contract_signed", "emitter": "trial", "data": {}}, "E_FIELD_MISSING"),
        ({"kind": "contract_signed", "emitter": "trial", "data": CONTRACT | {"type": "cdd"}}, "E_FIELD_MISSING"),
        ({"kind": "contract_signed", "emitter": "trial", "data": CONTRACT | {"type": "x"}}, "E_ENUM"),
        ({"kind": "contract_signed", "emitter": "trial", "data": CONTRACT | {"ends": "2026-03-09"}}, "E_ORDER"),
        ({"kind": "profile_declared", "emitter": "trial", "data": {"birth_date": "2026-03-03"}}, "E_RANGE"),
        ({"data": {"void": True}}, "E_FIELD_UNKNOWN"),
        ({"cohort": "deux mots"}, "E_REF"),
        ({"source": "guessed"}, "E_SOURCE"),
        ({"at": date(1899, 1, 1)}, "E_DATE"),
        ({"kind": "trial.seen", "emitter": "trial", "data": {"how": "here"}}, "E_ENUM"),
        ({"kind": "trial.seen", "emitter": "trial", "person": None}, "E_NEEDS"),
    ],
)
def test_facts_obey_the_rules_of_the_import(action, by, keys, code):
    given = ENTRY | {"kind": "enrolment_opened", "person": PersonFactory()} | keys
    with pytest.raises(InvalidFact) as refusal:
        record(given.pop("kind"), action=action, by=by, **given)
    assert refusal.value.code == code
    assert not Fact.objects.exists()


def test_session_of_another_action_is_refused(action, by):
    with pytest.raises(InvalidFact, match="autre action"):
        record("attendance_recorded", emitter="trial", action=action, at=NOW, by=by, now=NOW, person=PersonFactory(),
               session=SessionFactory(), data={"role": "participant", "state": "present"})  # fmt: skip


def test_local_kind_may_have_no_action_and_is_never_digested(instruments, by):
    fact = record("trial.seen", emitter="trial", action=None, at=NOW, by=by, now=NOW, person=PersonFactory(),
                  data={"how": "far", "times": 2})  # fmt: skip
    assert (fact.action, fact.content_digest) == (None, None)


def test_correction_replaces_the_fact(action, by):
    person, company = PersonFactory(), OrganisationFactory(company=True)
    keys = {
        "emitter": "trial",
        "action": action,
        "at": NOW,
        "by": by,
        "now": NOW,
        "person": person,
        "organisation": company,
    }
    first = record("contract_signed", data=CONTRACT, **keys)
    second = record("contract_signed", data=CONTRACT | {"type": "cdd", "term_months": 6}, corrects=first, **keys)
    for fact in (first, second):
        fact.refresh_from_db()
    assert (first.live, first.superseded_at, first.standing) == (False, NOW, "corrigé depuis")
    assert (second.live, second.corrects, second.standing) == (True, first, "")
    with pytest.raises(FactAlreadyCorrected):
        record("contract_signed", data=CONTRACT, corrects=first, **keys)


def test_correction_keeps_kind_and_action(action, by):
    first = FactFactory(action=action)
    with pytest.raises(InvalidFact) as refusal:
        record("contract_signed", emitter="trial", action=action, at=NOW, by=by, now=NOW, person=PersonFactory(),
               data=CONTRACT, corrects=first)  # fmt: skip
    assert refusal.value.code == "E_CORRECTS_KIND"
    with pytest.raises(InvalidFact) as refusal:
        record("enrolment_opened", action=ActionFactory(), person=PersonFactory(), by=by, corrects=first, **ENTRY)
    assert refusal.value.code == "E_CORRECTS_ACTION"


def test_void_cancels_and_may_be_restored(action, by):
    first = record("enrolment_opened", action=action, person=PersonFactory(), by=by, **ENTRY)
    void = void_fact(first, emitter="trial.entry", by=by, now=NOW)
    again = record("enrolment_opened", action=action, person=first.subject.person, by=by, corrects=void, **ENTRY)
    for fact in (first, void, again):
        fact.refresh_from_db()
    assert [fact.live for fact in (first, void, again)] == [False, False, True]
    assert (void.data, void.at_text, void.subject) == ({"void": True}, "2026-03-02", first.subject)
    assert first.standing == "annulé depuis"


def test_subscribers_are_told_by_one_job_holding_ids_only(action, by):
    fact = record("enrolment_opened", action=action, person=PersonFactory(), by=by, **ENTRY)
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args) == ("trial.told", {"fact_id": fact.pk})
    assert get_live_fact(fact.pk) == fact
    void_fact(fact, emitter="trial.entry", by=by, now=NOW)
    assert get_live_fact(fact.pk) is None


def test_digest_is_that_of_the_exported_content(action, by):
    fact = record("enrolment_opened", action=action, person=PersonFactory(), by=by, event="E1", **ENTRY)
    content = {
        "id": fact.ref, "kind": fact.kind, "at": "2026-03-02", "action": action.ref, "person": fact.subject.ref,
        "source": "declared", "event": "E1", "data": {},
    }  # fmt: skip
    assert fact.content_digest == digest(content)


def test_a_fact_costs_few_queries(action, by, django_assert_num_queries):
    person = PersonFactory()
    record("enrolment_opened", action=action, person=person, by=by, **ENTRY)
    with django_assert_num_queries(5):  # a savepoint opened and closed, pseudonym, fact, job
        record("enrolment_opened", action=action, person=person, by=by, **ENTRY)
    assert connection.in_atomic_block
