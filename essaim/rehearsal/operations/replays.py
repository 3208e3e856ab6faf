"""`essaim replay`: a practice run through its operations, its figures beside the published ones."""

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import yaml
from django.db import transaction

from essaim.kernel.codes import drawn_codes
from essaim.kernel.errors import OperationError
from essaim.rehearsal.engine.hours import at_hour
from essaim.rehearsal.engine.scenario import Scenario, read_scenario
from essaim.rehearsal.operations.playing import Performance, play_scenario
from essaim.rehearsal.operations.world import DATA, make_world
from essaim.steering.queries import Bilan, compute_bilan

SCENARIOS = DATA / "scenarios"
DAYS_BEFORE = 30


class ReplayRefused(OperationError):  # noqa: N818 - the words of the screen
    """A practice that has no scenario."""


def find_scenario(*, slug: str) -> Scenario:
    """Return the scenario of a practice. Raises ReplayRefused when there is none."""
    for path in sorted(SCENARIOS.glob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        if data["practice"] == slug:
            return read_scenario(data)
    known = ", ".join(sorted(_slug(path) for path in SCENARIOS.glob("*.yaml")))
    raise ReplayRefused(f"Aucune répétition n’est écrite pour « {slug} ». Celles qui le sont : {known}.")


@transaction.atomic
def replay_scenario(*, scenario: Scenario, seed: int, keep: bool, now: datetime) -> tuple[Performance, Bilan]:
    """Play a scenario and compute the bilan of its two days; nothing is left behind unless ``keep``.

    The same seed gives the same people, codes included. What is played is dated by the scenario; ``now`` only marks
    the accounts made for it.
    """
    rng = Random(seed)  # noqa: S311 - invented people, no secret
    with drawn_codes(Random(f"{seed} {now.isoformat()}" if keep else seed)):  # noqa: S311
        world = make_world(
            mark=f"+{scenario.practice}-{now:%Y%m%d%H%M%S%f}",
            now=at_hour(scenario.starts - timedelta(days=DAYS_BEFORE)),
        )
        performance = play_scenario(scenario=scenario, world=world, rng=rng)
        bilan = compute_bilan(performance.action, since=scenario.starts, until=scenario.ends)
    if not keep:
        transaction.set_rollback(True)
    return performance, bilan


def _slug(path: Path) -> str:
    return path.stem.partition("-")[2]
