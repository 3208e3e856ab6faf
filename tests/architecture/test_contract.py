"""The instruments: kinds that exist, privacy rules for everything that reaches a person, words in the glossary."""

import pytest
from django.apps import apps
from django.db import models
from django.urls import NoReverseMatch, reverse

from essaim.journal.engine.schema import load_schema
from essaim.journal.models import Fact
from essaim.kernel.instruments import all_instruments
from essaim.people.models import Person
from essaim.privacy.queries import privacy_rules
from tests.architecture.source import ROOT

PRIVACY_RULES = {"delete", "blank", "keep"}
# Codes of the machine and of practices.
CODES = {"ref", "code", "step", "tool", "document", "track", "queue", "origin", "outcome"}
# Texts that erasure leaves, and why they tell nothing of her.
TELL_NOTHING = {
    # Minutes of meetings tell of the action, to its partners: who writes them is told to name nobody accompanied.
    "agenda.AgendaItem.notes",
    "agenda.AgendaItem.title",
    "agenda.Attendee.email",  # professionals
    "agenda.Attendee.name",
    "agenda.Attendee.organisation_name",
    "agenda.Meeting.frozen",
    "agenda.MeetingDecision.owner_name",
    "agenda.MeetingDecision.reason",
    "agenda.MeetingDecision.words",
    "agenda.MinutesSending.recipient",
    "agenda.PlannedSession.place",  # where a group meets
    "agenda.PlannedSession.trainer_name",  # a professional
    "employers.SheetSending.recipient",  # an employer
    "journal.SubjectMerge.facts",  # keys of facts
    "journeys.BudgetLine.label",  # an expense
    "journeys.FundingAgreement.number",  # how a funder files it
    "journeys.FundingAgreement.title",  # how a funder names it
    "journeys.StaffMember.name",  # a professional or a volunteer
    "steering.ClaimFile.budget",  # sums of money
    "steering.ClaimFile.figures",  # counts
    "people.AccessGrant.reason",  # one of our own sentences
}


def reaches_person(model, seen=()) -> bool:
    if model is Person:
        return True
    return any(
        field.related_model not in seen and reaches_person(field.related_model, (*seen, model))
        for field in model._meta.get_fields()
        if field.many_to_one or (field.one_to_one and field.concrete)
        if field.related_model.__module__.startswith("essaim.")
    )


def test_every_model_reaching_a_person_has_a_privacy_rule():
    declared = {model: rule for instrument in all_instruments().values() for model, rule in instrument.personal.items()}
    reaching = {
        f"{model._meta.app_label}.{model.__name__}"
        for model in apps.get_models()
        if model.__module__.startswith("essaim.") and reaches_person(model)
    }
    assert reaching == set(declared)
    assert set(declared.values()) <= PRIVACY_RULES


def personal_texts(model):
    """The columns of a model where someone may write what she likes, or that hold a file."""
    return {
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField | models.FileField)
        and not (field.choices or isinstance(field, models.GeneratedField))
    }


def test_what_erasure_leaves_tells_nothing_of_her():
    blanked = {model: set(values) for one in all_instruments().values() for model, values in one.blank.items()}
    rules = privacy_rules()
    assert set(blanked) == {model for model, rule in rules.items() if rule == "blank"}
    for label, names in blanked.items():
        assert names <= {field.name for field in apps.get_model(label)._meta.concrete_fields}, label
    # Facts and pseudonyms: by journal's own operation, which has its tests.
    kept = set(rules) - {label for label, rule in rules.items() if rule == "delete"} - {"journal.Fact"}
    told = {
        f"{label}.{name}"
        for label in kept
        for name in personal_texts(apps.get_model(label)) - blanked.get(label, set())
        if name not in CODES
    }
    assert told == TELL_NOTHING


def test_what_merges_and_checks_name_exists():
    for instrument in all_instruments().values():
        assert set(instrument.once) <= set(privacy_rules())
        for label, (column, pattern) in instrument.keyed.items():
            assert apps.get_model(label)._meta.get_field(column)
            assert "{}" in pattern
        for path, kind in instrument.facts.items():
            label, _, name = path.rpartition(".")
            assert apps.get_model(label)._meta.get_field(name).related_model is Fact, path
            assert kind in {one.key for one in instrument.fact_kinds}, path


@pytest.mark.parametrize("instrument", all_instruments().values(), ids=lambda instrument: instrument.key)
def test_kinds_are_well_declared(instrument):
    own = {kind.key for kind in instrument.fact_kinds}
    for kind in instrument.fact_kinds:
        assert (kind.key in load_schema().kinds) == kind.exported, kind.key
        assert kind.exported or kind.key.startswith(f"{instrument.key}."), kind.key
    for step in instrument.step_kinds:
        assert step.key.startswith(f"{instrument.key}."), step.key
        assert set(step.emits) <= own, step.key


def resolves(name: str) -> bool:
    for arguments in ([], ["X"]):
        try:
            reverse(name, args=arguments)
        except NoReverseMatch:
            continue
        return True
    return False


def test_screens_and_panels_resolve():
    for instrument in all_instruments().values():
        for step in instrument.step_kinds:
            assert not step.screen or resolves(step.screen), step.screen
        for panel in instrument.panels:
            assert resolves(panel.url), panel.url


def test_glossary_names_every_model():
    glossary = (ROOT / "docs" / "glossary.md").read_text()
    missing = [
        model.__name__
        for model in apps.get_models()
        if model.__module__.startswith("essaim.") and f"`{model.__name__}`" not in glossary
    ]
    assert not missing


def test_models_speak_french():
    for model in apps.get_models():
        if not model.__module__.startswith("essaim."):
            continue
        assert str(model._meta.verbose_name).islower() or "SIRET" in str(model._meta.verbose_name), model
        unnamed = [
            field.name
            for field in model._meta.get_fields()
            if field.concrete and field.editable and not field.primary_key and field._verbose_name is None
        ]
        assert not unnamed, f"{model.__name__}: {unnamed}"


def test_commands_are_documented():
    operations = (ROOT / "docs" / "operations.md").read_text()
    commands = [path.stem for path in (ROOT / "essaim" / "cli" / "commands").glob("[a-z]*.py")]
    assert commands
    assert not [name for name in commands if f"essaim {name.replace('_', '-')}" not in operations]
