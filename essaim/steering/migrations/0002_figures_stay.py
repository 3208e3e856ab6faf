"""The database itself refuses to rewrite what a funder was shown."""

from django.db import migrations

SQL = """
CREATE FUNCTION steering_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'steering: what was published or sent stays as it was'
        USING ERRCODE = 'restrict_violation', HINT = 'Send a new bilan.';
END $$;

CREATE TRIGGER publishedcohort_stays BEFORE UPDATE OR DELETE ON steering_publishedcohort
    FOR EACH ROW EXECUTE FUNCTION steering_refuse_change();

CREATE TRIGGER frozenbilan_stays BEFORE UPDATE OR DELETE ON steering_frozenbilan
    FOR EACH ROW EXECUTE FUNCTION steering_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("steering", "0001_frozen_figures")]

    operations = [
        migrations.RunSQL(
            SQL,
            reverse_sql="""
                DROP TRIGGER IF EXISTS frozenbilan_stays ON steering_frozenbilan;
                DROP TRIGGER IF EXISTS publishedcohort_stays ON steering_publishedcohort;
                DROP FUNCTION IF EXISTS steering_refuse_change();
            """,
        )
    ]
