"""Every practice that has a scenario, played at 5 % through the operations of the screens."""

import re
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random
from unittest.mock import patch

import pytest
from django.db import transaction
from django.utils import timezone

import essaim
from essaim.guide.engine.settings import check_value
from essaim.guide.operations import load_practices
from essaim.guide.queries import get_practice, practice_file
from essaim.journal.models import Action
from essaim.journal.operations import facts as writing
from essaim.journeys.queries import practice_of
from essaim.kernel.codes import drawn_codes
from essaim.kernel.errors import OperationError
from essaim.kernel.instruments import all_instruments, all_step_kinds
from essaim.rehearsal.engine.hours import at_hour
from essaim.rehearsal.operations import find_scenario, play_scenario, replay_scenario
from essaim.rehearsal.operations.replays import SCENARIOS
from essaim.rehearsal.operations.world import make_world
from essaim.steering.queries import compute_bilan
from tests.support.outcomes import outcome_of

pytestmark = pytest.mark.django_db
SLUGS = [path.stem.partition("-")[2] for path in sorted(SCENARIOS.glob("*.yaml"))]
SCALE, TINY = 0.05, 0.02
PLACEHOLDERS, REFERENCES = re.compile(r"\{([a-z_]+)\}"), re.compile(r"\{'setting': '([a-z_]+)'\}")
# Declared for what only happens when someone changes her mind: each is covered by the tests of its own operation.
NEVER_REHEARSED: frozenset[tuple[str, str]] = frozenset()


def play(scenario, seed=1):
    with drawn_codes(Random(seed)):
        world = make_world(mark="+essai", now=at_hour(scenario.starts))
        performance = play_scenario(scenario=scenario, world=world, rng=Random(seed))
    rows = compute_bilan(performance.action, since=scenario.starts, until=scenario.ends).rows
    return performance, {row.id: row for row in rows}


def small(slug, scale=SCALE):
    load_practices(now=timezone.now())
    return find_scenario(slug=slug).scaled(scale)


def short(slug):
    """A few people over nine months: enough for every fate."""
    scenario = small(slug, TINY)
    return replace(scenario, ends=min(scenario.ends, scenario.starts + timedelta(days=270)))


def count_of(scenario, *fates):
    return sum(fate.count for fate in scenario.fates if fate.key in fates)


def total_of(scenario, step):
    return next(planned.total for planned in scenario.plan if planned.step == step)


@contextmanager
def noted_pairs():
    """The (emitter, kind of fact) of everything recorded inside."""
    recorded = set()
    refuse = writing._refuse_undeclared

    def note(kind, emitter):
        recorded.add((emitter, kind))
        refuse(kind, emitter)

    with patch.object(writing, "_refuse_undeclared", note):
        yield recorded


def test_the_counts_of_the_club_come_back_in_its_bilan_and_each_step_records_what_it_declares():
    scenario = small("marseille-clubs-jeunes")
    with noted_pairs() as recorded:
        performance, rows = play(scenario)
    lasting = count_of(scenario, "lasting", "long")
    assert rows["accompanied"].value == scenario.entered
    assert rows["low_level_rate"].numerator == scenario.low_level
    assert rows["women"].numerator == scenario.women
    assert rows["durable"].value == lasting
    assert rows["durable_rate"].value == pytest.approx(100 * lasting / scenario.entered)
    assert rows["short_cdd"].value == count_of(scenario, "short")
    assert rows["training"].value == count_of(scenario, "training")
    assert rows["interviews"].value == total_of(scenario, "applications")
    assert rows["measures"].value == total_of(scenario, "measures")
    assert rows["planned"].value == 150
    assert rows["planned.realised"].value == scenario.entered
    assert (rows["budget"].value, rows["unit_cost"].value) == (90_000, 600)
    assert rows["measures"].check == "ambiguous" and rows["measures"].published == 114
    used = {step.kind for step in practice_of(performance.action).steps}
    declared = {(key, fact) for key in used for fact in all_step_kinds()[key].emits}
    assert {pair for pair in recorded if "." in pair[0]} == declared - NEVER_REHEARSED


def test_one_contract_less_moves_the_figure_and_another_seed_gives_other_people():
    scenario = short("marseille-clubs-jeunes")
    fewer = {"lasting": -1, "inside": 1}
    changed = replace(
        scenario,
        fates=tuple(replace(fate, count=fate.count + fewer.get(fate.key, 0)) for fate in scenario.fates),
    )
    (first, rows), (_, less), (other, again) = undone(scenario), undone(changed), undone(scenario, seed=2)
    assert less["durable"].value == rows["durable"].value - 1
    assert less["accompanied"].value == rows["accompanied"].value
    assert {person.full_name for person in first.people} != {person.full_name for person in other.people}
    assert {key: row.value for key, row in again.items()} == {key: row.value for key, row in rows.items()}


def undone(scenario, seed=1):
    """Play in a transaction of its own, rolled back: the next one has the same accounts and codes."""
    with transaction.atomic():
        try:
            return play(scenario, seed)
        finally:
            transaction.set_rollback(True)


def test_nothing_is_left_of_a_replay_unless_it_is_kept():
    scenario = short("marseille-clubs-jeunes")
    before = Action.objects.count()
    replay_scenario(scenario=scenario, seed=1, keep=False, now=timezone.now())
    assert Action.objects.count() == before


def test_every_step_kind_of_the_practices_can_be_rehearsed():
    rehearsed = {key for instrument in all_instruments().values() for key in instrument.rehearse}
    assert rehearsed <= set(all_step_kinds())
    for slug in SLUGS:
        steps = {planned.step for planned in find_scenario(slug=slug).plan}
        kinds = {step.kind for step in current_practice(slug).steps if step.key in steps}
        assert kinds <= rehearsed


def current_practice(slug):
    load_practices(now=timezone.now())
    return practice_file(get_practice(slug))


def other_values(setting, value):
    """Other values that the setting accepts: the next one, then the furthest ones."""
    match setting.type:
        case "bool":
            return [not value]
        case "choice":
            return [choice for choice in setting.choices if choice != value]
        case "list":
            choices = list(setting.choices)
            found = [value[1:], [one for one in choices if one not in value] or value[:-1], choices]
        case _:
            step = 3 if setting.type == "duration" else 1
            found = [value + step, value - step, setting.min, setting.max]
    return [one for one in found if one not in (value, None) and check_value(setting, one) is None]


def outcome_with(scenario, settings):
    changed = replace(scenario, settings={**scenario.settings, **settings})
    with transaction.atomic():
        try:
            performance, _ = play(changed)
            return outcome_of(performance.action, performance.stage.counsellors[-1], scenario.ends)
        except OperationError as refusal:
            return {"refused": [str(refusal)]}
        finally:
            transaction.set_rollback(True)


@pytest.mark.drill
def test_changing_a_setting_changes_something_or_the_practice_says_that_it_is_a_text():
    idle = {}
    for slug in SLUGS:
        scenario = short(slug)
        usual = outcome_with(scenario, {})
        assert "refused" not in usual, usual
        for key, setting in current_practice(slug).settings.items():
            values = other_values(setting, scenario.settings.get(key, setting.default))
            is_idle = all(outcome_with(scenario, {key: value}) == usual for value in values)
            if is_idle != bool(setting.only_text):
                idle[f"{slug}.{key}"] = "ne change rien" if is_idle else "n’est pas qu’un texte"
    assert idle == {}


def test_every_setting_of_the_practices_has_a_reader():
    """A step, an alert, a rule of entry, an indicator or a document refers to it, and the instrument's code to the
    setting of its kind that it fills; the drill changes each of them for real.
    """
    unread = {}
    for slug in SLUGS:
        practice = current_practice(slug)
        for key in readers_missing(practice):
            unread[f"{slug}.{key}"] = "aucun lecteur"
    assert unread == {}


def readers_missing(practice):
    read = set(PLACEHOLDERS.findall(str(practice.definition["tools"])))
    for part in (*practice.steps, *practice.alerts, *practice.tools):
        for inner, value in part.settings.items():
            if isinstance(value, dict) and "setting" in value and reads(part.kind.partition(".")[0], inner):
                read.add(value["setting"])
    rest = str(practice.definition.get("eligibility")) + str(practice.definition["indicators"])
    read |= set(REFERENCES.findall(rest))
    read |= {key for key, setting in practice.settings.items() if setting.at_launch}
    return [key for key, setting in practice.settings.items() if (key in read) == bool(setting.only_text)]


@cache
def code_of(app):
    paths = (Path(essaim.__file__).parent / app).rglob("*.py")
    return "\n".join(path.read_text() for path in paths if path.name != "instrument.py")


def reads(app, setting):
    return f'"{setting}"' in code_of(app)
