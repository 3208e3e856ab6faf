"""A data folder of its own for each test of the embedded server, removed with its cluster."""

import os
import subprocess
import sys

import pytest

from essaim.cli.database import project_root
from essaim.cli.postgres.cluster import find_cluster
from essaim.cli.postgres.server import discard_cluster

OURS = ("ESSAIM_", "DATABASE_", "SECRET_KEY", "ALLOWED_HOSTS", "DJANGO_", "EMAIL_URL", "PORT")


@pytest.fixture
def data_dir(tmp_path, monkeypatch):
    """An empty data folder, which `essaim` commands of this test use; no database is given."""
    folder = tmp_path / "it's a $folder with a long name, " / ("x" * 90)
    monkeypatch.setenv("ESSAIM_DATA_DIR", str(folder))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    yield folder
    discard_cluster(find_cluster(folder))


@pytest.fixture
def essaim():
    """``essaim("routes", "--json", SOME_VARIABLE="…")``: the command, in its own process and environment."""

    def run(*arguments, **environment):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        return subprocess.run(
            [sys.executable, "-m", "essaim", *arguments],
            env=kept | environment,
            cwd=project_root(),
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run
