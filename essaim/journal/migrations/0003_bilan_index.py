"""What bilans read: the live facts of an action, of the kinds they count, without touching the table.

The index holds the typed columns, and `counted` the rest of `data` as text: a profile is preceded by its moment and
its reference, which order the pictures of a person. Data too long for an index is left out and fetched by id.
"""

from django.db import migrations

TYPED = (
    "type", "state", "role", "mode", "stage", "nature", "status", "domain", "outcome", "exam", "contract", "offer",
    "application", "batch", "starts", "ends", "passed", "term_months", "hours", "amount", "year",
)
COLUMNS = (
    "id", "organisation_id", "session_id", "source", "cohort", "event", *(f"data_{name}" for name in TYPED),
    "counted",
)

# steering.engine.rows writes the same moment for the data that is fetched by id.
FORWARD = f"""
    ALTER TABLE journal_fact ADD COLUMN counted text COLLATE "C" GENERATED ALWAYS AS (
        CASE
            WHEN octet_length(data::text) > 500 THEN NULL
            WHEN kind = 'profile_declared' THEN
                lpad(((extract(epoch FROM at AT TIME ZONE 'UTC') + 2300000000) * 1000000)::bigint::text, 18, '0')
                || ref || '!' || data::text
            ELSE (data - ARRAY[{", ".join(f"'{name}'" for name in TYPED)}])::text
        END
    ) STORED;
    CREATE INDEX fact_bilan ON journal_fact (action_id, kind, subject_id, day) INCLUDE ({", ".join(COLUMNS)})
        WHERE live;
    ALTER TABLE journal_fact SET (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
"""

BACKWARD = """
    ALTER TABLE journal_fact RESET (autovacuum_vacuum_insert_scale_factor, autovacuum_analyze_scale_factor);
    DROP INDEX fact_bilan;
    ALTER TABLE journal_fact DROP COLUMN counted;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_append_only")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
