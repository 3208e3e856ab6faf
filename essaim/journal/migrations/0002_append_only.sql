-- A correction keeps the kind and the action of the fact it replaces. Checked after the statement, so that one COPY
-- may hold a fact and its correction in any order.
CREATE FUNCTION journal_check_correction() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM journal_fact target
        WHERE target.id = NEW.corrects_id AND target.id <> NEW.id
          AND target.kind = NEW.kind AND target.action_id IS NOT DISTINCT FROM NEW.action_id
    ) THEN
        RAISE EXCEPTION 'journal: fact % corrects a fact of another kind or action', NEW.ref
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fact_correction_in_step';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER fact_correction_in_step AFTER INSERT ON journal_fact
    FOR EACH ROW WHEN (NEW.corrects_id IS NOT NULL) EXECUTE FUNCTION journal_check_correction();

-- The generated columns follow `data`; BEFORE triggers see them empty, so the comparison leaves them out.
CREATE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    change text := coalesce(current_setting('essaim.journal_change', true), '');
    derived text[] := ARRAY[]::text[];
    before jsonb;
    after jsonb;
BEGIN
    IF TG_OP = 'UPDATE' AND change <> '' THEN
        SELECT coalesce(array_agg(attname::text), derived) INTO derived
        FROM pg_attribute WHERE attrelid = TG_RELID AND attgenerated <> '';
        before := to_jsonb(OLD) - derived;
        after := to_jsonb(NEW) - derived;
        IF change = 'supersede'
           AND before - ARRAY['live', 'superseded_at'] = after - ARRAY['live', 'superseded_at']
           AND OLD.superseded_at IS NULL AND NEW.superseded_at IS NOT NULL AND NOT NEW.live THEN
            RETURN NEW;
        END IF;
        IF change = 'reassign'
           AND before - ARRAY['subject_id', 'content_digest'] = after - ARRAY['subject_id', 'content_digest']
           AND OLD.subject_id <> NEW.subject_id AND NEW.content_digest IS NULL THEN
            RETURN NEW;
        END IF;
        IF change = 'blank'
           AND before - ARRAY['data', 'content_digest'] = after - ARRAY['data', 'content_digest']
           AND OLD.data <> NEW.data AND OLD.data @> NEW.data AND NEW.content_digest IS NULL THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'journal: facts are only added, never changed or removed'
        USING ERRCODE = 'restrict_violation', HINT = 'Record a correction or a void.';
END $$;

CREATE TRIGGER fact_append_only BEFORE UPDATE OR DELETE ON journal_fact
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();

-- Facts that a correction now replaces stop being live. Refused for a fact that nothing corrects.
CREATE FUNCTION journal_supersede_facts(fact_ids bigint[], moment timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    changed bigint;
BEGIN
    IF moment IS NULL OR EXISTS (
        SELECT FROM unnest(fact_ids) given
        WHERE NOT EXISTS (SELECT FROM journal_fact f WHERE f.corrects_id = given)
    ) THEN
        RAISE EXCEPTION 'journal: nothing corrects this fact' USING ERRCODE = 'restrict_violation';
    END IF;
    PERFORM set_config('essaim.journal_change', 'supersede', true);
    UPDATE journal_fact SET live = false, superseded_at = moment WHERE id = ANY (fact_ids) AND superseded_at IS NULL;
    GET DIAGNOSTICS changed = ROW_COUNT;
    PERFORM set_config('essaim.journal_change', '', true);
    RETURN changed;
END $$;

-- Two files were the same person: her facts in one action follow her. The digest of their content no longer holds.
CREATE FUNCTION journal_reassign_subject(from_subject bigint, to_subject bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    changed bigint;
BEGIN
    IF NOT EXISTS (
        SELECT FROM journal_subject a JOIN journal_subject b ON a.action_id IS NOT DISTINCT FROM b.action_id
        LEFT JOIN journal_action ON journal_action.id = a.action_id
        WHERE a.id = from_subject AND b.id = to_subject AND a.id <> b.id
          AND NOT coalesce(journal_action.is_imported, false)
    ) THEN
        RAISE EXCEPTION 'journal: not two people of one action of this instance' USING ERRCODE = 'restrict_violation';
    END IF;
    PERFORM set_config('essaim.journal_change', 'reassign', true);
    UPDATE journal_fact SET subject_id = to_subject, content_digest = NULL WHERE subject_id = from_subject;
    GET DIAGNOSTICS changed = ROW_COUNT;
    PERFORM set_config('essaim.journal_change', '', true);
    RETURN changed;
END $$;

-- Erasure: some fields of what a profile says of a person go, the others stay as they are: no other kind of fact holds
-- her identity, and every figure rests on them. The digest goes too: it could confirm a guess.
CREATE FUNCTION journal_blank_fact(fact_id bigint, fields text[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    changed bigint;
BEGIN
    IF 'void' = ANY (fields) THEN
        RAISE EXCEPTION 'journal: a void stays a void' USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT FROM journal_fact WHERE id = fact_id AND kind <> 'profile_declared') THEN
        RAISE EXCEPTION 'journal: only a profile is blanked' USING ERRCODE = 'restrict_violation';
    END IF;
    PERFORM set_config('essaim.journal_change', 'blank', true);
    UPDATE journal_fact SET data = data - fields, content_digest = NULL
    WHERE id = fact_id AND data ?| fields;
    GET DIAGNOSTICS changed = ROW_COUNT;
    PERFORM set_config('essaim.journal_change', '', true);
    RETURN changed;
END $$;

-- The role of the web and the worker reads and adds facts, nothing else. Called at the end of this migration for every
-- role that had more, and after general grants on existing tables.
CREATE FUNCTION journal_restrict_fact_privileges(app_role text) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = app_role AND rolname <> current_user) THEN
        EXECUTE format('REVOKE ALL ON journal_fact FROM %I', app_role);
        EXECUTE format('GRANT SELECT, INSERT ON journal_fact TO %I', app_role);
    END IF;
END $$;

-- After a large import the planner must know the new facts; the role of the web and the worker cannot say it itself.
CREATE FUNCTION journal_analyse() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    ANALYZE journal_fact, journal_subject, journal_action, journal_session, directory_organisation;
END $$;

SELECT journal_restrict_fact_privileges(grantee)
FROM (
    SELECT DISTINCT grantee::text FROM information_schema.role_table_grants
    WHERE table_schema = 'public' AND table_name = 'journal_fact' AND grantee NOT IN (current_user, 'PUBLIC')
) AS grantees;
