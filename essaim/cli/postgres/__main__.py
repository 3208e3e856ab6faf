"""`python -m essaim.cli.postgres [--discard] COMMAND…`: run a command on the embedded server, as its
superuser.

For tests and drills: durability is off, and ``--discard`` removes the cluster at the end.
"""

import os
import subprocess
import sys

from essaim.cli.errors import CommandError
from essaim.cli.postgres.server import discard_cluster
from essaim.cli.postgres.users import using_server

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def main(arguments: list[str]) -> int:
    """Run the command with DATABASE_URL set and return its exit code."""
    discard = arguments[:1] == ["--discard"]
    command = arguments[1:] if discard else arguments
    try:
        with using_server(extra=FAST) as (cluster, urls):
            code = subprocess.run(command, env={**os.environ, "DATABASE_URL": urls.superuser}, check=False).returncode
        if discard:
            discard_cluster(cluster)
    except CommandError as refusal:
        print(refusal.message, file=sys.stderr)
        return 1
    return code


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
