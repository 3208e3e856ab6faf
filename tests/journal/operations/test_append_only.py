"""The database refuses to rewrite the journal, whoever asks and however."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from essaim.journal.models import Fact, Subject, SubjectMerge
from essaim.people.models import Person
from tests.factories.journal import ActionFactory, FactFactory, SubjectFactory
from tests.factories.people import PersonFactory
from tests.journal.files import fact as row
from tests.journal.files import to_lines

pytestmark = pytest.mark.django_db


def run(sql, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchone() if cursor.description else None


@pytest.fixture
def fact():
    action = ActionFactory()
    return FactFactory(
        action=action,
        subject=SubjectFactory(action=action),
        kind="profile_declared",
        data={"sex": "female", "birth_date": "1990-01-01"},
    )


@pytest.mark.parametrize(
    "change",
    [
        "live = false",
        "data = '{}'",
        "superseded_at = now(), live = false",
        "ref = 'X'",
        "subject_id = NULL",
        "day = day",
    ],
)
@pytest.mark.parametrize("flag", ["", "supersede", "reassign", "blank"])
def test_raw_update_is_refused_even_with_the_flag_unless_it_has_the_allowed_shape(fact, change, flag):
    if (flag, change) in {("supersede", "superseded_at = now(), live = false"), ("blank", "data = '{}'")}:
        return
    with pytest.raises(DatabaseError, match=r"only added|check constraint"):
        run(f"SET LOCAL essaim.journal_change = '{flag}'; UPDATE journal_fact SET {change}")


def test_delete_is_refused(fact):
    with pytest.raises(DatabaseError, match="only added"):
        run("DELETE FROM journal_fact")
    with pytest.raises(DatabaseError, match="only added"):
        Fact.objects.all().delete()


def test_supersede_is_refused_for_a_fact_that_nothing_corrects(fact):
    with pytest.raises(DatabaseError, match="nothing corrects"):
        run("SELECT journal_supersede_facts(ARRAY[%s]::bigint[], now())", fact.pk)


def test_correction_of_another_kind_or_action_is_refused(fact):
    for keys in ({"action": fact.action, "kind": "enrolment_opened"}, {"kind": fact.kind, "action": ActionFactory()}):
        with pytest.raises(IntegrityError, match="another kind or action"), transaction.atomic():
            FactFactory(corrects=fact, **keys)


def test_reassign_moves_the_facts_of_one_person_within_an_action(fact):
    other = SubjectFactory(action=fact.action, person=PersonFactory())
    absorbed = PersonFactory()
    Subject.objects.filter(pk=fact.subject_id).update(person=absorbed)
    with pytest.raises(DatabaseError, match="not two people"):
        run("SELECT journal_reassign_subject(%s, %s)", fact.subject_id, other.pk)
    Person.objects.filter(pk=absorbed.pk).update(merged_into=other.person)
    assert run("SELECT journal_reassign_subject(%s, %s)", fact.subject_id, other.pk) == (1,)
    fact.refresh_from_db()
    assert (fact.subject, fact.content_digest) == (other, None)
    with pytest.raises(DatabaseError, match="not two people"):
        run("SELECT journal_reassign_subject(%s, %s)", other.pk, SubjectFactory().pk)


def test_facts_that_moved_return_with_their_digest_once_the_files_are_two_again(fact):
    digest = uuid4()
    run("SET LOCAL session_replication_role = replica; UPDATE journal_fact SET content_digest = %s", digest)
    kept, absorbed = PersonFactory(), PersonFactory()
    other = SubjectFactory(action=fact.action, person=kept)
    Subject.objects.filter(pk=fact.subject_id).update(person=absorbed)
    Person.objects.filter(pk=absorbed.pk).update(merged_into=kept)
    run("SELECT journal_reassign_subject(%s, %s)", fact.subject_id, other.pk)
    merge = SubjectMerge.objects.get()
    with pytest.raises(DatabaseError, match="no merge to undo"):
        run("SELECT journal_return_facts(%s, '{}')", merge.pk)
    Person.objects.filter(pk=absorbed.pk).update(merged_into=None)
    assert run("SELECT journal_return_facts(%s, '{}')", merge.pk) == (1,)
    before = fact.subject_id
    fact.refresh_from_db()
    assert (fact.subject_id, fact.content_digest) == (before, digest)
    with pytest.raises(DatabaseError, match="no merge to undo"):
        run("SELECT journal_return_facts(%s, '{}')", merge.pk)


def test_blank_may_only_move_a_birth_within_its_year(fact):
    assert run("SELECT journal_blank_fact(%s, ARRAY['sex'], '1990-03-02')", fact.pk) == (1,)
    fact.refresh_from_db()
    assert fact.data == {"birth_date": "1990-03-02"}
    with pytest.raises(DatabaseError, match="only added"):
        run("SELECT journal_blank_fact(%s, ARRAY['sex'], '1991-03-02')", fact.pk)


def test_blank_removes_fields_and_nothing_else(fact):
    assert run("SELECT journal_blank_fact(%s, ARRAY['birth_date', 'nope'])", fact.pk) == (1,)
    before = fact.recorded_at
    fact.refresh_from_db()
    assert (fact.data, fact.recorded_at) == ({"sex": "female"}, before)


def test_blank_touches_no_other_kind_of_fact():
    contract = FactFactory(kind="contract_signed", data={"contract": "K1", "type": "cdi", "starts": "2026-01-05"})
    with pytest.raises(DatabaseError, match="only a profile"):
        run("SELECT journal_blank_fact(%s, ARRAY['type'])", contract.pk)


def test_flag_does_not_outlive_its_function(fact):
    run("SELECT journal_blank_fact(%s, ARRAY['sex'])", fact.pk)
    with pytest.raises(DatabaseError, match="only added"):
        run("UPDATE journal_fact SET data = '{}', content_digest = NULL")


@pytest.mark.parametrize(
    ("keys", "constraint"),
    [
        ({"kind": "Not a kind"}, "fact_kind_form"),
        ({"kind": "a.b.c"}, "fact_kind_form"),
        ({"action": None}, "fact_without_action_is_local"),
        ({"data": {"void": True}}, "fact_void_corrects"),
        ({"superseded_at": timezone.now()}, "fact_superseded_is_not_live"),
    ],
)
def test_constraints(keys, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        FactFactory(**keys)


def test_local_kind_may_have_no_action():
    assert FactFactory(action=None, kind="directory.org_approached").pk


def test_role_of_the_web_reads_and_adds_only(fact):
    run("DO $$ BEGIN CREATE ROLE essaim_journal_test; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    run("GRANT ALL ON journal_fact TO essaim_journal_test")
    run("SELECT journal_restrict_fact_privileges('essaim_journal_test')")
    rights = "SELECT array_agg(privilege_type::text ORDER BY privilege_type) FROM information_schema.role_table_grants"
    where = " WHERE table_name = 'journal_fact' AND grantee = 'essaim_journal_test'"
    assert run(rights + where) == (["INSERT", "SELECT"],)
    FactFactory(corrects=fact, kind=fact.kind, action=fact.action)
    run("SELECT journal_restrict_fact_privileges('nobody_of_that_name')")


def test_that_role_imports_records_and_corrects_but_changes_nothing_by_hand(load):
    run("DO $$ BEGIN CREATE ROLE essaim_journal_test; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    run("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO essaim_journal_test")
    run("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO essaim_journal_test")
    run("SELECT journal_restrict_fact_privileges('essaim_journal_test')")
    with transaction.atomic():
        run("SET LOCAL ROLE essaim_journal_test")
        assert load(to_lines(*(row(f"F{n}", person=f"P{n}") for n in range(1200)))).imported == 1200
        assert load(to_lines(row("G1", person="P0", corrects="F0"))).imported == 1
        assert not Fact.objects.get(ref="F0").live
        for change in (
            "UPDATE journal_fact SET live = true",
            "DELETE FROM journal_fact",
            "TRUNCATE journal_fact CASCADE",
        ):
            with pytest.raises(DatabaseError, match="permission denied"):
                run(change)
        transaction.set_rollback(True)
