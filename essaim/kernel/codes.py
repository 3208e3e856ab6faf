"""Public codes: what a page, a URL or a file shows instead of a row number."""

import secrets

# Crockford's alphabet: no I, L, O or U, so that a code can be read aloud and typed without doubt.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_code(prefix: str, *, length: int = 10) -> str:
    """Return an unguessable reference such as ``P7K3F9QX0TM``.

    ``length`` characters of 5 random bits each follow the prefix (10 by default: 50 bits). The result fits the
    reference form of the journal format (``^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$``).
    """
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(length))
