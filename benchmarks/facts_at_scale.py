"""A national journal in a scratch database: actions of very unequal sizes, their facts interleaved as life writes them.

Sizes follow the measured skew: median 3,100 facts, 95th percentile 15,700, largest 104,000.
"""

import json
import math
import random
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import NormalDist

from django.db import connection

MEDIAN, LARGEST, SIGMA = 3_100, 104_000, 0.986
FACTS_PER_PERSON, SESSIONS, ORGANISATIONS = 15, 20, 5_000
DAYS = [(date(2023, 1, 1) + timedelta(days=n)).isoformat() for n in range(365)]
COLUMNS = (
    "ref, action_id, kind, at, at_text, day, source, subject_id, organisation_id, session_id, cohort, event, data,"
    " live, superseded_at, recorded_at"
)
WEIGHTS = {
    "attendance_recorded": 22, "application_moved": 16, "interview_held": 12, "profile_declared": 7,
    "contact_made": 6, "hours_worked": 6, "enrolment_opened": 6, "contract_signed": 5, "enrolment_closed": 4,
    "situation_observed": 3, "contract_ended": 2, "decision_made": 2, "measure_used": 2, "prescription_made": 2,
    "training_joined": 1, "assessment_recorded": 1, "org_contacted": 1, "offer_recorded": 1,
}  # fmt: skip
OTHER_WEIGHT = 0.5
TEMPLATES_PER_KIND = 200
SUPERSEDED = 0.02
PERSON, SESSION, ORGANISATION = 1, 2, 4


@dataclass(frozen=True)
class Planned:
    """One action: its id, its number of facts, its people and its sessions."""

    id: int
    facts: int

    @property
    def people(self):
        return max(5, self.facts // FACTS_PER_PERSON)


def plan_actions(facts):
    """The actions whose facts make about ``facts`` in all, the largest first."""
    count = max(20, round(facts / (MEDIAN * math.exp(SIGMA**2 / 2))))
    normal = NormalDist(math.log(MEDIAN), SIGMA)
    sizes = sorted((round(math.exp(normal.inv_cdf((n + 0.5) / count))) for n in range(count)), reverse=True)
    return [Planned(rank + 1, size) for rank, size in enumerate([LARGEST, *sizes[1:]])]


class Writer:
    """Writes actions and their facts by COPY; the same seed writes the same journal."""

    def __init__(self, schema, definition, settings):
        self.rng = random.Random(1)
        self.kinds = {key: _maker(self.rng, kind) for key, kind in schema.kinds.items()}
        self.written = 0
        self.definition, self.settings = json.dumps(definition), json.dumps(settings)
        with connection.cursor() as cursor:
            cursor.execute(_PRACTICE, [self.definition])
            self.practice = cursor.fetchone()[0]
            cursor.execute(_ORGANISATIONS, [ORGANISATIONS])

    def write(self, actions):
        """Write these actions with all their facts, without indexes, then put the indexes back and analyse."""
        with connection.cursor() as cursor:
            first_subjects = self._declare(cursor, actions)
            indexes = _drop_indexes(cursor)
            with cursor.copy(f"COPY journal_fact ({COLUMNS}) FROM STDIN") as copy:
                for lines in self._lines(actions, first_subjects):
                    copy.write(lines)
            for index in indexes:
                cursor.execute(index)
            cursor.execute("VACUUM (ANALYZE) journal_fact")
            cursor.execute("ANALYZE")

    def _declare(self, cursor, actions):
        first_subjects = {}
        cursor.execute("SELECT coalesce(max(id), 0) + 1 FROM journal_subject")
        next_subject = cursor.fetchone()[0]
        with cursor.copy(_ACTIONS) as copy:
            for one in actions:
                copy.write_row(
                    (one.id, f"A{one.id}", True, self.practice, self.definition, f"Action {one.id}", "2023-01-01",
                     "2023-12-31", self.settings, "open", "2024-01-01", 1)
                )  # fmt: skip
        with cursor.copy("COPY journal_session (id, ref, action_id, kind, title, module, starts) FROM STDIN") as copy:
            kinds = ["workshop", "forum", "committee", "module", "job_dating"]
            for one in actions:
                for n in range(SESSIONS):
                    id = one.id * SESSIONS + n
                    copy.write_row((id, f"R{id}", one.id, kinds[n % 5], "Séance", f"M{n % 3}", ""))
        with cursor.copy("COPY journal_subject (id, ref, action_id) FROM STDIN") as copy:
            for one in actions:
                first_subjects[one.id] = next_subject
                for n in range(one.people):
                    copy.write_row((next_subject + n, f"P{n}", one.id))
                next_subject += one.people
        return first_subjects

    def _lines(self, actions, first_subjects):
        draw, kinds = self.rng.random, list(self.kinds)
        weights = [WEIGHTS.get(kind, OTHER_WEIGHT) for kind in kinds]
        left = sum(one.facts for one in actions)
        while left > 0:
            size = min(left, 20_000)
            left -= size
            lines = []
            chosen = self.rng.choices(actions, weights=[one.facts for one in actions], k=size)
            for one, kind in zip(chosen, self.rng.choices(kinds, weights=weights, k=size), strict=True):
                flags, templates = self.kinds[kind]
                n, day = int(draw() * one.people), DAYS[int(draw() * 365)]
                subject = first_subjects[one.id] + n if flags & PERSON else r"\N"
                organisation = 1 + int(draw() * ORGANISATIONS) if flags & ORGANISATION else r"\N"
                session = one.id * SESSIONS + int(draw() * SESSIONS) if flags & SESSION else r"\N"
                data = templates[int(draw() * TEMPLATES_PER_KIND)] % {"n": n, "m": n % 300}
                live = "f" if draw() < SUPERSEDED else "t"
                lines.append(
                    f"B{self.written}\t{one.id}\t{kind}\t{day} 00:00+01\t{day}\t{day}\tdeclared\t{subject}\t"
                    f"{organisation}\t{session}\tC{n % 3}\tE{n % 7}\t{data}\t{live}\t\\N\t2024-01-01 00:00+01\n"
                )
                self.written += 1
            yield "".join(lines)


def _maker(rng, kind):
    needs = {*kind.needs, *kind.needs_one_of}
    flags = (PERSON if "person" in needs else 0) | (SESSION if "session" in needs else 0)
    if "organisation" in kind.needs or "contract" in kind.fields:
        flags |= ORGANISATION
    return flags, [_template(rng, kind) for _ in range(TEMPLATES_PER_KIND)]


def _template(rng, kind):
    fields = [field for field in kind.fields.values() if field.name in kind.required or rng.random() < 0.5]
    data = {field.name: _value(rng, field) for field in fields}
    if "term_months" in kind.fields:
        data["term_months"] = rng.choice([1, 3, 6, 12])
    if data.get("ends", "9") < data.get("starts", "0"):
        data["starts"], data["ends"] = data["ends"], data["starts"]
    return json.dumps(data)


def _value(rng, field):
    match field.type:
        case "enum":
            return rng.choice(sorted(field.values))
        case "enum_list":
            return sorted(rng.sample(sorted(field.values), 2))
        case "boolean":
            return rng.random() < 0.5
        case "date":
            old = field.name in ("birth_date", "licence_since")
            return f"19{rng.randrange(60, 99)}-05-17" if old else rng.choice(DAYS)
        case "integer" | "number" | "money":
            return rng.randrange(2022, 2025) if field.name == "year" else rng.randrange(1, 9)
        case "ref":
            return f"{field.name}.%({'m' if field.name in ('offer', 'batch', 'market') else 'n'})d"
    return f"texte {rng.randrange(10)}"


def _drop_indexes(cursor):
    """Drop the foreign keys and the indexes of the facts; returns what makes the indexes again."""
    cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = 'journal_fact'::regclass AND contype = 'f'")
    for (name,) in cursor.fetchall():
        cursor.execute(f'ALTER TABLE journal_fact DROP CONSTRAINT "{name}"')
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'journal_fact' AND indexname NOT IN"
        " (SELECT conname FROM pg_constraint WHERE conrelid = 'journal_fact'::regclass)"
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _, definition in found]


_PRACTICE = """
    INSERT INTO guide_practice (slug, version, position, title, theme, digest, definition, is_current, loaded_at)
    VALUES ('banc', 1, 1, 'Banc', 'banc', '', %s, true, now()) RETURNING id
"""
_ORGANISATIONS = """
    INSERT INTO directory_organisation (id, ref, origin, name, kind, siret, sector, zones, address, phone, email,
        created_at, version)
    SELECT n, 'O' || n, 'journal', 'Organisation ' || n,
        (ARRAY['company', 'company', 'association', 'mission_locale'])[1 + mod(n, 4)], '', '',
        CASE WHEN mod(n, 3) = 0 THEN ARRAY['qpv'] ELSE ARRAY[]::varchar[] END, '', '', '', now(), 1
    FROM generate_series(1, %s) n
"""
_ACTIONS = (
    "COPY journal_action (id, ref, is_imported, practice_id, definition, title, starts, ends, settings, state,"
    " created_at, version) FROM STDIN"
)
