"""The order of lines and of files changes no value and no acceptance, and corrections match a slow, obvious model."""

import json
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from essaim.journal.engine.corrections import Link, Target, judge_corrections
from essaim.journal.engine.schema import load_schema
from tests.journal.files import MemoryStore, contract, fact, read, to_lines, void

IDS = [f"F{n}" for n in range(9)]


@st.composite
def journals(draw):
    """Facts of distinct ids that correct one another at random: chains, forks, cycles, voids, faults of their own."""
    rows = []
    for id in draw(st.lists(st.sampled_from(IDS), unique=True, min_size=1)):
        keys = {"action": draw(st.sampled_from(["A1", "A1", "A1", "A2"]))}
        target = draw(st.none() | st.sampled_from([*IDS, "F99"]))
        if target:
            keys["corrects"] = target
        shape = draw(st.sampled_from(["entry", "entry", "contract", "void", "bad"]))
        if shape == "void" and target:
            rows.append(void(id, **keys))
        elif shape == "contract":
            rows.append(contract(id, **keys))
        else:
            rows.append(fact(id, **keys, at="nope" if shape == "bad" else "2008-03-02"))
    return rows


def outcome(reading):
    """What an order must not change: ids stored, and ids in fault when no two corrections compete."""
    return {checked.content["id"] for checked in reading.facts}


@given(journals(), st.randoms())
@settings(max_examples=150, deadline=None)
def test_shuffled_lines_and_files_give_the_same_facts(rows, rng):
    targets = [row["corrects"] for row in rows if "corrects" in row]
    rows = [row for row in rows if targets.count(row.get("corrects")) < 2]
    shuffled = rows.copy()
    rng.shuffle(shuffled)
    cut = rng.randint(0, len(shuffled))
    whole = read(to_lines(*rows))
    parts = read(to_lines(*shuffled[:cut]), to_lines(*shuffled[cut:]))
    assert outcome(whole) == outcome(parts)
    assert sorted(fault.code for fault in whole.faults) == sorted(fault.code for fault in parts.faults)


@given(journals(), st.randoms())
@settings(max_examples=150, deadline=None)
def test_order_only_decides_which_of_two_corrections_stands(rows, rng):
    shuffled = rows.copy()
    rng.shuffle(shuffled)
    whole, other = read(to_lines(*rows)), read(to_lines(*shuffled))

    def corrected(reading):
        return sorted(checked.content["corrects"] for checked in reading.facts if "corrects" in checked.content)

    roots = {row["id"] for row in rows if "corrects" not in row}
    assert outcome(whole) & roots == outcome(other) & roots
    assert set(corrected(whole)) & roots == set(corrected(other)) & roots


@given(journals())
@settings(max_examples=150, deadline=None)
def test_reading_again_what_was_stored_changes_nothing(rows):
    first = read(to_lines(*rows))
    stored = [checked.content for checked in first.facts]
    again = read(to_lines(*stored), store=MemoryStore(first))
    assert (again.facts, again.faults, again.already_known) == ([], [], len(stored))


@given(journals())
@settings(max_examples=150, deadline=None)
def test_corrections_match_the_obvious_model(rows):
    links = [Link(row["id"], row["kind"], row["action"], row.get("corrects")) for row in rows]
    assert judge_corrections(links, {}) == slow_judgement(links)


def slow_judgement(links):
    """FACTS §7 word for word: each code in turn over the lines that stand, from the top whenever one falls."""
    standing, fallen = list(links), {}
    while True:
        by_id = {link.id: link for link in standing}
        bad = next(filter(None, (test(standing, by_id) for test in (unknown, cycle, kind, action, twice))), None)
        if bad is None:
            return fallen
        code, ids = bad
        fallen |= dict.fromkeys(ids, code)
        standing = [link for link in standing if link.id not in ids]


def _bad(code, ids):
    return (code, set(ids)) if ids else None


def unknown(standing, by_id):
    return _bad("E_CORRECTS_UNKNOWN", [link.id for link in standing if link.corrects and link.corrects not in by_id])


def cycle(standing, by_id):
    def comes_back(link):
        here = link
        for _ in standing:
            here = by_id.get(here.corrects)
            if here is None:
                return False
            if here is link:
                return True
        return False

    return _bad("E_CORRECTS_CYCLE", [link.id for link in standing if comes_back(link)])


def kind(standing, by_id):
    bad = [link.id for link in standing if link.corrects and by_id[link.corrects].kind != link.kind]
    return _bad("E_CORRECTS_KIND", bad)


def action(standing, by_id):
    bad = [link.id for link in standing if link.corrects and by_id[link.corrects].action != link.action]
    return _bad("E_CORRECTS_ACTION", bad)


def twice(standing, by_id):
    met, later = set(), []
    for link in standing:
        if link.corrects:
            if link.corrects in met:
                later.append(link.id)
            met.add(link.corrects)
    return _bad("E_CORRECTS_TWICE", later)


def test_stored_target_already_corrected_refuses_every_line():
    stored = {"F1": Target("k", "A", is_corrected=True), "F2": Target("k", "A", is_corrected=False)}
    links = [Link("N1", "k", "A", "F1"), Link("N2", "k", "A", "F2"), Link("N3", "k", "A", "F2")]
    assert judge_corrections(links, stored) == {"N1": "E_CORRECTS_TWICE", "N3": "E_CORRECTS_TWICE"}


def test_very_long_chain_whose_root_is_missing_falls_quickly():
    links = [Link(f"F{n}", "k", "A", f"F{n - 1}") for n in range(1, 50_001)]
    assert len(judge_corrections(links, {})) == 50_000


def test_corrections_may_come_before_their_target_and_across_files():
    rows = [fact("F1"), fact("F2", corrects="F1"), void("F3", "F2"), fact("F4", corrects="F3")]
    random.Random(3).shuffle(rows)
    reading = read(to_lines(*rows[:2]), to_lines(*rows[2:]))
    assert (len(reading.facts), reading.faults) == (4, [])


def test_equal_contents_count_once_and_differing_ones_are_faults_on_the_later_line():
    rows = [
        b'{"id":"F1","kind":"session_held","at":"2008-03-02","action":"A1","session":"S1","source":"declared","data":{"hours":1}}',
        b'{"data":{"hours":1.0},"source":"declared","session":"S1","action":"A1","at":"2008-03-02","kind":"session_held","id":"F1"}',
        b'{"id":"F1","kind":"session_held","at":"2008-03-02T00:00","action":"A1","session":"S1","source":"declared","data":{"hours":1}}',
    ]
    reading = read(to_lines(*rows))
    assert (len(reading.facts), reading.already_known) == (1, 1)
    assert [(fault.line, fault.code) for fault in reading.faults] == [(4, "E_DUPLICATE_ID")]


def test_invalid_line_does_not_take_its_id():
    assert [(f.line, f.code) for f in read(to_lines(fact("F1", at="x"), fact("F1"))).faults] == [(2, "E_DATE")]


def test_lines_that_repeat_a_fallen_correction_fall_with_it():
    row = fact("F2", corrects="F9")
    assert [(f.line, f.code) for f in read(to_lines(row, row)).faults] == [
        (2, "E_CORRECTS_UNKNOWN"),
        (3, "E_CORRECTS_UNKNOWN"),
    ]


def test_refs_come_from_a_file_given_before_only():
    short = {"journal": "essaim/1", "actions": []}
    with_session = fact("F2", organisation="O1", session="S1")
    before = read(to_lines(fact("F1")), to_lines(with_session, header=short))
    after = read(to_lines(with_session, header=short), to_lines(fact("F1")))
    assert before.faults == []
    assert [(fault.file, fault.line, fault.code) for fault in after.faults] == [("0", 2, "E_ACTION")]


def test_refs_may_come_from_an_earlier_import():
    earlier = read(to_lines())
    short = {"journal": "essaim/1", "actions": []}
    again = read(to_lines(fact(organisation="O1", session="S1"), header=short), store=MemoryStore(earlier))
    assert again.faults == []


def test_blank_lines_keep_their_numbers_and_a_last_line_needs_no_end():
    lines = [b"\xef\xbb\xbf" + to_lines()[0] + b"\r\n", b"\r\n", b" \n", json.dumps(fact(at="x")).encode()]
    assert [(fault.line, fault.code) for fault in read(lines).faults] == [(4, "E_DATE")]


@given(st.lists(st.binary(max_size=60) | st.text(max_size=40).map(str.encode), max_size=6))
@settings(max_examples=300, deadline=None)
def test_no_bytes_crash_the_reader(lines):
    reading = read([line.replace(b"\n", b"") for line in lines])
    assert reading.facts == []


NAMES = st.sampled_from(["id", "kind", "data", "void", "type", "journal", "actions", "ref"])
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda child: st.lists(child, max_size=3) | st.dictionaries(NAMES, child, max_size=5),
    max_leaves=12,
)
KEYS = st.sampled_from(["header", "organisations", "sessions", *sorted(load_schema().common)])


@given(ANY_JSON, KEYS)
@settings(max_examples=400, deadline=None)
def test_no_value_crashes_the_reader(value, key):
    if key in {"header", "organisations", "sessions"}:
        header = value if key == "header" else {"journal": "essaim/1", "actions": [], key: value}
        read(to_lines(header=json.dumps(header).encode()))
    else:
        read(to_lines(fact() | {key: value}))
        read(to_lines(contract() | {"data": {"contract": value, "type": value, "starts": value, "total_hours": value}}))
