-- What merging two files, undoing it, and erasing an identity may change in the journal, and nothing else.
CREATE OR REPLACE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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
        -- Given to another pseudonym of the same person, or given back: then the digest of before is true again.
        IF change IN ('reassign', 'return')
           AND before - ARRAY['subject_id', 'content_digest'] = after - ARRAY['subject_id', 'content_digest']
           AND OLD.subject_id <> NEW.subject_id AND (change = 'return' OR NEW.content_digest IS NULL) THEN
            RETURN NEW;
        END IF;
        -- Fields go, or the birth date becomes another day of the same year.
        IF change = 'blank'
           AND before - ARRAY['data', 'content_digest'] = after - ARRAY['data', 'content_digest']
           AND OLD.data <> NEW.data AND OLD.data @> (NEW.data - 'birth_date') AND NEW.content_digest IS NULL
           AND (NOT NEW.data ? 'birth_date'
                OR (OLD.data ? 'birth_date'
                    AND left(NEW.data ->> 'birth_date', 4) = left(OLD.data ->> 'birth_date', 4))) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'journal: facts are only added, never changed or removed'
        USING ERRCODE = 'restrict_violation', HINT = 'Record a correction or a void.';
END $$;

-- Two files were the same person: her facts in one action follow her. Only once one file is merged into the other;
-- which facts, and their digests, are kept so that they can return.
CREATE OR REPLACE FUNCTION journal_reassign_subject(from_subject bigint, to_subject bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    changed bigint;
BEGIN
    IF NOT EXISTS (
        SELECT FROM journal_subject a JOIN journal_subject b ON a.action_id IS NOT DISTINCT FROM b.action_id
        JOIN people_person absorbed ON absorbed.id = a.person_id AND absorbed.merged_into_id = b.person_id
        LEFT JOIN journal_action ON journal_action.id = a.action_id
        WHERE a.id = from_subject AND b.id = to_subject AND a.id <> b.id
          AND NOT coalesce(journal_action.is_imported, false)
    ) THEN
        RAISE EXCEPTION 'journal: not two people of one action of this instance, one merged into the other'
            USING ERRCODE = 'restrict_violation';
    END IF;
    INSERT INTO journal_subjectmerge (from_subject_id, to_subject_id, facts, merged_at)
    SELECT from_subject, to_subject, coalesce(jsonb_object_agg(id, content_digest), '{}'), now()
    FROM journal_fact WHERE subject_id = from_subject;
    PERFORM set_config('essaim.journal_change', 'reassign', true);
    UPDATE journal_fact SET subject_id = to_subject, content_digest = NULL WHERE subject_id = from_subject;
    GET DIAGNOSTICS changed = ROW_COUNT;
    PERFORM set_config('essaim.journal_change', '', true);
    RETURN changed;
END $$;

-- The two files were two people after all: the facts that had moved return, with what corrected them since, and the
-- facts of `later`, recorded since about what returns. Only once the file is no longer merged.
CREATE FUNCTION journal_return_facts(merge_id bigint, later bigint[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    merge journal_subjectmerge;
    last_moved bigint;
    changed bigint;
BEGIN
    SELECT m.* INTO merge FROM journal_subjectmerge m
    JOIN journal_subject a ON a.id = m.from_subject_id JOIN journal_subject b ON b.id = m.to_subject_id
    JOIN people_person absorbed ON absorbed.id = a.person_id AND absorbed.merged_into_id IS NULL
    WHERE m.id = merge_id AND m.undone_at IS NULL AND b.person_id IS NOT NULL
    FOR UPDATE OF m;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'journal: no merge to undo' USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT coalesce(max(key::bigint), 0) INTO last_moved FROM jsonb_object_keys(merge.facts) AS key;
    PERFORM set_config('essaim.journal_change', 'return', true);
    WITH RECURSIVE moved AS (
        SELECT id FROM journal_fact
        WHERE subject_id = merge.to_subject_id
          AND (merge.facts ? id::text OR (id = ANY (later) AND id > last_moved))
        UNION
        SELECT fact.id FROM journal_fact fact JOIN moved ON fact.corrects_id = moved.id
        WHERE fact.subject_id = merge.to_subject_id
    )
    UPDATE journal_fact fact
    SET subject_id = merge.from_subject_id, content_digest = (merge.facts ->> fact.id::text)::uuid
    FROM moved WHERE fact.id = moved.id;
    GET DIAGNOSTICS changed = ROW_COUNT;
    PERFORM set_config('essaim.journal_change', '', true);
    UPDATE journal_subjectmerge SET undone_at = now() WHERE id = merge_id;
    RETURN changed;
END $$;

-- Erasure: some fields of what a profile says of a person go, the others stay as they are: no other kind of fact holds
-- her identity, and every figure rests on them. `born`, when given, takes the place of the birth date: another day of
-- the same year, at which she had the same age on every day that counts. The digest goes too: it could confirm a guess.
DROP FUNCTION journal_blank_fact(bigint, text[]);
CREATE FUNCTION journal_blank_fact(fact_id bigint, fields text[], born date DEFAULT NULL) RETURNS bigint
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
    UPDATE journal_fact fact SET data = wanted.data, content_digest = NULL
    FROM (
        SELECT id, CASE WHEN born IS NOT NULL AND data ? 'birth_date'
                        THEN jsonb_set(data - fields, '{birth_date}', to_jsonb(born::text))
                        ELSE data - fields END AS data
        FROM journal_fact WHERE id = fact_id
    ) AS wanted
    WHERE fact.id = wanted.id AND fact.data <> wanted.data;
    GET DIAGNOSTICS changed = ROW_COUNT;
    PERFORM set_config('essaim.journal_change', '', true);
    RETURN changed;
END $$;

-- Only the two functions write whose facts moved.
CREATE OR REPLACE FUNCTION journal_restrict_fact_privileges(app_role text) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = app_role AND rolname <> current_user) THEN
        EXECUTE format('REVOKE ALL ON journal_fact, journal_subjectmerge FROM %I', app_role);
        EXECUTE format('GRANT SELECT, INSERT ON journal_fact TO %I', app_role);
        EXECUTE format('GRANT SELECT ON journal_subjectmerge TO %I', app_role);
    END IF;
END $$;

SELECT journal_restrict_fact_privileges(grantee)
FROM (
    SELECT DISTINCT grantee::text FROM information_schema.role_table_grants
    WHERE table_schema = 'public' AND table_name = 'journal_fact' AND grantee NOT IN (current_user, 'PUBLIC')
) AS grantees;
