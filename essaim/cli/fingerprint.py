"""Has anything changed since last time? A digest of the files that a slow step depends on."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
REQUIREMENTS = PACKAGE.parent / "requirements" / "run.txt"


def of_database() -> str:
    """Return the digest of what prepares a database: migrations, guide, packages."""
    return _digest([*PACKAGE.glob("*/migrations/*.py"), *PACKAGE.glob("guide/data/**/*"), REQUIREMENTS])


def of_static_files() -> str:
    """Return the digest of what the collected static files are made from."""
    return _digest([*PACKAGE.glob("*/static/**/*"), PACKAGE / "cli" / "static_files.py", REQUIREMENTS])


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file()):
        digest.update(str(path).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
