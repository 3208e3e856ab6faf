"""The condition language, read and evaluated in Python."""

import pytest

from essaim.kernel.engine.conditions import DefinitionError, evaluate, fields_of, parse_where, settings_used

VALUES = {
    "person.sex": "male",
    "person.age": 25,
    "person.zones": ["qpv", "zfu"],
    "person.statuses": [],
    "data.passed": True,
    "data.hours": 1,
    "data.track": "été",
}
SETTINGS = {"age_max": 26, "sex": "male", "flag": True}


def holds(where):
    return evaluate(parse_where(where), VALUES.get, SETTINGS)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({}, True),
        ({"person.sex": "male"}, True),
        ({"person.sex": "male", "person.age": 26}, False),
        ({"person.sex": ["female", "male"]}, True),
        ({"person.sex": []}, False),
        ({"person.level": None}, True),
        ({"person.statuses": None}, True),
        ({"person.statuses": {"ne": None}}, False),
        ({"person.sex": {"ne": None}}, True),
        ({"person.zones": "qpv"}, True),
        ({"person.zones": ["action_area", "zfu"]}, True),
        ({"person.zones": {"ne": "qpv"}}, False),
        ({"person.zones": {"ne": "action_area"}}, True),
        ({"person.zones": {"gte": "a"}}, False),
        ({"person.statuses": {"ne": "rsa"}}, False),
        ({"person.level": {"ne": 3}}, False),
        ({"not": {"person.level": 3}}, True),
        ({"data.passed": True}, True),
        ({"data.passed": 1}, False),
        ({"data.hours": True}, False),
        ({"data.hours": 1.0}, True),
        ({"data.passed": {"gte": 0}}, False),
        ({"data.hours": {"gte": "0"}}, False),
        ({"data.hours": {"ne": "1"}}, True),
        ({"data.track": {"gt": "z"}}, True),
        ({"person.age": {"gte": 25, "lt": 26}}, True),
        ({"person.age": {"gt": 25}}, False),
        ({"person.age": {"lte": {"setting": "age_max"}}}, True),
        ({"person.age": {"lte": {"setting": "unset"}}}, False),
        ({"person.age": {"ne": {"setting": "unset"}}}, False),
        ({"person.age": {"ne": {"setting": "flag"}}}, True),
        ({"person.sex": {"setting": "sex"}}, True),
        ({"person.sex": [{"setting": "unset"}, {"setting": "sex"}]}, True),
        ({"any": []}, False),
        ({"all": []}, True),
        ({"any": [{"person.sex": "female"}, {"person.age": 25}]}, True),
        ({"not": {"any": [{"person.sex": "female"}, {"person.level": {"ne": 3}}]}}, True),
    ],
)
def test_conditions_follow_two_valued_logic(where, expected):
    assert holds(where) is expected


@pytest.mark.parametrize(
    ("where", "path"),
    [
        ([], "where"),
        ({"person.shoe": 1}, "where.person.shoe"),
        ({"sexe": "male"}, "where.sexe"),
        ({"data.": 1}, "where.data."),
        ({"any": {"kind": "x"}}, "where.any"),
        ({"any": [{"kind": "x"}, {"kid": "x"}]}, "where.any[1].kid"),
        ({"not": {"all": [{"day": {"after": "x"}}]}}, "where.not.all[0].day.after"),
        ({"day": {}}, "where.day"),
        ({"day": {"gte": None}}, "where.day.gte"),
        ({"day": {"gte": [1]}}, "where.day.gte"),
        ({"day": [["x"]]}, "where.day[0]"),
        ({"day": {"setting": "Bad Key"}}, "where.day"),
        ({"day": {"setting": "k", "gte": 1}}, "where.day"),
        ({"day": "a\x00b"}, "where.day"),
    ],
)
def test_faults_say_where_they_are(where, path):
    with pytest.raises(DefinitionError) as fault:
        parse_where(where, "where")
    assert fault.value.path == path
    assert fault.value.message


def test_fields_and_settings_are_listed():
    condition = parse_where({"any": [{"day": {"gte": {"setting": "a"}}}, {"not": {"data.x": {"setting": "b"}}}]})
    assert list(fields_of(condition)) == ["day", "data.x"]
    assert list(settings_used(condition)) == ["a", "b"]
