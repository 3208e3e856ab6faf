"""`essaim serve` under rough handling: it comes back by itself, and leaves nothing when it stops."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from essaim.cli.database import project_root
from essaim.cli.postgres.cluster import find_cluster

pytestmark = pytest.mark.drill
BACK_WITHIN_SECONDS = 30


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def status(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sante/", timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return None


def wait_until(condition, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.2)
    return False


def processes(data_dir, *words):
    """The numbers of the processes of this data folder whose command line has these words."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes()
            command = (folder / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        mine = f"ESSAIM_DATA_DIR={data_dir}".encode() in environment.split(b"\0")
        if mine and int(folder.name) != os.getpid() and all(word in command for word in words):
            found.append(int(folder.name))
    return sorted(found)


@pytest.fixture
def serve(data_dir):
    """``serve()``: start `essaim serve`, wait until it answers; gives its process and its port."""
    started = []

    def start():
        port = free_port()
        log = (data_dir.parent / "serve.log").open("ab")
        command = [sys.executable, "-m", "essaim", "serve", "--port", str(port)]
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
        process = subprocess.Popen(command, cwd=project_root(), stdout=log, stderr=log, env=environment)
        log.close()
        started.append(process)
        assert wait_until(lambda: process.poll() is not None or status(port) == 200, 120)
        assert process.poll() is None, (data_dir.parent / "serve.log").read_text()
        return process, port

    data_dir.mkdir(parents=True)
    yield start
    for process in started:
        process.terminate()
        process.wait(timeout=60)


def test_every_part_that_is_killed_comes_back(serve, data_dir):
    process, port = serve()
    postmaster = int((find_cluster(data_dir).files / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    assert wait_until(lambda: status(port) == 200, BACK_WITHIN_SECONDS)
    for number in processes(data_dir, "granian"):
        os.kill(number, signal.SIGKILL)
    assert wait_until(lambda: status(port) == 200, BACK_WITHIN_SECONDS)
    (worker,) = processes(data_dir, "procrastinate", "worker")
    os.kill(worker, signal.SIGKILL)
    assert wait_until(lambda: set(processes(data_dir, "procrastinate")) - {worker}, BACK_WITHIN_SECONDS)
    assert process.poll() is None


def test_requests_are_told_to_come_back_while_the_database_is_away(serve, data_dir):
    process, port = serve()
    process.send_signal(signal.SIGSTOP)
    postmaster = int((find_cluster(data_dir).files / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    assert [status(port) for _ in range(5)] == [503] * 5
    process.send_signal(signal.SIGCONT)
    assert wait_until(lambda: status(port) == 200, BACK_WITHIN_SECONDS)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stop_leaves_nothing(serve, data_dir, number):
    process, port = serve()
    process.send_signal(number)
    assert process.wait(timeout=30) == 0
    assert processes(data_dir) == []
    assert status(port) is None


def test_killed_supervisor_takes_its_children_along_and_can_start_again(serve, data_dir):
    process, port = serve()
    process.kill()
    process.wait()
    assert wait_until(lambda: not processes(data_dir, "granian"), BACK_WITHIN_SECONDS)
    assert wait_until(lambda: not processes(data_dir, "procrastinate"), BACK_WITHIN_SECONDS)
    _, port = serve()
    assert status(port) == 200


def test_taken_port_is_said(data_dir, essaim):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = essaim("serve", "--port", str(taken.getsockname()[1]), ESSAIM_DATA_DIR=str(data_dir))
    assert answer.returncode == 1
    assert "PORT=" in answer.stderr
