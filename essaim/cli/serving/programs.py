"""The two programs of Essaim: the web and the worker."""

import os
import sys

from essaim.cli.serving.children import Child

WEB_THREADS = 4


def web(*, host: str, port: int, threads: int = WEB_THREADS) -> Child:
    """Return the web server: one process, several threads, a pool of as many connections."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", str(threads), "--no-ws", "--log-level", "warning"]
    command += ["--backlog", "1024", "--workers-kill-timeout", "10", "config.wsgi:application"]
    size = os.environ.get("ESSAIM_POOL_SIZE") or str(threads)
    return Child("web", command, {"ESSAIM_POOL_SIZE": size})


def worker() -> Child:
    """Return the worker of deferred and periodic tasks."""
    command = [sys.executable, "-m", "django", "procrastinate", "worker", "--concurrency", "2"]
    command += ["--shutdown-graceful-timeout", "10"]
    return Child("worker", command, {"ESSAIM_POOL_SIZE": "0"})
