"""SIRET: fourteen digits, a check digit, and La Poste's own rule."""

import re

from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength, ValidationError
from stdnum.fr import siret as stdnum_siret

_SEPARATORS = re.compile(r"[\s.\-\u00a0\u202f]")
REASONS: dict[type[ValidationError], str] = {
    InvalidFormat: "format",
    InvalidLength: "length",
    InvalidChecksum: "checksum",
}


class SiretError(ValueError):
    """``reason`` is "format" (not digits), "length" (not fourteen) or "checksum" (a digit is wrong)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_siret(text: str) -> str:
    """Return the fourteen digits of a SIRET typed with or without spaces, or "" for an empty text.

    Luhn's check digit is verified; for the establishments of La Poste (SIREN 356000000) other than its head
    office the sum of the digits must be a multiple of 5. Raises SiretError.
    """
    digits = _SEPARATORS.sub("", text)
    if not digits:
        return ""
    if not re.fullmatch(r"[0-9]+", digits):
        raise SiretError("format")
    try:
        return str(stdnum_siret.validate(digits))
    except ValidationError as fault:
        raise SiretError(REASONS.get(type(fault), "checksum")) from None
