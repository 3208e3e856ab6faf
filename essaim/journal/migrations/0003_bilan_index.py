"""What bilans read: the live facts of an action, person by person and day by day, without touching the table.

Every column that the indicator language counts, sums or compares in the 27 practices is in the index; the other fields
of `data` are fetched by id for the few kinds of fact that use them.
"""

from django.db import migrations

COLUMNS = (
    "id", "kind", "organisation_id", "session_id", "source", "cohort", "event",
    "data_type", "data_state", "data_role", "data_mode", "data_stage", "data_nature", "data_status", "data_domain",
    "data_outcome", "data_exam", "data_contract", "data_offer", "data_application", "data_batch", "data_starts",
    "data_ends", "data_passed", "data_term_months", "data_hours", "data_amount", "data_year",
)

FORWARD = f"""
    CREATE INDEX fact_bilan ON journal_fact (action_id, subject_id, day) INCLUDE ({", ".join(COLUMNS)}) WHERE live;
    ALTER TABLE journal_fact SET (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
"""

BACKWARD = """
    ALTER TABLE journal_fact RESET (autovacuum_vacuum_insert_scale_factor, autovacuum_analyze_scale_factor);
    DROP INDEX fact_bilan;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_append_only")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
