"""The 27 files: all read and complete, nothing drifts from the guide's figures, the first holds every rule."""

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest

from essaim.guide.engine.library import read_library
from essaim.guide.queries import practice_texts
from essaim.kernel.engine.conditions import evaluate

EXPECTED = json.loads((Path(__file__).parent / "expected_indicators.json").read_text(encoding="utf-8"))
PRACTICES, FAULTS = read_library(practice_texts())
BY_SLUG = {practice.slug: practice for practice in PRACTICES}
GIVEN = (
    *("label", "published", "unit", "kind", "check", "definition", "computable", "formula"),
    *("approx", "recomputed", "derived_from", "note", "realised"),
)
COMPLETE = BY_SLUG["marseille-clubs-jeunes"]

# The rules of the guide for the complete fiche, with what Essaim proposes where the guide gives no number.
RULES = {
    "planned_persons": 150,
    "budget_year": 2009,
    "age_max": 29,
    "residence_zone": "qpv",
    "level_max": 3,
    "prescriber_kinds": ["employment_service", "mission_locale", "social_service"],
    "interview_validates": ["project", "motivation"],
    "commitment_signed": True,
    "training_weeks": 1,
    "training_first": True,
    "training_contents": ["know_oneself", "introduce_oneself", "target", "cv", "letter", "phone"],
    "half_days_min": 2,
    "half_days_max": 3,
    "personal_work": ["offers", "letters", "calls", "meetings"],
    "presence_days": 5,
    "interview_every_first": 7,
    "interview_first_period": 30,
    "goals_set": True,
    "goals_checked": True,
    "duration_months": 3,
    "renewals_max": 1,
    "club_size_min": 15,
    "club_size_max": 20,
    "group_size_min": 10,
    "group_size_max": 12,
    "clubs": 3,
    "entry_mode": "small_groups",
    "entry_on_free_place": True,
    "premises": "agency_near_districts",
    "workspace_equipment": ["phone", "computer"],
    "facilitator_contacts": ["email", "mobile"],
    "support_before_interview": True,
    "support_after_hiring": True,
    "employer_travel_minutes": 60,
    "employer_recurring_needs": True,
    "employer_diversity_charter": True,
    "side_activities": ["climbing", "tree_climbing"],
    "attends_forums": True,
}
PROPOSED = {
    "interview_every_later": 14,
    "places": 18,
    "prescriber_return_days": 8,
    "silence_days": 14,
    "profiles_sheet_every": 30,
    "followup_months": [1, 3, 6],
}


def digest(value) -> str:
    return sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def settings_read_by(practice) -> set[str]:
    formulas = json.dumps([[item.formula, item.realised] for item in practice.indicators])
    return set(re.findall(r'"setting": "([a-z_]+)"', formulas))


def test_every_file_is_read_without_fault():
    assert FAULTS == []
    assert [practice.number for practice in PRACTICES] == list(range(1, 28))
    assert [practice.slug for practice in PRACTICES] == list(EXPECTED)
    assert not [practice.slug for practice in PRACTICES if practice.is_outline or not practice.steps]


@pytest.mark.parametrize("slug", EXPECTED)
def test_indicators_are_those_of_the_guide(slug):
    found = {}
    for row in BY_SLUG[slug].definition["indicators"]:
        found[row["id"]] = digest({key: row[key] for key in GIVEN if key in row})
    assert found == EXPECTED[slug]["indicators"]
    assert list(found) == list(EXPECTED[slug]["indicators"])


@pytest.mark.parametrize("slug", EXPECTED)
def test_settings_that_indicators_read_are_those_of_the_guide(slug):
    practice = BY_SLUG[slug]
    read = settings_read_by(practice)
    settings = {key: setting.default for key, setting in practice.settings.items() if key in read}
    assert digest(settings) == EXPECTED[slug]["settings"]


def test_complete_fiche_holds_every_rule():
    assert {key: setting.default for key, setting in COMPLETE.settings.items()} == RULES | PROPOSED
    assert all(setting.source for setting in COMPLETE.settings.values())
    assert (COMPLETE.settings["places"].min, COMPLETE.settings["places"].max) == (15, 20)
    assert all("propos" in COMPLETE.settings[key].source.lower() for key in PROPOSED)


@pytest.mark.parametrize(
    ("profile", "refused"),
    [
        ({}, set()),
        ({"person.age": 30}, {"age"}),
        ({"person.zones": ["zfu"]}, {"residence"}),
        ({"person.level": 4}, {"level"}),
        ({"person.level": None}, {"level"}),
        ({"person.statuses": ["employed"]}, {"status"}),
    ],
)
def test_eligibility_of_the_complete_fiche(profile, refused):
    values = {
        "person.age": 29,
        "person.zones": ["qpv"],
        "person.level": 3,
        "person.statuses": ["registered_jobseeker"],
    } | profile
    settings = {key: setting.default for key, setting in COMPLETE.settings.items()}
    found = {rule.code for rule in COMPLETE.eligibility if not evaluate(rule.condition, values.get, settings)}
    assert found == refused


def test_eligibility_follows_the_settings_of_the_action():
    rule = next(rule for rule in COMPLETE.eligibility if rule.code == "age")
    assert evaluate(rule.condition, {"person.age": 29}.get, {"age_max": 29})
    assert not evaluate(rule.condition, {"person.age": 29}.get, {"age_max": 25})


def test_every_setting_of_an_indicator_exists():
    for practice in PRACTICES:
        assert settings_read_by(practice) <= set(practice.settings), practice.slug


def test_every_english_note_and_every_doubt_has_its_french_explanation():
    for practice in PRACTICES:
        for indicator in practice.indicators:
            to_explain = "contract" in indicator.note or indicator.check in ("ambiguous", "mismatch")
            assert indicator.explanation or not to_explain, (practice.slug, indicator.id)


def test_year_of_a_budget_follows_the_launch():
    """So do the dates, but for that of rates of pay, which are those of a day."""
    for practice in PRACTICES:
        for key, setting in practice.settings.items():
            follows = key == "budget_year" or (setting.type == "date" and key != "wage_since")
            assert (setting.at_launch == "start_year") == follows, (practice.slug, key)


def test_no_personal_detail_in_any_file():
    for name, text in practice_texts().items():
        assert not re.search(r"[\w.]+@[\w.]+|\b0[1-9](?:[ .]?\d\d){4}\b", text), name


def test_texts_use_typographic_apostrophes():
    for practice in PRACTICES:
        ours = [practice.title, practice.promise, practice.headline.words]
        ours += [indicator.explanation for indicator in practice.indicators]
        ours += [setting.source for setting in practice.settings.values()]
        assert not [text for text in ours if "'" in text], practice.slug


def test_the_figures_told_in_the_story_are_known_figures():
    """What the complete fiche tells by number quotes a setting, a figure or one of these plain facts."""
    story = json.dumps(COMPLETE.definition["presentation"], ensure_ascii=False)
    story = re.sub(r"\{[a-z_.]+\}", "", story)
    plain = {"2006", "2008", "2009", "1", "30", "4", "9", "90000", "600"}
    assert set(re.findall(r"\d+", story)) <= plain
