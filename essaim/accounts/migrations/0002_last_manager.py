"""An organisation never loses its last manager: refused at commit, whoever writes.

The trigger takes the organisation's row before it counts: of two managers who end each other's membership at the
same time, the second waits for the first, then sees that nobody would be left.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION accounts_keep_a_manager() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM directory_organisation WHERE id = OLD.organisation_id FOR NO KEY UPDATE;
    IF NOT EXISTS (
        SELECT 1 FROM accounts_membership
        WHERE organisation_id = OLD.organisation_id AND role = 'manager' AND until IS NULL
    ) THEN
        RAISE EXCEPTION 'membership_keeps_a_manager: organisation % would have none left', OLD.organisation_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_keeps_a_manager';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER membership_keeps_a_manager
    AFTER UPDATE OR DELETE ON accounts_membership
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.role = 'manager' AND OLD.until IS NULL)
    EXECUTE FUNCTION accounts_keep_a_manager();
"""
REMOVE = """
DROP TRIGGER membership_keeps_a_manager ON accounts_membership;
DROP FUNCTION accounts_keep_a_manager();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("directory", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, REMOVE)]
