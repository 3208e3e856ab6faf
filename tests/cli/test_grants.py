import pytest
from django.db import connection

from essaim.cli.grants import grant_existing_tables, grant_future_tables, restrict_tables

ROLE = "essaim_test_app"


@pytest.fixture
def cursor(db):
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE}")
        cursor.execute("CREATE TABLE essaim_test_before (id bigserial)")
        yield cursor


def rights(cursor, table):
    cursor.execute(
        "SELECT privilege FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS privilege"
        " WHERE has_table_privilege(%s, %s, privilege)",
        [ROLE, table],
    )
    return [row[0] for row in cursor.fetchall()]


def test_tables_to_come_can_be_read_and_written(cursor):
    grant_future_tables(cursor, ROLE)
    cursor.execute("CREATE TABLE essaim_test_after ()")
    assert rights(cursor, "essaim_test_after") == ["SELECT", "INSERT", "UPDATE", "DELETE"]


def test_tables_and_sequences_already_there_are_caught_up(cursor):
    grant_existing_tables(cursor, ROLE)
    assert rights(cursor, "essaim_test_before") == ["SELECT", "INSERT", "UPDATE", "DELETE"]
    cursor.execute("SELECT has_sequence_privilege(%s, 'essaim_test_before_id_seq', 'USAGE')", [ROLE])
    assert cursor.fetchone()[0] is True


def test_rights_that_a_migration_took_back_are_not_given_again(cursor):
    grant_future_tables(cursor, ROLE)
    cursor.execute("CREATE TABLE essaim_test_facts ()")
    cursor.execute(f"REVOKE UPDATE, DELETE ON essaim_test_facts FROM {ROLE}")
    grant_future_tables(cursor, ROLE)
    grant_existing_tables(cursor, ROLE)
    assert rights(cursor, "essaim_test_facts") == ["SELECT", "INSERT"]


def test_migrations_and_the_read_audit_are_not_rewritten(cursor):
    cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON django_migrations, accounts_readaudit TO {ROLE}")
    restrict_tables(cursor, ROLE)
    assert rights(cursor, "django_migrations") == ["SELECT"]
    assert rights(cursor, "accounts_readaudit") == ["SELECT", "INSERT", "DELETE"]


def test_unknown_role_is_nobody_to_give_to(cursor):
    grant_future_tables(cursor, "essaim_test_nobody")
    grant_existing_tables(cursor, "essaim_test_nobody")
    restrict_tables(cursor, "essaim_test_nobody")
