"""Starting, stopping and probing the server. The only proof of life is a server that answers.

After a kill -9, the file of the process number and `pg_ctl status` both lie for a moment; orphan backends of
the dead server also keep its memory for a while, and a new server then refuses to start. So: ask, start, and
ask again.
"""

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

from essaim.cli.errors import CommandError
from essaim.cli.postgres.cluster import Cluster, find_programs, starting_lock

PORT = 5432
PATIENCE_SECONDS = 60.0
SUPERUSER = "postgres"


def start_server(cluster: Cluster, *, extra: tuple[str, ...] = ()) -> Path:
    """Make sure that the server of this cluster answers and return the folder of its socket.

    Makes the cluster at first use. ``extra`` are settings (``fsync=off``) of a server started by this call.
    """
    with starting_lock(cluster):
        answering = answering_socket(cluster)
        if answering is not None:
            return answering
        programs = find_programs(cluster)
        if cluster.major is None:
            _make_cluster(cluster, programs)
        socket_dir = _private_socket_dir(cluster)
        _start_until_it_answers(cluster, programs, socket_dir, extra)
        return socket_dir


def stop_server(cluster: Cluster) -> None:
    """Stop the server of this cluster and wait until it is gone; nothing to do when none runs."""
    with starting_lock(cluster):
        if cluster.major is None or not (cluster.files / "postmaster.pid").exists():
            return
        programs = find_programs(cluster)
        for mode in ("fast", "immediate"):
            if _run(cluster, [programs / "pg_ctl", "-m", mode, "-w", "-t", "30", "stop"]).returncode == 0:
                break
        shutil.rmtree(cluster.socket_dir, ignore_errors=True)


def answering_socket(cluster: Cluster) -> Path | None:
    """Return the folder of the socket on which the server answers, None when it does not.

    A running server may have been started with another socket folder: its own file says which (line 5).
    """
    if cluster.major is None:
        return None
    programs = find_programs(cluster)
    for folder in dict.fromkeys([*_recorded_socket_dir(cluster), cluster.socket_dir]):
        if folder.exists():
            ready = _run(cluster, [programs / "pg_isready", "-q", "-t", "3", "-h", folder, "-p", str(PORT)])
            if ready.returncode == 0:
                return folder
    return None


def discard_cluster(cluster: Cluster) -> None:
    """Stop the server and remove its files for good."""
    stop_server(cluster)
    if "user" in cluster.run_as:
        shutil.rmtree(cluster.base, ignore_errors=True)
        (cluster.data_dir / "cluster-id").unlink(missing_ok=True)
    else:
        shutil.rmtree(cluster.files, ignore_errors=True)


def _make_cluster(cluster: Cluster, programs: Path) -> None:
    """Build the cluster aside, then give it its name: an interrupted creation leaves nothing behind."""
    fresh = cluster.base / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    if "user" in cluster.run_as:
        os.chown(fresh, cluster.run_as["user"], cluster.run_as["group"])
    options = [
        "--auth-local=trust",
        "--auth-host=reject",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--no-instructions",
    ]
    made = _run(cluster, [programs / "initdb", "-D", fresh, "-U", SUPERUSER, *options])
    if made.returncode:
        shutil.rmtree(fresh, ignore_errors=True)
        raise CommandError(f"La base de données n’a pas pu être créée dans {cluster.base} :\n{made.stdout}")
    fresh.rename(cluster.files)


def _start_until_it_answers(cluster: Cluster, programs: Path, socket_dir: Path, extra: tuple[str, ...]) -> None:
    if "user" in cluster.run_as:
        cluster.log.touch()
        os.chown(cluster.log, cluster.run_as["user"], cluster.run_as["group"])
    options = " ".join([f"-k {socket_dir} -h '' -p {PORT}", *(f"-c {setting}" for setting in extra)])
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        _forget_dead_server(cluster)
        # The paths of the data and of the log reach pg_ctl without passing through its shell: any character
        # is safe.
        _run(cluster, [programs / "pg_ctl", "-w", "-t", "30", "-l", cluster.log.name, "-o", options, "start"])
        if answering_socket(cluster) is not None:
            return
        if time.monotonic() > deadline:
            tail = cluster.log.read_text(errors="replace")[-2000:] if cluster.log.exists() else ""
            raise CommandError(f"La base de données ne démarre pas. Journal {cluster.log} :\n{tail}")
        time.sleep(0.2)


def _forget_dead_server(cluster: Cluster) -> None:
    """Remove the process file of a server that is certainly dead, when PostgreSQL itself could not know.

    It cannot when the number now belongs to another program of the same user, or to a dead process that
    nobody has buried (a container without init). The file stays as long as a backend still holds the old
    memory segment.
    """
    pid_file = cluster.files / "postmaster.pid"
    try:
        lines = pid_file.read_text().splitlines()
        status = Path(f"/proc/{int(lines[0])}/stat").read_text()
    except (OSError, ValueError, IndexError):
        return
    name, state = status.split("(", 1)[1].rsplit(") ", 1)
    is_dead = name != "postgres" or state.startswith("Z")
    if is_dead and not _memory_is_attached(lines):
        pid_file.unlink(missing_ok=True)


def _memory_is_attached(lines: list[str]) -> bool:
    try:
        segment = lines[6].split()[1]
        rows = [row.split() for row in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]]
    except (OSError, IndexError):
        return True
    return any(row[1] == segment and int(row[6]) > 0 for row in rows)


def _private_socket_dir(cluster: Cluster) -> Path:
    folder = cluster.socket_dir
    try:
        folder.mkdir(mode=0o700)
        if "user" in cluster.run_as:
            os.chown(folder, cluster.run_as["user"], cluster.run_as["group"])
    except FileExistsError:
        found = folder.lstat()
        if folder.is_symlink() or found.st_uid != cluster.uid or found.st_mode & 0o077:
            raise CommandError(f"Le dossier {folder} existe et appartient à quelqu’un d’autre.") from None
    return folder


def _recorded_socket_dir(cluster: Cluster) -> list[Path]:
    try:
        recorded = (cluster.files / "postmaster.pid").read_text().splitlines()[4].strip()
    except (OSError, IndexError):
        return []
    return [Path(recorded)] if recorded else []


def _run(cluster: Cluster, command: list[Any]) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as the server's user, on the cluster's files."""
    return subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        env={**_clean_environment(), "PGDATA": str(cluster.files), "LC_ALL": "C.UTF-8"},
        **cluster.run_as,
    )


def _clean_environment() -> dict[str, str]:
    """Return the environment without libpq's variables, which would send the programs to another server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}
