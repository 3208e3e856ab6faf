"""Watching over what `essaim serve` needs while it runs."""

import sys
import time
import urllib.error
import urllib.request

from essaim.cli.errors import CommandError
from essaim.cli.postgres.cluster import Cluster
from essaim.cli.postgres.server import start_server

PROBE_TIMEOUT = 3


class ServerWatch:
    """Starts the embedded server again when it stops answering."""

    def __init__(self, cluster: Cluster, url: str) -> None:
        self.cluster = cluster
        self.url = url

    def look(self) -> None:
        """Probe the server; bring it back if it is gone."""
        if self._answers():
            return
        print("Base de données : ne répond plus, redémarrage.", file=sys.stderr, flush=True)
        try:
            start_server(self.cluster)
        except CommandError as error:
            print(error.message, file=sys.stderr, flush=True)

    def _answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.url, connect_timeout=PROBE_TIMEOUT).close()
        except psycopg.OperationalError:
            return False
        return True


def wait_for_web(url: str, *, seconds: float) -> bool:
    """Return whether the web answered its health page before the end of the wait."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False
