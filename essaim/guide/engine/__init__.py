"""Practice files: what they may hold, how they are read, what is wrong in them."""

from essaim.guide.engine.launching import (
    Missing,
    MissingGroup,
    Offered,
    can_launch,
    find_misfits,
    group_missing,
    missing_for_launch,
)
from essaim.guide.engine.practice import alert_in_words, parse_practice, practice_from_definition, rule_in_words
from essaim.guide.engine.schema import CHECKS, THEMES, EligibilityRule, PracticeFile, PracticeIndicator, Step
from essaim.guide.engine.settings import (
    check_value,
    defaults_of,
    resolve,
    sizing_settings,
    value_at_launch,
    values_at_launch,
)
from essaim.guide.engine.source import Fault
from essaim.guide.engine.words import figure_in_words, quantity_in_words, setting_in_words, typographic

__all__ = [
    "CHECKS",
    "THEMES",
    "EligibilityRule",
    "Fault",
    "Missing",
    "MissingGroup",
    "Offered",
    "PracticeFile",
    "PracticeIndicator",
    "Step",
    "alert_in_words",
    "can_launch",
    "check_value",
    "defaults_of",
    "figure_in_words",
    "find_misfits",
    "group_missing",
    "missing_for_launch",
    "parse_practice",
    "practice_from_definition",
    "quantity_in_words",
    "resolve",
    "rule_in_words",
    "setting_in_words",
    "sizing_settings",
    "typographic",
    "value_at_launch",
    "values_at_launch",
]
