"""The embedded server: what can be checked in a few seconds. The kills are in test_postgres_drills.py."""

import os
from pathlib import Path

import psycopg
import pytest

from essaim.cli.errors import CommandError
from essaim.cli.postgres import binaries, cluster, server
from essaim.cli.postgres.cluster import Cluster, find_cluster
from essaim.cli.postgres.users import using_server

LONGEST_SOCKET_PATH = 107


def test_server_in_an_awkward_folder_has_two_roles_and_stops_with_its_last_user(data_dir):
    parents = {parent: parent.stat().st_mode for parent in data_dir.parents if parent.exists()}
    with using_server() as (found, urls):
        with using_server():
            pass
        with psycopg.connect(urls.owner) as connection:
            connection.execute("CREATE TABLE essai (id int)")
            found_extensions = {row[0] for row in connection.execute("SELECT extname FROM pg_extension")}
        assert {"unaccent", "pg_trgm", "btree_gist"} <= found_extensions
        with psycopg.connect(urls.app) as connection:
            rights = "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles"
            assert connection.execute(f"{rights} WHERE rolname = current_user").fetchone() == (False,) * 4
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("DROP TABLE essai")
    assert server.answering_socket(found) is None
    assert not found.socket_dir.exists()
    assert {parent: parent.stat().st_mode for parent in parents} == parents


def test_socket_path_is_short_and_plain_wherever_the_data_is(tmp_path):
    path = str(Cluster(tmp_path, tmp_path / ("é'\" $" * 40), 0).socket_dir / ".s.PGSQL.5432")
    assert len(path) <= LONGEST_SOCKET_PATH
    assert path.isascii()
    assert " " not in path


def test_somebody_elses_socket_folder_is_refused(tmp_path):
    found = Cluster(tmp_path, tmp_path, os.geteuid())
    found.socket_dir.mkdir(mode=0o755)
    try:
        with pytest.raises(CommandError, match="appartient à quelqu’un d’autre"):
            server._private_socket_dir(found)
    finally:
        found.socket_dir.rmdir()


@pytest.fixture
def system_root(tmp_path, monkeypatch):
    root = tmp_path / "system"
    monkeypatch.setattr(cluster, "SYSTEM_ROOT", root)
    return root


def take_identifier(root, folder):
    folder.mkdir(exist_ok=True)
    identifier = cluster._identifier(folder)
    (root / identifier).mkdir(parents=True, exist_ok=True)
    (root / identifier / "data_dir").write_text(str(folder))
    return identifier


def test_data_folder_keeps_its_cluster(system_root, tmp_path):
    assert take_identifier(system_root, tmp_path / "a") == take_identifier(system_root, tmp_path / "a")


def test_new_data_folder_at_the_same_place_never_meets_the_old_cluster(system_root, tmp_path):
    before = take_identifier(system_root, tmp_path / "a")
    (tmp_path / "a" / "cluster-id").unlink()
    assert take_identifier(system_root, tmp_path / "a") != before


def test_copied_data_folder_gets_a_cluster_of_its_own(system_root, tmp_path):
    original = take_identifier(system_root, tmp_path / "a")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "cluster-id").write_text(original)
    assert take_identifier(system_root, tmp_path / "b") != original
    assert take_identifier(system_root, tmp_path / "a") == original


def test_moved_data_folder_keeps_its_cluster(system_root, tmp_path):
    original = take_identifier(system_root, tmp_path / "a")
    (tmp_path / "a").rename(tmp_path / "b")
    assert take_identifier(system_root, tmp_path / "b") == original


@pytest.fixture
def pid_file(tmp_path):
    """``pid_file(pid)``: the process file of a server of that number, and its cluster."""

    def write(pid):
        found = Cluster(tmp_path, tmp_path, os.geteuid())
        found.files.mkdir()
        file = found.files / "postmaster.pid"
        file.write_text(f"{pid}\n/data\n0\n5432\n/tmp\n\n  5432001 99999999\nready\n")
        return found, file

    return write


@pytest.mark.skipif(not Path("/proc/sysvipc/shm").exists(), reason="Linux only")
def test_process_number_taken_by_another_program_is_forgotten(pid_file):
    found, file = pid_file(os.getpid())
    server._forget_dead_server(found)
    assert not file.exists()


def test_unknown_process_number_is_left_to_postgresql(pid_file):
    found, file = pid_file(2**22 - 1)
    server._forget_dead_server(found)
    assert file.exists()


def test_running_server_with_another_socket_folder_is_found_by_its_file(pid_file):
    found, _ = pid_file(1)
    assert server._recorded_socket_dir(found) == [Path("/tmp")]


def test_programs_of_the_package_come_first(monkeypatch):
    monkeypatch.delenv("ESSAIM_POSTGRES_BIN", raising=False)
    assert binaries.find_binaries().is_relative_to(binaries.package_root())


def test_cluster_of_a_version_that_is_gone_is_said(monkeypatch):
    monkeypatch.delenv("ESSAIM_POSTGRES_BIN", raising=False)
    with pytest.raises(CommandError, match="PostgreSQL 9 est introuvable"):
        binaries.find_binaries(major=9)


def test_folder_without_programs_is_not_chosen(monkeypatch, tmp_path):
    monkeypatch.setenv("ESSAIM_POSTGRES_BIN", str(tmp_path))
    with pytest.raises(CommandError, match="introuvable"):
        binaries.find_binaries()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_data_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(CommandError, match="ESSAIM_DATA_DIR"):
        find_cluster(tmp_path / "closed")
