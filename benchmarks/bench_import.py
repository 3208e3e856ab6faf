"""How long an import takes: `python -m benchmarks.bench_import [LINES]` on the server of DATABASE_URL.

Writes a journal of invented facts, imports it into a scratch database, and prints the seconds of each part. The target
is 100,000 lines in at most 12 s on 2 cores.
"""

import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from json import dumps

from benchmarks.scratch import scratch_database

LINES = 100_000


def make_journal(lines: int, *, seed: int = 1, prefix: str = "B", practice: str) -> list[bytes]:
    """Return a journal of ``lines`` facts: profiles, entries, attendances, contracts, one line in fifty corrected."""
    rng = random.Random(seed)
    people, companies, sessions = max(1, lines // 12), 200, 50
    header = {
        "journal": "essaim/1",
        "actions": [
            {
                "ref": f"{prefix}A",
                "practice": practice,
                "title": "Banc d’essai",
                "starts": "2008-01-01",
                "ends": "2008-12-31",
                "settings": {"planned_persons": 150},
            }
        ],
        "organisations": [
            {"ref": f"{prefix}O{n}", "name": f"Société {n}", "kind": "company"} for n in range(companies)
        ],
        "sessions": [
            {"ref": f"{prefix}S{n}", "action": f"{prefix}A", "kind": "workshop", "title": f"Atelier {n}"}
            for n in range(sessions)
        ],
    }
    rows = [header]
    for n in range(lines):
        row = {
            "id": f"{prefix}F{n}",
            "at": (date(2008, 1, 1) + timedelta(days=rng.randrange(366))).isoformat(),
            "action": f"{prefix}A",
            "person": f"P{rng.randrange(people)}",
            "source": "declared",
        }
        choice = rng.random()
        if choice < 0.2:
            row |= {"kind": "profile_declared", "data": {"sex": "female", "level": 3, "birth_date": "1987-05-04"}}
        elif choice < 0.3:
            row |= {"kind": "enrolment_opened", "data": {}}
        elif choice < 0.7:
            row |= {
                "kind": "attendance_recorded",
                "session": f"{prefix}S{rng.randrange(sessions)}",
                "data": {"role": "participant", "state": "present", "hours": 3.5},
            }
        else:
            row |= {
                "kind": "contract_signed",
                "organisation": f"{prefix}O{rng.randrange(companies)}",
                "data": {"contract": f"K{n}", "type": "cdd", "term_months": 6, "starts": row["at"]},
            }
        if n % 50 == 49:
            before = rows[n]
            row |= {"kind": before["kind"], "corrects": before["id"], "data": before["data"]}
            row |= {key: before[key] for key in ("session", "organisation") if key in before}
        rows.append(row)
    return [dumps(row, ensure_ascii=False).encode() for row in rows]


def main(lines: int) -> None:
    """Import a journal of ``lines`` facts twice in a database of its own, and print what each part takes."""
    with scratch_database():
        from django.utils import timezone

        from essaim.guide.operations import load_practices
        from essaim.guide.queries import list_practices
        from essaim.journal.engine.journal import read_journals
        from essaim.journal.operations import import_journals
        from essaim.journal.queries.store import DatabaseStore

        load_practices(now=timezone.now())
        journal = make_journal(lines, practice=list_practices()[0].slug)
        with _timed("reading only"):
            read_journals([("bench", journal)], DatabaseStore())
        with _timed("import"):
            report = import_journals(files=[("bench", journal)], now=timezone.now())
        with _timed("the same file"):
            again = import_journals(files=[("bench", journal)], now=timezone.now())
        print(f"{report.imported} facts, {len(report.faults)} errors; then {again.already_known} already known")


@contextmanager
def _timed(words: str) -> Iterator[None]:
    """Print the seconds on the clock, and those of this process: the machine may be shared."""
    wall, own = time.perf_counter(), time.process_time()
    yield
    print(
        f"{words:18} {time.perf_counter() - wall:6.2f} s, of which {time.process_time() - own:5.2f} s of this process"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else LINES)
