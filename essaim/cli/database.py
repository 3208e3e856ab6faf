"""Which database a command works on, made ready before Django starts."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def open_database(*, as_owner: bool = False) -> Iterator[None]:
    """Point Django at the database for the time of a command."""
    if as_owner and os.environ.get("DATABASE_OWNER_URL"):
        os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"]
    yield


@contextmanager
def ready_database() -> Iterator[None]:
    """Open the database, migrated and with the guide loaded."""
    with open_database():
        yield
