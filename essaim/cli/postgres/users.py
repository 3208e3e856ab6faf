"""Who needs the embedded server: each process holds a shared file lock, the last one out stops the server."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from essaim.cli.postgres.cluster import Cluster, data_folder, find_cluster, starting_lock
from essaim.cli.postgres.roles import Addresses, addresses, make_database
from essaim.cli.postgres.server import start_server, stop_server


@contextmanager
def using_server(*, extra: tuple[str, ...] = ()) -> Iterator[tuple[Cluster, Addresses]]:
    """Keep the server of the data folder up for the time of the block.

    The kernel releases the lock of a process that dies, so a killed user is never counted. Whoever starts
    while the last one is stopping the server waits, then starts it again.
    """
    cluster = find_cluster(data_folder())
    handle = os.open(cluster.data_dir / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        socket_dir = start_server(cluster, extra=extra)
        with starting_lock(cluster):
            make_database(socket_dir)
        yield cluster, addresses(socket_dir)
    finally:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        else:
            stop_server(cluster)
        os.close(handle)
