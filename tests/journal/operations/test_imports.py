"""What an import leaves in the tables: all, nothing, or what stands; the same whatever the path and the order."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction

from essaim.directory.models import Organisation
from essaim.journal.models import Action, Fact, Session, Subject
from essaim.journal.operations import record
from tests.factories.accounts import MembershipFactory
from tests.factories.directory import OrganisationFactory
from tests.factories.journal import ActionFactory, SessionFactory
from tests.factories.people import PersonFactory
from tests.journal.files import ACTION, HEADER, PRACTICE, contract, fact, to_lines, void

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SHORT = {"journal": "essaim/1", "actions": []}


def codes(report):
    return [(fault.line, fault.code) for fault in report.faults]


def stored():
    """Every fact by ref, as far as bilans read it."""
    return {
        row["ref"]: row
        for row in Fact.objects.values("ref", "kind", "day", "data", "live", "subject__ref", "corrects__ref")
    }


def test_rows_and_facts_are_stored_read_only_under_their_refs(load, practice):
    header = HEADER | {"actions": [ACTION | {"settings": {"a": 2.5, "b": "x", "c": True}}]}
    header["organisations"] = [HEADER["organisations"][0] | {"siret": "73282932000074", "zones": ["zfu"]}]
    header["sessions"] = [HEADER["sessions"][0] | {"capacity": 12.0, "module": "club", "starts": "2008-02-04T09:00"}]
    row = contract(at="2008-12-31T23:30:00Z", organisation="O1", session="S1", cohort="c1", event="e1",
                   data={"total_hours": 1.5})  # fmt: skip
    report = load(to_lines(row, header=header), now=NOW)
    assert (report.imported, report.already_known, report.faults) == (1, 0, [])
    action = Action.objects.get()
    assert (action.is_imported, action.practice, action.definition) == (True, practice, practice.definition)
    assert (action.settings, action.starts) == ({"a": 2.5, "b": "x", "c": True}, date(2008, 1, 1))
    organisation = Organisation.objects.get()
    assert (organisation.origin, organisation.siret, organisation.zones) == ("journal", "73282932000074", ["zfu"])
    session = Session.objects.get()
    assert (session.capacity, session.module, session.starts) == (12, "club", "2008-02-04T09:00")
    found = Fact.objects.get()
    assert (found.at_text, found.day) == ("2008-12-31T23:30:00Z", date(2009, 1, 1))
    assert (found.organisation, found.session, found.cohort, found.event) == (organisation, session, "c1", "e1")
    assert (found.subject.ref, found.subject.person, found.author) == ("P1", None, None)
    assert (found.live, found.recorded_at, found.data_type) == (True, NOW, "cdi")


def test_one_fault_and_nothing_is_stored(load):
    report = load(to_lines(fact("F1"), fact("F2", at="x")))
    assert (report.imported, codes(report)) == (0, [(3, "E_DATE")])
    assert not Fact.objects.exists()
    assert not Action.objects.exists()
    assert not Organisation.objects.exists()


def test_keep_valid_stores_what_stands(load):
    report = load(to_lines(fact("F1"), fact("F2", at="x"), fact("F3", corrects="F2")), keep_valid=True)
    assert (report.imported, codes(report)) == (1, [(3, "E_DATE"), (4, "E_CORRECTS_UNKNOWN")])
    assert list(stored()) == ["F1"]


def test_same_file_twice_changes_nothing(load):
    lines = to_lines(
        contract("F1"),
        contract("F2", corrects="F1", data={"total_hours": 3.0}),
        void("F3", "F2", kind="contract_signed"),
    )
    load(lines, now=NOW)
    before = list(Fact.objects.order_by("pk").values())
    report = load(lines)
    assert (report.imported, report.already_known, report.faults) == (0, 3, [])
    assert list(Fact.objects.order_by("pk").values()) == before
    assert (Action.objects.count(), Subject.objects.count()) == (2, 1)


def test_live_is_false_when_superseded_or_void(load):
    rows = [
        fact("F1"),
        fact("F2", corrects="F1"),
        void("F3", "F2"),
        fact("F4", corrects="F3"),
        fact("F5"),
        void("F6", "F5"),
    ]
    random.Random(7).shuffle(rows)
    load(to_lines(*rows))
    assert {ref for ref, row in stored().items() if row["live"]} == {"F4"}


def test_facts_stored_earlier_stop_being_live_when_corrected(load):
    load(to_lines(fact("F1"), fact("F2")), now=NOW)
    later = datetime(2026, 3, 3, tzinfo=UTC)
    report = load(to_lines(void("F3", "F1"), header=SHORT), now=later)
    assert report.imported == 1
    first = Fact.objects.get(ref="F1")
    assert (first.live, first.superseded_at) == (False, later)
    assert codes(load(to_lines(void("F4", "F1"), header=SHORT))) == [(2, "E_CORRECTS_TWICE")]
    load(to_lines(fact("F5", corrects="F3"), header=SHORT))
    assert Fact.objects.get(ref="F3").superseded_at
    assert {ref for ref, row in stored().items() if row["live"]} == {"F2", "F5"}


def test_stored_targets_are_judged_like_the_others(load):
    load(to_lines(fact("F1")))
    assert codes(load(to_lines(contract("F2", corrects="F1")))) == [(2, "E_CORRECTS_KIND")]
    assert codes(load(to_lines(fact("F2", action="A2", corrects="F1")))) == [(2, "E_CORRECTS_ACTION")]


def test_stored_fact_with_another_content_is_a_duplicate(load):
    load(to_lines(fact("F1")))
    assert codes(load(to_lines(fact("F1", person="P2")))) == [(2, "E_DUPLICATE_ID")]


def test_declared_row_never_changes(load):
    load(to_lines(fact()))
    for key in ("actions", "organisations", "sessions"):
        rows = [HEADER[key][0] | ({"name": "Autre"} if key == "organisations" else {"title": "Autre"})]
        actions = HEADER["actions"] if key != "actions" else rows
        report = load(to_lines(header={"journal": "essaim/1", "actions": actions, key: rows}))
        assert codes(report) == [(1, "E_REF_TWICE")]


def test_settings_compare_exactly_with_what_is_stored(load):
    header = HEADER | {"actions": [ACTION | {"settings": {"a": "§"}}]}
    exact = to_lines(header=header)[0].replace(b'"\\u00a7"', b"0.1234567890123456789012345")
    exact = exact.replace(b'"sessions"', b'"sessions_"').split(b', "sessions_"')[0] + b"}"
    assert load([exact]).faults == []
    assert load([exact]).faults == []
    assert codes(load([exact.replace(b"12345}", b"12346}")])) == [(1, "E_REF_TWICE")]


def test_order_of_lines_and_files_stores_the_same(load):
    rows = [contract(f"F{n}", person=f"P{n % 3}") for n in range(8)]
    rows += [
        contract("F10", corrects="F1"),
        void("F11", "F2", kind="contract_signed"),
        void("F12", "F10", kind="contract_signed"),
    ]
    seen = []
    for seed in range(3):
        random.Random(seed).shuffle(rows)
        with transaction.atomic():
            assert load(to_lines(*rows[:4]), to_lines(*rows[4:])).faults == []
            seen.append(stored())
            transaction.set_rollback(True)
    assert seen[0] == seen[1] == seen[2]


def test_action_run_here_is_refused(load):
    action, organisation = ActionFactory(), OrganisationFactory()
    session = SessionFactory(action=action)
    report = load(to_lines(fact(action=action.ref)))
    assert codes(report) == [(2, "E_ACTION")]
    rows = [HEADER["sessions"][0] | {"ref": "NEW", "action": action.ref}]
    assert codes(load(to_lines(header=SHORT | {"sessions": rows}))) == [(1, "E_ACTION")]
    assert codes(load(to_lines(fact(organisation=organisation.ref)))) == [(2, "E_ORGANISATION")]
    assert codes(load(to_lines(fact(session=session.ref)))) == [(2, "E_SESSION_ACTION")]


def test_rows_of_the_instance_may_be_declared_with_the_same_content(load):
    organisation = OrganisationFactory(company=True, name="Garage")
    row = {"ref": organisation.ref, "name": "Garage", "kind": "company"}
    header = HEADER | {"organisations": [row]}
    assert load(to_lines(fact(organisation=organisation.ref), header=header)).faults == []
    assert Fact.objects.get().organisation == organisation
    assert codes(load(to_lines(header=HEADER | {"organisations": [row | {"name": "Autre"}]}))) == [(1, "E_REF_TWICE")]


def test_extreme_numbers_are_stored_or_refused_but_never_crash(load):
    def held(id, hours):
        return (
            json.dumps(fact(id, "session_held", session="S1", data={"hours": 7}))
            .replace('"hours": 7', f'"hours": {hours}')
            .encode()
        )

    report = load(
        to_lines(held("F1", "0.1234567890123456789"), held("F2", "0e-99999999"), held("F3", "5" + "." + "0" * 20000))
    )
    assert report.faults == []
    assert Fact.objects.get(ref="F1").data_hours == Decimal("0.1234567890123456789")
    assert Fact.objects.get(ref="F3").data_hours == 5


def test_record_and_import_store_the_same_row(load, instruments):
    action = ActionFactory(practice__slug=PRACTICE)
    person, company = PersonFactory(), OrganisationFactory(company=True)
    recorded = record(
        "contract_signed", emitter="trial", action=action, person=person, organisation=company, cohort="c1",
        at=datetime(2026, 3, 29, 0, 30, tzinfo=UTC), by=MembershipFactory(), now=NOW, source="verified",
        data={"contract": "K1", "type": "cdd", "term_months": 6, "starts": "2026-03-10",
              "total_hours": Decimal("7.50")},
    )  # fmt: skip
    row = contract(
        "X1", at=recorded.at_text, organisation="O1", cohort="c1", source="verified",
        data={"type": "cdd", "term_months": 6, "starts": "2026-03-10", "total_hours": 7.5},
    )  # fmt: skip
    load(to_lines(row), now=NOW)
    one, other = (Fact.objects.filter(ref=ref).values().get() for ref in (recorded.ref, "X1"))
    own = {
        "id",
        "ref",
        "action_id",
        "subject_id",
        "organisation_id",
        "author_id",
        "author_organisation_id",
        "content_digest",
    }
    assert {key: value for key, value in one.items() if key not in own} == {
        k: v for k, v in other.items() if k not in own
    }


def test_large_import_tells_the_planner(load, monkeypatch):
    monkeypatch.setattr("essaim.journal.operations.imports.ANALYSE_FROM", 1)
    assert load(to_lines(fact())).imported == 1


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_file_at_once_store_it_once(load):
    lines = to_lines(*(fact(f"F{n}", person=f"P{n}") for n in range(300)))
    reports = []

    def import_once():
        reports.append(load(lines))
        connection.close()

    threads = [Thread(target=import_once) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((report.imported, report.already_known) for report in reports) == [(0, 300), (300, 0)]
    assert Fact.objects.count() == 300


KILLED = """
import os, sys, django
django.setup()
from django.utils import timezone
from essaim.journal.operations import imports
from tests.journal.files import fact, to_lines

def wait(self, fact, row=imports._Writer._row):
    if fact.content["id"] == "KILL1500":
        print("midway", flush=True)
        sys.stdin.read()
    return row(self, fact)

imports._Writer._row = wait
lines = to_lines(*(fact(f"KILL{n}", person=f"P{n}") for n in range(2000)))
imports.import_journals(files=[("killed", lines)], now=timezone.now())
"""


@pytest.mark.drill
@pytest.mark.django_db(transaction=True)
def test_killed_import_leaves_nothing_and_can_be_started_again(load):
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings_test"}
    root = Path(__file__).resolve().parents[3]
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd=root
    )
    assert process.stdout.readline() == b"midway\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and _is_locked():
        time.sleep(0.1)
    assert not Fact.objects.exists()
    assert not Action.objects.exists()
    assert load(to_lines(*(fact(f"KILL{n}", person=f"P{n}") for n in range(2000)))).imported == 2000


def _is_locked():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        return cursor.fetchone()[0] > 0


def test_a_void_naming_what_nobody_declared_still_cancels(load):
    report = load(to_lines(contract("F1"), void("F2", "F1", kind="contract_signed", organisation="nobody")), now=NOW)
    assert (report.imported, report.faults) == (2, [])
    assert not Fact.objects.filter(live=True).exists()
    assert Fact.objects.get(ref="F2").organisation is None
