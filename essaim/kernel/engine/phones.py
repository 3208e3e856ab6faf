"""Telephone numbers in the international form."""

import re

_DIALLED = re.compile(r"[\s.\-()/\u00a0\u202f]")
_FRENCH = re.compile(r"\+33[1-9][0-9]{8}")
_FOREIGN = re.compile(r"\+[1-9][0-9]{7,14}")


def read_phone(text: str) -> str:
    """Return ``+33612345678`` for « 06 12 34 56 78 », « 0033 6… », « +33 (0)6… »; "" for an empty text.

    Raises ValueError for what is no number.
    """
    dialled = _DIALLED.sub("", text)
    if not dialled:
        return ""
    if dialled.startswith("00"):
        dialled = f"+{dialled[2:]}"
    elif re.fullmatch(r"0[1-9][0-9]{8}", dialled):
        dialled = f"+33{dialled[1:]}"
    if dialled.startswith("+330"):
        dialled = f"+33{dialled[4:]}"
    if not (_FRENCH if dialled.startswith("+33") else _FOREIGN).fullmatch(dialled):
        raise ValueError("not a telephone number")
    return dialled
