"""Public codes: what a page, a URL or a file shows instead of a row number."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from random import Random

# Crockford's alphabet: no I, L, O or U, so that a code can be read aloud and typed without doubt.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


_source: ContextVar[Random | None] = ContextVar("source of public codes", default=None)


@contextmanager
def drawn_codes(rng: Random) -> Iterator[None]:
    """Draw the codes made inside from ``rng``: invented people are the same for the same seed, codes included.

    For rehearsals and demonstrations only: these codes can be guessed.
    """
    token = _source.set(rng)
    try:
        yield
    finally:
        _source.reset(token)


def new_code(prefix: str, *, length: int = 10) -> str:
    """Return an unguessable reference such as ``P7K3F9QX0TM``.

    ``length`` characters of 5 random bits each follow the prefix (10 by default: 50 bits). The result fits the
    reference form of the journal format (``^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$``).
    """
    choose = getattr(_source.get(), "choice", secrets.choice)
    return prefix + "".join(choose(ALPHABET) for _ in range(length))
