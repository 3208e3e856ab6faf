"""The database itself refuses to rewrite the journal: facts are only added, except by three named functions."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("0002_append_only.sql")


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [
        migrations.RunSQL(
            SQL.read_text(encoding="utf-8"),
            reverse_sql="""
                DROP TRIGGER IF EXISTS fact_append_only ON journal_fact;
                DROP TRIGGER IF EXISTS fact_correction_in_step ON journal_fact;
                DROP FUNCTION IF EXISTS journal_supersede_facts(bigint[], timestamptz);
                DROP FUNCTION IF EXISTS journal_reassign_subject(bigint, bigint);
                DROP FUNCTION IF EXISTS journal_blank_fact(bigint, text[]);
                DROP FUNCTION IF EXISTS journal_refuse_change();
                DROP FUNCTION IF EXISTS journal_check_correction();
                DROP FUNCTION IF EXISTS journal_analyse();
                DROP FUNCTION IF EXISTS journal_restrict_fact_privileges(text);
            """,
        )
    ]
