"""The secret of a link without account: drawn here, shown once, kept only as a fingerprint."""

import hashlib
import secrets


def new_token() -> str:
    """Return 256 random bits as text safe in an address."""
    return secrets.token_urlsafe(32)


def token_fingerprint(token: str) -> str:
    """Return the SHA-256 of a token, in hexadecimal: what the database keeps and looks for."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
