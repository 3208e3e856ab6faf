"""Collecting the static files (hashed, compressed), skipped when nothing changed."""

import subprocess
import sys

from essaim.cli import fingerprint
from essaim.cli.database import project_root
from essaim.cli.errors import CommandError
from essaim.cli.postgres.cluster import data_folder

# What the packages bring and no page uses: compressing it would take most of the time.
UNUSED = (
    "*.rtl.*",
    "bootstrap-grid*",
    "bootstrap-reboot*",
    "bootstrap-utilities*",
    "bootstrap.css*",
    "bootstrap.js*",
    "bootstrap.min.js*",
    "bootstrap.bundle.js*",
    "*.esm.*",
    "ext",
    "htmax*",
    "htmx-4*",
)


def collect_static_files() -> None:
    """Collect the static files into the data folder if they changed since the last time."""
    folder = data_folder()
    stamp, wanted = folder / "static.stamp", fingerprint.of_static_files()
    if stamp.exists() and stamp.read_text() == wanted and (folder / "static").is_dir():
        return
    ignored = [f"--ignore={pattern}" for pattern in UNUSED]
    command = [sys.executable, "-m", "django", "collectstatic", "--no-input", "--clear", "--verbosity=0"]
    if subprocess.run([*command, *ignored], stdout=sys.stderr, check=False, cwd=project_root()).returncode:
        raise CommandError("Les fichiers statiques n’ont pas pu être rassemblés.")
    stamp.write_text(wanted)
