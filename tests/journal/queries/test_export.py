"""An export imported elsewhere says the same: every content back, whatever the order it came in."""

import json
import random
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from essaim.journal.engine.content import canonical
from essaim.journal.engine.schema import load_schema
from essaim.journal.models import Action, Fact
from essaim.journal.operations import record, void_fact
from essaim.journal.queries.export import export_lines, get_actions_to_export
from tests.factories.accounts import MembershipFactory
from tests.factories.directory import OrganisationFactory
from tests.factories.guide import PracticeFactory
from tests.factories.journal import ActionFactory, SessionFactory
from tests.factories.people import PersonFactory
from tests.journal.files import HEADER, PRACTICE, contract, fact, read, to_lines, void

pytestmark = pytest.mark.django_db


def exported(*refs):
    return list(export_lines(get_actions_to_export(refs)))


def contents(lines):
    return {canonical(json.loads(line, parse_float=Decimal)) for line in lines}


def test_everything_comes_back(load):
    rows = [
        contract("F1", at="2008-12-31T23:30:00.5Z", organisation="O1", cohort="c", event="e", source="verified",
                 data={"total_hours": 3.0}),
        contract("F2", corrects="F1"),
        void("F3", "F2", kind="contract_signed", person=None),
        fact("F4", "profile_declared", data={"statuses": ["justice", "rsa"], "zones": []}),
        fact("F5", data={"track": "« É » \u2028 \\ \" \t 😀"}),
        fact("F6", "session_held", person=None, session="S1"),
    ]  # fmt: skip
    header = HEADER | {"actions": [HEADER["actions"][0] | {"settings": {"a": 1.5, "b": True}}, HEADER["actions"][1]]}
    lines = to_lines(*rows, header=header)
    load(lines)
    assert contents(exported()) == contents(lines)


def test_lines_come_by_day_moment_and_id_whatever_the_order_of_import(load):
    rows = [fact(f"F{n}", at=f"2008-03-0{n % 3 + 1}") for n in range(9)] + [fact("A9", at="2008-03-01T08:00")]
    seen = []
    for seed in (1, 2):
        random.Random(seed).shuffle(rows)
        with transaction.atomic():
            load(to_lines(*rows))
            seen.append(exported())
            transaction.set_rollback(True)
    assert seen[0] == seen[1]
    assert [json.loads(line)["id"] for line in seen[0][1:]] == [
        "F0",
        "F3",
        "F6",
        "A9",
        "F1",
        "F4",
        "F7",
        "F2",
        "F5",
        "F8",
    ]


def test_one_action_takes_only_what_it_uses(load):
    load(to_lines(fact("F1", organisation="O1"), fact("F2", action="A2", session="S2")))
    header, line = exported("A2")
    assert json.loads(line)["id"] == "F2"
    assert [row["ref"] for row in json.loads(header)["actions"]] == ["A2"]
    assert [row["ref"] for row in json.loads(header)["sessions"]] == ["S2"]
    assert "organisations" not in json.loads(header)
    assert len(exported("A1", "A2")) == len(exported()) == 3


def test_unknown_action_is_named():
    with pytest.raises(Action.DoesNotExist, match="NOPE"):
        get_actions_to_export(["NOPE"])


def test_exact_decimals_survive(load):
    row = json.dumps(fact("F1", "session_held", session="S1", data={"hours": 7})).replace(
        '"hours": 7', '"hours": 0.1234567890123456789'
    )
    load(to_lines(row.encode()))
    assert '"hours": 0.1234567890123456789' in exported()[1]
    assert load([line.encode() for line in exported()]).already_known == 1


def local_action():
    practice = PracticeFactory(slug=PRACTICE)
    return ActionFactory(practice=practice, settings={"silence_days": 14, "zones": ["a"], "since": None, "on": True})


def test_local_action_leaves_under_pseudonyms_and_can_be_read_elsewhere(instruments):
    action, by, now = local_action(), MembershipFactory(), datetime(2026, 3, 2, 9, tzinfo=UTC)
    person, company = PersonFactory(), OrganisationFactory(company=True, zones=["zus", "qpv"])
    keys = {"emitter": "trial", "action": action, "by": by, "now": now}
    session = SessionFactory(action=action, capacity=10)
    record(
        "attendance_recorded",
        at=now,
        person=person,
        session=session,
        data={"role": "participant", "state": "present"},
        **keys,
    )
    signed = record("contract_signed", at=date(2026, 3, 2), person=person, organisation=company,
                    data={"contract": "K1", "type": "cdi", "starts": "2026-03-10",
                          "total_hours": Decimal("10.5")}, **keys)  # fmt: skip
    void_fact(signed, emitter="trial", by=by, now=now)
    record("trial.seen", at=now, person=person, **keys)
    lines = exported(action.ref)
    text = "\n".join(lines)
    assert len(lines) == 4
    assert person.last_name not in text
    assert person.code not in text
    assert "trial.seen" not in text
    header = json.loads(lines[0])
    assert header["actions"][0]["settings"] == {"silence_days": 14, "on": True}
    assert header["organisations"][0]["zones"] == ["qpv"]
    reading = read([line.encode() for line in lines])
    assert (len(reading.facts), reading.faults) == (3, [])
    assert {checked.digest for checked in reading.facts} == set(
        Fact.objects.filter(kind__in=load_schema().kinds).values_list("content_digest", flat=True)
    )


def test_local_action_exported_and_imported_here_is_refused_line_by_line(instruments, load):
    action, now = local_action(), datetime(2026, 3, 2, 9, tzinfo=UTC)
    record("budget_line_recorded", emitter="trial", action=action, at=now, by=MembershipFactory(), now=now,
           data={"amount": Decimal("12.50"), "nature": "planned", "category": "staff"})  # fmt: skip
    report = load([line.encode() for line in exported(action.ref)])
    assert [(fault.line, fault.code) for fault in report.faults] == [(2, "E_ACTION")]


def value_of(field):
    strategies = {
        "ref": st.from_regex(load_schema().reference, fullmatch=True).filter(str.isascii),
        "text": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
        "date": st.dates(date(1900, 1, 1), date(2100, 12, 31)).map(date.isoformat),
        "boolean": st.booleans(),
        "integer": st.integers(field.min or 0, field.max or 10),
        "number": st.decimals(field.min or 0, field.max or 10, places=4),
        "money": st.decimals(0, 10**6, places=2),
        "enum": st.sampled_from(sorted(field.values) or [""]),
        "enum_list": st.lists(st.sampled_from(sorted(field.values) or [""]), max_size=3),
    }
    return strategies[field.type]


@st.composite
def facts_of_all_kinds(draw):
    rows = []
    for number, kind in enumerate(draw(st.lists(st.sampled_from(sorted(load_schema().kinds)), max_size=5))):
        schema = load_schema().kinds[kind]
        data = {
            name: draw(value_of(field))
            for name, field in schema.fields.items()
            if field.required or draw(st.booleans())
        }
        if "ends" in data:
            data["starts"], data["ends"] = sorted([data.get("starts", data["ends"]), data["ends"]])
        if (
            data.get("type") in {"cdd", "apprenticeship", "professionalisation", "assisted"}
            and kind == "contract_signed"
        ):
            data.setdefault("term_months", 3)
        data.pop("birth_date", None)
        keys = {"organisation": "O1", "session": "S1", "person": None if "person" in schema.forbids else "P1"}
        rows.append(fact(f"F{number}", kind, data=data, **keys))
    return rows


@given(facts_of_all_kinds())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_fact_survives_a_round_trip(load, rows):
    from essaim.journal.engine.content import dump_json

    lines = to_lines(*(dump_json(row).encode() for row in rows))
    with transaction.atomic():
        assert load(lines).faults == []
        assert contents(exported()[1:]) == contents(lines[1:])
        again = load([line.encode() for line in exported()])
        assert (again.imported, again.already_known, again.faults) == (0, len(rows), [])
        transaction.set_rollback(True)
