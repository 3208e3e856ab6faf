"""From the lines of a journal written elsewhere to the bilan, through the import and the practice files."""

import json
import random
from datetime import UTC, datetime

import pytest

from essaim.guide.operations import load_practices
from essaim.guide.queries import list_practices
from essaim.journal.operations.imports import import_journals
from essaim.steering.queries import compute_bilan, get_action
from tests.steering.test_bilan_against_reference import close, kinds_named
from tests.support.random_journals import random_journal
from tests.support.reference_bilan import ReferenceBilan

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_imported_journals_of_the_27_practices_equal_the_reference():
    load_practices(now=NOW)
    practices = list_practices()
    assert len(practices) == 27
    for number, practice in enumerate(practices):
        indicators = practice.definition["indicators"]
        kinds = sorted({*kinds_named(indicators), "profile_declared", "contract_ended", "enrolment_closed"})
        settings = {key: value["default"] for key, value in practice.definition.get("settings", {}).items()}
        settings = {key: value for key, value in settings.items() if isinstance(value, int | float | str | bool)}
        header, facts = random_journal(random.Random(number), kinds, 120, settings)
        header, facts = _renamed(header, facts, f"N{number}.", practice.slug)
        lines = [json.dumps(row).encode() + b"\n" for row in [header, *facts]]
        report = import_journals(files=[("journal.jsonl", lines)], now=NOW)
        assert not report.faults, (practice.slug, report.faults[:3])
        for ref in (f"N{number}.A1", f"N{number}.A2"):
            expected = ReferenceBilan(header, facts, ref, indicators).rows()
            for row in compute_bilan(get_action(ref)).rows:
                assert close(row.value, expected[row.id][0]), (practice.slug, row.id, row.value, expected[row.id])


def _renamed(header, facts, prefix, practice):
    """References live in one space: give each journal its own, also those that a definition never names."""
    for row in header["actions"]:
        row.update(ref=prefix + row["ref"], practice=practice)
    for row in header["organisations"] + header["sessions"]:
        row["ref"] = prefix + row["ref"]
    for row in header["sessions"]:
        row["action"] = prefix + row["action"]
    for fact in facts:
        for key in ("id", "action", "organisation", "session", "corrects"):
            if key in fact:
                fact[key] = prefix + fact[key]
    return header, facts
