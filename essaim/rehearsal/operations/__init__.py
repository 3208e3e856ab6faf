"""Rehearsals: the demonstration and the replays of the practices."""

from essaim.rehearsal.operations.demonstration import (
    SCALES,
    Demonstration,
    demonstration_accounts,
    demonstration_scenario,
    seed_demonstration,
)
from essaim.rehearsal.operations.playing import Performance, play_scenario
from essaim.rehearsal.operations.replays import ReplayRefused, find_scenario, replay_scenario

__all__ = [
    "SCALES",
    "Demonstration",
    "Performance",
    "ReplayRefused",
    "demonstration_accounts",
    "demonstration_scenario",
    "find_scenario",
    "play_scenario",
    "replay_scenario",
    "seed_demonstration",
]
