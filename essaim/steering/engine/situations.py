"""What became of the people who entered: five situations, each person in exactly one, in the indicator language."""

from typing import Any

DURABLE = {"any": [{"data.type": "cdi"}, {"data.term_months": {"gte": 6}}]}
_SIGNED = {"of": "contract_signed", "period": "to_date"}
_TRAINED = {"of": "training_joined", "period": "to_date"}
_ENTERED = {"count": "person", "of": "enrolment_opened"}

# In order: a lasting contract counts before a short one, a contract before training, training before being inside.
SITUATIONS: list[dict[str, Any]] = [
    {"id": "entered", "formula": _ENTERED},
    {"id": "lasting", "formula": {**_ENTERED, "with": {**_SIGNED, "where": DURABLE}}},
    {"id": "short", "formula": {**_ENTERED, "with": _SIGNED, "without": {**_SIGNED, "where": DURABLE}}},
    {"id": "training", "formula": {**_ENTERED, "with": _TRAINED, "without": _SIGNED}},
    {"id": "inside", "formula": {**_ENTERED, "where": {"active": True}, "without": [_SIGNED, _TRAINED]}},
]
