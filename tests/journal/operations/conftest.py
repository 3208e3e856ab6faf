import pytest
from django.utils import timezone

from essaim.journal.operations import facts, import_journals, subscribers
from essaim.kernel.contract import FactKind, Instrument, StepKind
from tests.factories.guide import PracticeFactory
from tests.journal.files import PRACTICE

INSTRUMENT = Instrument(
    key="trial",
    label="Essai",
    fact_kinds=(
        FactKind("contract_signed", "Contrat"),
        FactKind("budget_line_recorded", "Budget"),
        FactKind("profile_declared", "Profil"),
        FactKind("attendance_recorded", "Présence"),
        FactKind(
            "trial.seen", "Vue", needs=("person",), fields={"how": "far | near", "times": "integer"}, exported=False
        ),
    ),
    step_kinds=(StepKind("trial.entry", "Entrée", emits=("enrolment_opened",)),),
    subscribers={"enrolment_opened": "trial.told"},
)


@pytest.fixture
def instruments(monkeypatch):
    """One instrument, « trial »: independent of those the house has."""
    monkeypatch.setattr(facts, "all_instruments", lambda: {"trial": INSTRUMENT})
    monkeypatch.setattr(facts, "all_step_kinds", lambda: {kind.key: kind for kind in INSTRUMENT.step_kinds})
    monkeypatch.setattr(facts, "all_fact_kinds", lambda: {kind.key: kind for kind in INSTRUMENT.fact_kinds})
    monkeypatch.setattr(subscribers, "all_instruments", lambda: {"trial": INSTRUMENT})
    return INSTRUMENT


@pytest.fixture
def practice(db):
    return PracticeFactory(slug=PRACTICE)


@pytest.fixture
def load(practice):
    """``load(lines, …)``: import files of lines, return the report."""

    def load(*files, keep_valid=False, now=None):
        named = [(str(place), lines) for place, lines in enumerate(files)]
        return import_journals(files=named, keep_valid=keep_valid, now=now or timezone.now())

    return load
