"""Where the server of a data folder lives, and as which system user it runs.

PostgreSQL refuses to run as root. As root, the server runs as the system user ``essaim`` and its cluster
lives in ``/var/lib/essaim/<random id>``; the id is kept in the data folder, so that a fresh clone at the same
place never meets an old database. Otherwise everything is in the data folder. No folder of anybody else ever
has its rights changed.
"""

import contextlib
import fcntl
import hashlib
import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from essaim.cli.errors import CommandError
from essaim.cli.postgres import binaries

SYSTEM_USER = "essaim"
SYSTEM_ROOT = Path("/var/lib/essaim")
PROJECT_ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Cluster:
    """``run_as`` holds the arguments of ``subprocess`` that make a program run as the server's user."""

    data_dir: Path
    base: Path
    uid: int
    run_as: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def files(self) -> Path:
        return self.base / "postgres"

    @property
    def log(self) -> Path:
        return self.base / "postgres.log"

    @property
    def socket_dir(self) -> Path:
        """Short and without odd characters: the path of a socket is limited to 107 bytes."""
        return Path("/tmp") / f"essaim-{self.uid}-{hashlib.sha256(bytes(self.files)).hexdigest()[:12]}"  # noqa: S108

    @property
    def major(self) -> int | None:
        version = self.files / "PG_VERSION"
        return int(version.read_text()) if version.exists() else None


def data_folder() -> Path:
    """Return the data folder: ``ESSAIM_DATA_DIR``, by default ``var`` beside the package."""
    return Path(os.environ.get("ESSAIM_DATA_DIR") or PROJECT_ROOT / "var").resolve()


def find_cluster(data_dir: Path) -> Cluster:
    """Return the cluster of a data folder; make the folders and the system user that it needs."""
    _make_data_folder(data_dir)
    if os.geteuid() != 0:
        return Cluster(data_dir, data_dir, os.geteuid(), {"cwd": data_dir})
    account = _system_account()
    base = SYSTEM_ROOT / _identifier(data_dir)
    for folder in (SYSTEM_ROOT, base):
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    (base / "data_dir").write_text(str(data_dir))
    as_user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "cwd": base}
    return Cluster(data_dir, base, account.pw_uid, as_user)


@cache
def find_programs(cluster: Cluster) -> Path:
    """Return the folder of PostgreSQL's programs that the server's user may execute."""
    folder = binaries.find_binaries(major=cluster.major)
    root = binaries.package_root()
    from_package = root is not None and folder.is_relative_to(root)
    if from_package and "user" in cluster.run_as and not _may_execute(cluster, folder / "postgres"):
        return binaries.copy_package(SYSTEM_ROOT)
    return folder


@contextmanager
def starting_lock(cluster: Cluster) -> Iterator[None]:
    """Only one process at a time makes, starts or stops the server of a data folder."""
    with (cluster.data_dir / "server.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _make_data_folder(data_dir: Path) -> None:
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"Le dossier de données {data_dir} ne peut pas être créé : {error.strerror}.") from None
    if not os.access(data_dir, os.W_OK):
        raise CommandError(
            f"Le dossier de données {data_dir} n’est pas accessible en écriture. "
            "Choisissez-en un autre par la variable ESSAIM_DATA_DIR."
        )


def _identifier(data_dir: Path) -> str:
    """Return the random name of the cluster of this data folder.

    A data folder copied elsewhere gets a name of its own as long as the original is still there.
    """
    kept = data_dir / "cluster-id"
    with (data_dir / "cluster-id.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        identifier = kept.read_text().strip() if kept.exists() else ""
        if identifier and not _belongs_to_another(identifier, data_dir):
            return identifier
        identifier = secrets.token_hex(8)
        kept.write_text(identifier)
    return identifier


def _belongs_to_another(identifier: str, data_dir: Path) -> bool:
    try:
        owner = Path((SYSTEM_ROOT / identifier / "data_dir").read_text())
        return owner != data_dir and (owner / "cluster-id").read_text().strip() == identifier
    except OSError:
        return False


def _system_account() -> Any:
    import pwd

    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    try:
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
            capture_output=True,
            check=False,
        )
        return pwd.getpwnam(SYSTEM_USER)
    except (OSError, KeyError):
        raise CommandError(
            f"PostgreSQL refuse de tourner en root, et l’utilisateur système « {SYSTEM_USER} » "
            "n’a pas pu être créé. Lancez la commande avec un utilisateur ordinaire, ou donnez DATABASE_URL."
        ) from None


def _may_execute(cluster: Cluster, program: Path) -> bool:
    probe = subprocess.run(["/usr/bin/test", "-x", program], check=False, **cluster.run_as)
    return probe.returncode == 0
