"""Rough handling of the embedded server: kills, simultaneous starts, neighbours."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from essaim.cli.postgres import binaries, server
from essaim.cli.postgres.cluster import find_cluster
from essaim.cli.postgres.roles import addresses, make_database
from essaim.cli.postgres.users import using_server

pytestmark = pytest.mark.drill


def postmaster(cluster):
    return int((cluster.files / "postmaster.pid").read_text().split()[0])


def test_killed_server_starts_again_at_once_and_keeps_its_rows(data_dir):
    with using_server() as (cluster, urls):
        with psycopg.connect(urls.owner) as connection:
            connection.execute("CREATE TABLE essai AS SELECT generate_series(1, 100000) AS id")
        for _ in range(5):
            os.kill(postmaster(cluster), signal.SIGKILL)
            socket_dir = server.start_server(cluster)
            with psycopg.connect(addresses(socket_dir).owner) as connection:
                assert connection.execute("SELECT count(*) FROM essai").fetchone() == (100000,)


def test_server_killed_under_an_open_connection_starts_again(data_dir):
    with using_server() as (cluster, urls):
        waiting = subprocess.Popen(
            [
                sys.executable,
                "-c",
                f"import psycopg; psycopg.connect({urls.app!r}).execute('SELECT pg_sleep(60)')",
            ],
            stderr=subprocess.DEVNULL,
        )
        time.sleep(1)
        os.kill(postmaster(cluster), signal.SIGKILL)
        socket_dir = server.start_server(cluster)
        psycopg.connect(addresses(socket_dir).app).close()
        waiting.wait(timeout=30)


def test_simultaneous_first_starts_share_one_server(data_dir):
    script = (
        "from essaim.cli.postgres.users import using_server\n"
        "import psycopg, time\n"
        "with using_server() as (cluster, urls):\n"
        "    psycopg.connect(urls.app).close(); time.sleep(0.5)\n"
        "    print((cluster.files / 'postmaster.pid').read_text().split()[0])\n"
    )
    users = [subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) for _ in range(6)]
    numbers = [user.communicate(timeout=120)[0].strip() for user in users]
    assert [user.returncode for user in users] == [0] * 6
    assert all(numbers)
    assert server.answering_socket(find_cluster(data_dir)) is None


def test_comings_and_goings_never_meet_a_stopping_server(data_dir):
    script = (
        "from essaim.cli.postgres.users import using_server\n"
        "import psycopg\n"
        "for _ in range(5):\n"
        "    with using_server() as (_, urls):\n"
        "        psycopg.connect(urls.app).close()\n"
    )
    users = [subprocess.Popen([sys.executable, "-c", script]) for _ in range(3)]
    assert [user.wait(timeout=300) for user in users] == [0, 0, 0]


def test_killed_user_is_not_counted(data_dir):
    script = "from essaim.cli.postgres.users import using_server\nwith using_server(): print(flush=True); input()"
    with using_server() as (cluster, _):
        command = [sys.executable, "-c", script]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as user:
            user.stdout.readline()
            user.kill()
    assert server.answering_socket(cluster) is None


def test_interrupted_creation_leaves_nothing_behind(data_dir):
    cluster = find_cluster(data_dir)
    (cluster.base / "postgres.new").mkdir()
    (cluster.base / "postgres.new" / "PG_VERSION").write_text("18\n")
    with using_server() as (_, urls):
        psycopg.connect(urls.app).close()


def test_two_data_folders_live_side_by_side(data_dir, monkeypatch, tmp_path):
    with using_server() as (first, first_urls):
        monkeypatch.setenv("ESSAIM_DATA_DIR", str(tmp_path / "other"))
        with using_server() as (second, second_urls):
            assert first.files != second.files
            with psycopg.connect(second_urls.owner) as connection:
                connection.execute("CREATE TABLE only_here ()")
            with psycopg.connect(first_urls.owner) as connection:
                assert connection.execute("SELECT to_regclass('only_here')").fetchone() == (None,)
        psycopg.connect(first_urls.app).close()
    server.discard_cluster(second)


def test_server_running_with_another_socket_folder_is_used(data_dir, tmp_path, monkeypatch):
    cluster = find_cluster(data_dir)
    elsewhere = Path("/tmp") / f"essaim-elsewhere-{os.getpid()}"
    with monkeypatch.context() as other:
        other.setattr(type(cluster), "socket_dir", elsewhere)
        assert server.start_server(cluster) == elsewhere
    started = postmaster(cluster)
    try:
        with using_server() as (_, urls):
            assert str(elsewhere) in urls.app
            assert postmaster(cluster) == started
            psycopg.connect(urls.app).close()
    finally:
        elsewhere.rmdir()


@pytest.mark.skipif(not Path("/usr/lib/postgresql").exists(), reason="no PostgreSQL of the system")
def test_programs_of_the_system_do_as_well(data_dir, monkeypatch):
    folder = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    monkeypatch.setenv("ESSAIM_POSTGRES_BIN", str(folder))
    with using_server() as (_, urls), psycopg.connect(urls.app) as connection:
        assert connection.info.server_version // 10000 == binaries.major_version(folder)
        make_database(Path(urls.app.split("host=")[1].split("&")[0]))
