"""`essaim serve`: the web and the worker, kept alive, on `DATABASE_URL` or on the embedded server."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
from importlib.util import find_spec
from types import FrameType

from essaim.cli.database import (
    check_prepared,
    is_production,
    open_database,
    prepare_embedded,
    project_root,
    run_prepare,
)
from essaim.cli.errors import CommandError
from essaim.cli.postgres.cluster import Cluster
from essaim.cli.serving.children import Child, stop_all
from essaim.cli.serving.programs import web, worker
from essaim.cli.serving.watch import ServerWatch, wait_for_web
from essaim.cli.static_files import collect_static_files

HELP = "Le site et ses tâches, relancés s’ils s’arrêtent (Ctrl-C arrête tout)."
NEEDS_DATABASE = True
PREPARES_ITSELF = True
PULSE_SECONDS = 1.0


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", choices=("web", "worker"), help="un seul des deux, en production")
    parser.add_argument("--host", default="127.0.0.1", help="adresse d’écoute (127.0.0.1)")
    parser.add_argument(
        "--port",
        type=int,
        default=int(os.environ.get("PORT") or 8000),
        help="port d’écoute (PORT, sinon 8000)",
    )
    parser.add_argument("--demo", action="store_true", help="avec les données de démonstration, si la base est vide")


def run(options: argparse.Namespace) -> int:
    stopping = threading.Event()
    _stop_on_signals(stopping)
    if options.only != "worker":
        _check_port(options.host, options.port)
    with open_database() as cluster:
        _get_ready(options, cluster)
        children = _programs(options)
        try:
            _keep_alive(options, children, cluster, stopping)
        finally:
            stop_all(children)
    return 0


def _get_ready(options: argparse.Namespace, cluster: Cluster | None) -> None:
    if is_production():
        _refuse_misconfigured_production()
    elif cluster is not None:
        prepare_embedded(cluster)
    else:
        run_prepare()
    if options.only != "worker":
        collect_static_files()
    if options.demo:
        _fill_with_demo()


def _refuse_misconfigured_production() -> None:
    """Look before starting anything: a child that refuses would only be started again and again."""
    import django

    django.setup()
    from django.db import OperationalError

    from essaim.kernel.checks import refuse_misconfigured_production

    refuse_misconfigured_production()
    try:
        check_prepared()
    except OperationalError:
        print("La base de données ne répond pas encore.", file=sys.stderr, flush=True)


def _fill_with_demo() -> None:
    if find_spec("essaim.cli.commands.demo") is None:
        return
    command = [sys.executable, "-m", "essaim", "demo", "--if-empty"]
    if subprocess.run(command, check=False, cwd=project_root()).returncode:
        raise CommandError("Les données de démonstration n’ont pas pu être créées.")


def _programs(options: argparse.Namespace) -> list[Child]:
    children = []
    if options.only != "worker":
        children.append(web(host=options.host, port=options.port))
    if options.only != "web":
        children.append(worker())
    return children


def _keep_alive(
    options: argparse.Namespace, children: list[Child], cluster: Cluster | None, stopping: threading.Event
) -> None:
    watch = ServerWatch(cluster, os.environ["DATABASE_URL"]) if cluster is not None else None
    for child in children:
        child.start()
    if options.only != "worker":
        threading.Thread(target=_announce, args=(options,), daemon=True).start()
    while not stopping.wait(PULSE_SECONDS):
        if watch is not None:
            watch.look()
        for child in children:
            child.watch()


def _announce(options: argparse.Namespace) -> None:
    url = f"http://{options.host}:{options.port}"
    if wait_for_web(f"{url}/sante/", seconds=60):
        print(f"\nEssaim est prêt : {url}  (Ctrl-C pour tout arrêter)", flush=True)


def _check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Le port {port} n’est pas disponible ({error.strerror}). Choisissez-en un autre : PORT=8001."
            ) from None


def _stop_on_signals(stopping: threading.Event) -> None:
    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
