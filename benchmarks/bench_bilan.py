"""Bilans at scale: 1 million facts, or 10 with SCALE=full. Prints figures and ratios of one run, medians of several.

Fails when a bilan reads more than it should, or when its numbers are not those of the reference.
"""

import json
import os
import time
from fractions import Fraction
from statistics import median

from benchmarks.scratch import scratch_database

FACTS = {"full": 10_000_000}.get(os.environ.get("SCALE", ""), 1_000_000)
READS_AT_MOST = 20


def main():
    """Run the benchmark and return the exit code."""
    with scratch_database():
        return Bench().run()


def timed(function, runs):
    """Median of the seconds of several runs, the first (cold) one left out."""
    seconds = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - start)
    return median(seconds[1:])


class Bench:
    """One run: a probe action alone, then among all the others."""

    def __init__(self):
        from benchmarks.facts_at_scale import MEDIAN, Planned, Writer, plan_actions
        from essaim.guide.engine.library import read_library
        from essaim.guide.queries import practice_texts
        from essaim.journal.engine.schema import load_schema

        self.practices = read_library(practice_texts())[0]
        self.actions = plan_actions(FACTS)
        self.probe = Planned(len(self.actions) + 1, MEDIAN)
        self.writer = Writer(load_schema(), _definition(self.practices[0]), _settings(self.practices[0]))
        self.faults = []

    def run(self):
        """Measure and print; 1 when something that must hold does not."""
        self.writer.write([self.probe])
        alone = self._all_practices(self.probe, 7)
        start = time.perf_counter()
        self.writer.write(self.actions)
        print(f"{self.writer.written:,} facts, {len(self.actions) + 1} actions ({time.perf_counter() - start:.0f} s)\n")
        among = self._all_practices(self.probe, 7)
        self._print_sizes()
        ratios = [among[slug] / alone[slug] for slug in among]
        print(f"other actions' facts present / absent    × {median(ratios):.2f}   (target < 1.5)")
        self._print_orm()
        self._check_plans()
        self._check_numbers()
        self._print_network()
        self._print_writes()
        for fault in self.faults:
            print(f"FAULT: {fault}")
        return 1 if self.faults else 0

    def _action(self, planned, practice):
        from essaim.journal.models import Action

        action = Action.objects.select_related("practice").get(pk=planned.id)
        action.definition, action.settings = _definition(practice), _settings(practice)
        return action

    def _all_practices(self, planned, runs):
        from essaim.steering.queries import compute_bilan

        found = {}
        for practice in self.practices:
            action = self._action(planned, practice)
            found[practice.slug] = timed(lambda action=action: compute_bilan(action), runs) * 1000
        return found

    def _print_sizes(self):
        ranks = {"median": len(self.actions) // 2, "p95": len(self.actions) // 20, "largest": 0}
        targets = {"median": "target ≤ 15", "p95": "", "largest": "target ≤ 400"}
        print(f"one bilan, ms over the {len(self.practices)} sets:   median     worst")
        for name, rank in ranks.items():
            planned = self.actions[rank]
            found = self._all_practices(planned, 3 if name == "largest" else 7)
            worst = max(found, key=found.get)
            print(
                f"  {name:<8}{planned.facts:>8,} facts {median(found.values()):>14.1f} {found[worst]:>9.1f}"
                f"   {targets[name]}   (worst: {worst})"
            )

    def _print_orm(self):
        from benchmarks.orm_bilan import NotPlainError, measure
        from essaim.kernel.engine.indicators import measured_in, parse_indicators
        from essaim.steering.queries import compute_bilan

        planned = self.actions[len(self.actions) // 2]
        ratios, shares = [], []
        for practice in self.practices:
            action = self._action(planned, practice)
            parsed = parse_indicators(_definition(practice)["indicators"])
            plain, every = [], 0
            for measured in (found for one in parsed for found in measured_in(one.formula)):
                every += 1
                try:
                    measure(measured, action)
                    plain.append(measured)
                except NotPlainError:
                    continue
            shares.append(len(plain) / every)
            orm = timed(lambda action=action, plain=plain: [measure(one, action) for one in plain], 3)
            ratios.append(orm / timed(lambda action=action: compute_bilan(action), 7))
        print(
            f"one ORM query an indicator / one bilan   × {median(ratios):.1f}   (target ≥ 10; best {max(ratios):.0f},"
            f" worst {min(ratios):.1f}; the ORM does {100 * median(shares):.0f} % of the figures)"
        )

    def _check_plans(self):
        from tests.support.plans import executed_plan, rows_moved, rows_read

        most = 0.0
        for planned in (self.actions[len(self.actions) // 2], self.actions[0]):
            for practice in self.practices:
                nodes = executed_plan(self._action(planned, practice))
                read = rows_read(nodes) / planned.facts
                most = max(most, read)
                if rows_moved(nodes) > READS_AT_MOST * planned.facts:
                    self.faults.append(f"{practice.slug}: {read:.1f} rows read a fact on {planned.facts} facts")
        print(f"rows read × loops, a fact of the action  × {most:.1f}   (target ≤ {READS_AT_MOST})")

    def _check_numbers(self):
        from essaim.journal.models import Action
        from essaim.journal.queries.export import export_lines
        from essaim.steering.queries import compute_bilan
        from tests.support.reference_bilan import ReferenceBilan

        smallest = self.actions[-1]
        lines = list(export_lines(Action.objects.filter(pk=smallest.id)))
        header, *facts = map(json.loads, lines)
        superseded = set(Action.objects.get(pk=smallest.id).facts.filter(live=False).values_list("ref", flat=True))
        facts = [fact for fact in facts if fact["id"] not in superseded]
        for practice in self.practices:
            header["actions"][0]["settings"] = _settings(practice)
            bilan = compute_bilan(self._action(smallest, practice))
            wanted = ReferenceBilan(header, facts, f"A{smallest.id}", _definition(practice)["indicators"]).rows()
            for row in bilan.rows:
                if not _close(row.value, wanted[row.id][0]):
                    self.faults.append(f"{practice.slug} {row.id}: {row.value} instead of {wanted[row.id][0]}")
        print(f"numbers equal to the reference           {len(self.practices)} sets on {len(facts):,} facts")

    def _print_network(self):
        from essaim.journal.models import Action
        from essaim.steering.queries import compute_bilans

        actions = list(Action.objects.select_related("practice"))
        start = time.perf_counter()
        compute_bilans(actions)
        seconds = time.perf_counter() - start
        print(f"network of {len(actions):,} actions, one question   {seconds:.1f} s   (target ≤ 20 at full scale)")

    def _print_writes(self):
        from django.db import connection

        def write():
            with connection.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute(_WRITE)
                cursor.execute("ROLLBACK")

        with_index = timed(write, 5)
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX fact_bilan")
        print(f"writing a fact, with / without the index × {with_index / timed(write, 5):.2f}   (target ≤ 1.5)")


def _definition(practice):
    rows = [{"id": one.id, "formula": one.formula, "realised": one.realised} for one in practice.indicators]
    return {"indicators": rows}


def _settings(practice):
    return {key: setting.default for key, setting in practice.settings.items()}


def _close(got, wanted):
    if got is None or wanted is None:
        return got is wanted
    return abs(Fraction(got) - wanted) <= Fraction(1, 10**9) * max(1, abs(wanted))


_WRITE = """
    INSERT INTO journal_fact (ref, action_id, kind, at, at_text, day, source, subject_id, organisation_id, session_id,
        cohort, event, data, live, recorded_at)
    SELECT 'W' || ref, action_id, kind, at, at_text, day, source, subject_id, organisation_id, session_id,
        cohort, event, data, true, now()
    FROM journal_fact WHERE id % 37 = 0 ORDER BY md5(ref) LIMIT 10000
"""

if __name__ == "__main__":
    raise SystemExit(main())
