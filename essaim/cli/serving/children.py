"""A child process kept alive: started again when it dies, stopped with everything it started."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

from essaim.cli.database import project_root

FIRST_WAIT = 0.5
LONGEST_WAIT = 8.0
STEADY_AFTER = 30.0
STOP_PATIENCE = 15.0
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One supervised program. Each has its own process group, so that nothing of it is ever left behind."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    wait: float = FIRST_WAIT
    not_before: float = 0.0

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            env={**os.environ, **self.environment},
            cwd=project_root(),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
        self.started_at = time.monotonic()

    def watch(self) -> None:
        """Start the program again if it is dead, after a wait that grows while it keeps dying."""
        now = time.monotonic()
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                if now - self.started_at > STEADY_AFTER:
                    self.wait = FIRST_WAIT
                return
            self._signal_group(signal.SIGKILL)
            self.process = None
            self.not_before = now + self.wait
            print(f"{self.name} : arrêt inattendu ({code}), redémarrage.", file=sys.stderr, flush=True)
            self.wait = min(self.wait * 2, LONGEST_WAIT)
        if now >= self.not_before:
            self.start()

    def ask_to_stop(self) -> None:
        self._signal_group(signal.SIGTERM)

    def stop(self, deadline: float) -> None:
        """Wait for the end of the program until ``deadline``, then kill whatever is left of it."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=max(0.1, deadline - time.monotonic()))
        self._signal_group(signal.SIGKILL)
        self.process.wait()

    def _signal_group(self, number: signal.Signals) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)


def stop_all(children: list[Child]) -> None:
    """Stop every child: politely and together first."""
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + STOP_PATIENCE
    for child in children:
        child.stop(deadline)


def _die_with_parent() -> None:
    """On Linux, a child ends when its supervisor is killed outright."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
