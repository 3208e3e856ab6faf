"""What is wrong with a journal: one fault a line, with a code of FACTS §7 and a sentence for the person who reads."""

from __future__ import annotations

from dataclasses import dataclass

# The order of FACTS §7: when several codes apply to a line, the first of this list is the one reported.
CODES = (
    "E_HEADER", "E_ENCODING", "E_DUPLICATE_KEY", "E_JSON", "E_TEXT", "E_OBJECT", "E_VERSION", "E_KEY_UNKNOWN",
    "E_KEY_MISSING", "E_REF", "E_TYPE", "E_PRACTICE", "E_SETTING", "E_SIRET", "E_REF_TWICE", "E_KIND", "E_DATE",
    "E_ACTION", "E_ORGANISATION", "E_SESSION", "E_SESSION_ACTION", "E_SOURCE", "E_VOID", "E_NEEDS", "E_FORBIDDEN",
    "E_FIELD_UNKNOWN", "E_FIELD_MISSING", "E_FIELD_TYPE", "E_ENUM", "E_RANGE", "E_ORDER", "E_DUPLICATE_ID",
    "E_CORRECTS_UNKNOWN", "E_CORRECTS_CYCLE", "E_CORRECTS_KIND", "E_CORRECTS_ACTION", "E_CORRECTS_TWICE",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """``file`` is the path as given, ``line`` counts from 1."""

    file: str
    line: int
    code: str
    message: str


class FaultError(Exception):
    """Raised inside the engine by the first check that fails; becomes the ``Fault`` of the line."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
