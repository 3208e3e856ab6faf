"""One case for each code of FACTS §7, then the order between them: at most one fault a line."""

import json

import pytest

from essaim.journal.engine.faults import CODES
from tests.journal.files import ACTION, HEADER, PRACTICE, contract, fact, faults, read, to_lines, void

LONG = "x" * 2001


def change(key: str, **values):
    """The header with the first row of ``key`` changed."""
    rows = [HEADER[key][0] | values, *HEADER[key][1:]]
    return HEADER | {key: [{k: v for k, v in row.items() if v is not None} for row in rows]}


HEADERS = [
    (b"", "E_HEADER"),
    (b"  \t\r", "E_HEADER"),
    (b"\xef\xbb\xbf", "E_HEADER"),
    ({"actions": []}, "E_HEADER"),
    (b"\xff", "E_ENCODING"),
    (b'{"journal":"essaim/1","journal":"essaim/1"}', "E_DUPLICATE_KEY"),
    (b"{", "E_JSON"),
    (b'{"journal":NaN}', "E_JSON"),
    (b'{"journal":"\\u0000"}', "E_TEXT"),
    (b"[]", "E_OBJECT"),
    (HEADER | {"journal": "essaim/2"}, "E_VERSION"),
    (HEADER | {"journal": None}, "E_VERSION"),
    (HEADER | {"more": 1}, "E_KEY_UNKNOWN"),
    (change("actions", more=1), "E_KEY_UNKNOWN"),
    ({"journal": "essaim/1"}, "E_KEY_MISSING"),
    (change("actions", title=None), "E_KEY_MISSING"),
    (change("organisations", kind=None), "E_KEY_MISSING"),
    (change("sessions", action=None), "E_KEY_MISSING"),
    (change("actions", ref="é"), "E_REF"),
    (change("actions", ref="-A"), "E_REF"),
    (change("actions", ref="A1\n"), "E_REF"),
    (change("actions", ref=12), "E_REF"),
    (change("sessions", module="deux mots"), "E_REF"),
    (HEADER | {"actions": {}}, "E_TYPE"),
    (HEADER | {"organisations": [1]}, "E_TYPE"),
    (change("actions", title=3), "E_TYPE"),
    (change("actions", title=LONG), "E_TYPE"),
    (change("actions", settings=[]), "E_TYPE"),
    (change("organisations", zones="qpv"), "E_TYPE"),
    (change("organisations", siret=73282932000074), "E_TYPE"),
    (change("sessions", capacity=1.5), "E_TYPE"),
    (change("sessions", capacity=True), "E_TYPE"),
    (change("actions", practice="recommendations"), "E_PRACTICE"),
    (change("actions", settings={"Clé": 1}), "E_SETTING"),
    (change("actions", settings={"a": []}), "E_SETTING"),
    (b'{"journal":"essaim/1","actions":[{"ref":"A1","practice":"marseille-clubs-jeunes","title":"T",'
     b'"starts":"2008-01-01","ends":"2008-01-01","settings":{"a":null}}]}', "E_SETTING"),
    (change("actions", settings={"a": "x" * 201}), "E_SETTING"),
    (change("organisations", siret="73282932000075"), "E_SIRET"),
    (change("organisations", siret="7328293200007"), "E_SIRET"),
    (change("organisations", siret="35600000049838"), "E_SIRET"),
    (HEADER | {"actions": [ACTION, ACTION | {"title": "Autre"}]}, "E_REF_TWICE"),
    (change("actions", starts="2008-02-30"), "E_DATE"),
    (change("actions", starts="1899-12-31"), "E_DATE"),
    (change("actions", starts="2008-01-01T09:00"), "E_DATE"),
    (change("sessions", starts="2008-01-01T9:00"), "E_DATE"),
    (change("sessions", action="A9"), "E_ACTION"),
    (change("organisations", kind="firm"), "E_ENUM"),
    (change("organisations", zones=["zus"]), "E_ENUM"),
    (change("organisations", sector="car"), "E_ENUM"),
    (change("sessions", kind="car"), "E_ENUM"),
    (change("sessions", capacity=-1), "E_RANGE"),
    (change("sessions", capacity=100001), "E_RANGE"),
    (change("actions", starts="2008-12-31", ends="2008-01-01"), "E_ORDER"),
]  # fmt: skip


@pytest.mark.parametrize(("header", "code"), HEADERS)
def test_header_fault_stops_its_file(header, code):
    assert faults(fact(kind="nope"), b"{", header=header) == [(1, code)]


@pytest.mark.parametrize(
    "header",
    [
        change("organisations", siret="73282932000074"),
        change("organisations", siret="35600000049837"),
        change("organisations", siret="35600000000048"),
        change("organisations", zones=["qpv", "zfu"], sector="it"),
        change("sessions", capacity=100000.0, module="club", starts="2008-02-04T09:00"),
        change("actions", settings={"a": 1e3, "b": True, "c": "x" * 200, "d": "", "e": -2.5}),
        change("actions", title=""),
        HEADER | {"actions": [*HEADER["actions"], ACTION | {"settings": {}}]},
        {"journal": "essaim/1", "actions": []},
    ],
)
def test_header_accepted(header):
    assert faults(header=header) == []


def test_empty_file_is_a_header_fault():
    assert [(fault.file, fault.line, fault.code) for fault in read([]).faults] == [("0", 1, "E_HEADER")]


def raw(text: str) -> bytes:
    """A fact whose ``data`` is given as raw JSON text."""
    return json.dumps(fact(kind="session_held", session="S1", data=0)).replace('"data": 0', f'"data": {text}').encode()


FACTS = [
    (b'{"id":"\xff"}', "E_ENCODING"),
    (b'{"id":"F1","id":"F1"}', "E_DUPLICATE_KEY"),
    (raw('{"hours":1,"hours":1}'), "E_DUPLICATE_KEY"),
    (b"{} {}", "E_JSON"),
    (b"\xef\xbb\xbf{}", "E_JSON"),
    (raw('{"hours":Infinity}'), "E_JSON"),
    (raw('{"hours":-NaN}'), "E_JSON"),
    (b'{"id":"\t"}', "E_JSON"),
    (b"[" * 100_000, "E_JSON"),
    (b"[" * 100_000 + b"]" * 100_000, "E_JSON"),
    (b'{"id":"\\ud800"}', "E_TEXT"),
    (b'{"\\u0000":1}', "E_TEXT"),
    (b'"text"', "E_OBJECT"),
    (b"null", "E_OBJECT"),
    (fact(more=1), "E_KEY_UNKNOWN"),
    (fact(source=None), "E_KEY_MISSING"),
    (fact(id="a b"), "E_REF"),
    (fact(person="x" * 65), "E_REF"),
    (fact(person=12), "E_REF"),
    (json.dumps(fact()).replace('"P1"', "null").encode(), "E_REF"),
    (fact(cohort=""), "E_REF"),
    (fact(at=20080302), "E_TYPE"),
    (fact(kind=3), "E_TYPE"),
    (fact(source=["declared"]), "E_TYPE"),
    (fact(data=[]), "E_TYPE"),
    (fact(kind="enrolment"), "E_KIND"),
    (fact(at="2008-3-2"), "E_DATE"),
    (fact(at="2007-02-29"), "E_DATE"),
    (fact(at="2101-01-01"), "E_DATE"),
    (fact(at="2008-03-02 10:00"), "E_DATE"),
    (fact(at="2008-03-02T24:00"), "E_DATE"),
    (fact(at="2008-03-02T10:00:00.1234567"), "E_DATE"),
    (fact(at="2008-03-02T10:00:00."), "E_DATE"),
    (fact(at="2008-03-02T10:00.5"), "E_DATE"),
    (fact(at="2008-03-02T10:00+0100"), "E_DATE"),
    (fact(at="2008-03-02T10:00+24:00"), "E_DATE"),
    (fact(at="2008-03-02T10:00z"), "E_DATE"),
    (fact(at="2008-03-02\n"), "E_DATE"),
    (fact(at="٢٠٠٨-03-02"), "E_DATE"),
    (fact(action="A9"), "E_ACTION"),
    (fact(organisation="O9"), "E_ORGANISATION"),
    (fact(organisation="A1"), "E_ORGANISATION"),
    (fact(session="S9"), "E_SESSION"),
    (fact(session="S2"), "E_SESSION_ACTION"),
    (fact(source="guessed"), "E_SOURCE"),
    (fact(data={"void": True}), "E_VOID"),
    (fact(data={"void": False}, corrects="F0"), "E_VOID"),
    (fact(data={"void": 1}, corrects="F0"), "E_VOID"),
    (fact(data={"void": True, "track": "x"}, corrects="F0"), "E_VOID"),
    (fact(person=None), "E_NEEDS"),
    (fact(kind="session_held"), "E_NEEDS"),
    (fact(kind="attendance_recorded", session="S1", person=None), "E_NEEDS"),
    (fact(kind="headcount_recorded", session="S1", data={"count": 1}), "E_FORBIDDEN"),
    (fact(data={"more": 1}), "E_FIELD_UNKNOWN"),
    (contract(data={"contract": None}), "E_FIELD_MISSING"),
    (contract(data={"contract": 3}), "E_FIELD_TYPE"),
    (contract(data={"starts": 3}), "E_FIELD_TYPE"),
    (contract(data={"type": 3}), "E_FIELD_TYPE"),
    (contract(data={"term_months": 3.5}), "E_FIELD_TYPE"),
    (contract(data={"term_months": True}), "E_FIELD_TYPE"),
    (contract(data={"total_hours": "3"}), "E_FIELD_TYPE"),
    (fact(data={"track": LONG}), "E_FIELD_TYPE"),
    (raw('{"hours":null}'), "E_FIELD_TYPE"),
    (raw('{"hours":1e-400000000}'), "E_FIELD_TYPE"),
    (fact(kind="measure_used", data={"type": "brick", "cost": 1.005}), "E_FIELD_TYPE"),
    (fact(kind="profile_declared", data={"zones": "qpv"}), "E_FIELD_TYPE"),
    (fact(kind="profile_declared", data={"zones": [1]}), "E_FIELD_TYPE"),
    (fact(kind="exam_taken", data={"exam": "diploma", "passed": 1}), "E_FIELD_TYPE"),
    (contract(data={"contract": "é"}), "E_REF"),
    (contract(data={"starts": "2008-02-30"}), "E_DATE"),
    (contract(data={"starts": "2008-02-01T10:00"}), "E_DATE"),
    (contract(data={"starts": "2200-02-01"}), "E_DATE"),
    (contract(data={"type": "cdi2"}), "E_ENUM"),
    (fact(kind="profile_declared", data={"zones": ["zus"]}), "E_ENUM"),
    (fact(kind="profile_declared", data={"level": 9}), "E_RANGE"),
    (raw('{"hours":1e400}'), "E_RANGE"),
    (raw('{"hours":1e99999999999999999999}'), "E_RANGE"),
    (raw('{"hours":' + "9" * 5000 + "}"), "E_RANGE"),
    (raw('{"hours":-0.001}'), "E_RANGE"),
    (contract(data={"type": "cdd"}), "E_FIELD_MISSING"),
    (contract(data={"ends": "2008-03-09"}), "E_ORDER"),
    (fact(kind="profile_declared", data={"birth_date": "2008-03-03"}), "E_RANGE"),
    (fact(id="F2", corrects="F0"), "E_CORRECTS_UNKNOWN"),
    (fact(id="F2", corrects="F2"), "E_CORRECTS_CYCLE"),
    (contract(id="F2", corrects="FIRST"), "E_CORRECTS_KIND"),
    (fact(id="F2", corrects="FIRST", action="A2"), "E_CORRECTS_ACTION"),
    (fact(id="FIRST", person="P2"), "E_DUPLICATE_ID"),
]


@pytest.mark.parametrize(("row", "code"), FACTS)
def test_fact_fault(row, code):
    assert faults(fact(id="FIRST"), b"  ", row) == [(4, code)]


def test_second_correction_of_a_fact_falls():
    assert faults(fact(id="F1"), fact(id="F2", corrects="F1"), fact(id="F3", corrects="F1")) == [
        (4, "E_CORRECTS_TWICE")
    ]


def test_every_code_has_a_case():
    met = {code for _, code in [*HEADERS, *FACTS]} | {"E_CORRECTS_TWICE"}
    assert met == set(CODES)


@pytest.mark.parametrize(
    "row",
    [
        fact(at="2008-03-02T10:00Z"),
        fact(at="2008-03-02T10:00:59.123456+02:00"),
        fact(at="1900-01-01"),
        fact(at="2100-12-31T23:59:59Z"),
        contract(data={"type": "cdd", "term_months": 3.0}),
        contract(data={"type": "cdi", "term_months": 6}),
        contract(data={"ends": "2008-03-10"}),
        fact(data={"track": ""}),
        fact(data={"track": "é" * 2000}),
        fact(kind="measure_used", data={"type": "brick", "cost": 1.5}),
        raw('{"hours":1.500000000000000000000000000000001}'),
        raw('{"hours":0e-99999999}'),
        raw("{}").rstrip() + b"  \r",
        fact(kind="profile_declared", data={"birth_date": "2008-03-02", "zones": []}),
        fact(kind="assessment_recorded", person=None, data={"instrument": "barometer"}),
        fact(kind="attendance_recorded", person=None, organisation="O1", session="S1",
             data={"role": "employer", "state": "present"}),
        b'{"id":"F1","kind":"enrolment_opened","at":"2008-03-02","action":"A1","person":"P1","source":"declared",'
        b'"data":{"track":"\\ud83d\\ude00"}}',
    ],
)  # fmt: skip
def test_fact_accepted(row):
    assert faults(row) == []


ORDER = [
    (fact(more=1, kind="nope"), "E_KEY_UNKNOWN"),
    (fact(id="é", kind="nope", at="x"), "E_REF"),
    (fact(kind="nope", at="x", action="A9"), "E_KIND"),
    (fact(at="x", action="A9"), "E_DATE"),
    (fact(action="A9", organisation="O9", session="S9", source="x"), "E_ACTION"),
    (fact(organisation="O9", session="S9", source="x"), "E_ORGANISATION"),
    (fact(session="S2", source="x"), "E_SESSION_ACTION"),
    (fact(source="x", data={"void": 1}), "E_SOURCE"),
    (fact(person=None, data={"more": 1}), "E_NEEDS"),
    (fact(kind="headcount_recorded", data={}), "E_NEEDS"),
    (contract(data={"more": 1, "contract": None}), "E_FIELD_UNKNOWN"),
    (contract(data={"contract": None, "type": "x"}), "E_FIELD_MISSING"),
    (contract(data={"type": "x", "starts": "x", "contract": "é", "total_hours": "x"}), "E_FIELD_TYPE"),
    (contract(data={"type": "x", "starts": "x", "contract": "é"}), "E_REF"),
    (contract(data={"type": "x", "starts": "x", "total_hours": -1}), "E_DATE"),
    (contract(data={"total_hours": -1, "type": "x"}), "E_ENUM"),
    (contract(data={"type": "cdd", "total_hours": -1}), "E_RANGE"),
    (contract(data={"type": "cdd", "ends": "2008-01-01"}), "E_FIELD_MISSING"),
    (contract(data={"ends": "2008-01-01"}, corrects="F0"), "E_ORDER"),
]


@pytest.mark.parametrize(("row", "code"), ORDER)
def test_first_code_of_the_table_wins(row, code):
    assert faults(row) == [(2, code)]


def test_first_code_of_the_table_wins_over_all_rows_of_a_header():
    actions = [ACTION | {"starts": "x"}, ACTION | {"ref": "A2", "practice": "x"}]
    assert faults(header=HEADER | {"actions": actions}) == [(1, "E_PRACTICE")]


def test_void_ignores_needs_and_forbidden_keys():
    assert faults(contract("F1"), void("F2", "F1", kind="contract_signed", person=None)) == []
    count = fact("F1", "headcount_recorded", session="S1", person=None, data={"count": 3})
    assert faults(count, void("F2", "F1", kind="headcount_recorded")) == []


def test_void_ignores_the_organisation_and_the_session_it_names():
    assert (
        faults(contract("F1"), void("F2", "F1", kind="contract_signed", organisation="nobody", session="nowhere")) == []
    )
    assert faults(contract("F1"), void("F2", "F1", kind="contract_signed", action="nowhere")) == [(3, "E_ACTION")]


def test_messages_are_sentences_for_people():
    reading = read(to_lines(fact(kind="nope")))
    assert reading.faults[0].message == "nature de fait inconnue : « nope »"
    assert PRACTICE not in reading.faults[0].message
