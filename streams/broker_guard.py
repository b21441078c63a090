"""Run one command and end it with the process that asked for it, however that process ends.

`Broker` starts this file as a script of its own, isolated and from the standard library alone:

    python -I -S broker_guard.py PARENT_PID FOLDER COMMAND...

It prints the command's process id on standard output, sends the command's own output to
standard error, and then waits for the first of:

- the command ends: it exits with the command's exit code and leaves FOLDER, with its log;
- standard input can be read or ends, or this process gets SIGTERM, SIGINT or SIGHUP;
- its parent is no longer PARENT_PID.

In the last two it ends the command (SIGTERM, then SIGKILL) and removes FOLDER, unless that
is the empty string.

Why a process between: a parent killed with -9 cannot tell anyone, but the kernel closes its
end of the pipe. A child that the parent forked may hold that end open, hence the look at the
parent's id as well. PR_SET_PDEATHSIG in the parent would not do: it fires when the *thread*
that forked ends, needs a preexec_fn among threads, and macOS has none. Here, in a process of
one thread, it is safe, and on Linux it covers the one case left: this guard itself killed.
"""

from __future__ import annotations

import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable

LOOK_EVERY_S = 0.2
TERMINATE_S = 4.0
PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> int:
    """Run the command under guard; return its exit code, or 0 where it was told to end."""
    parent_pid, folder, command = int(arguments[0]), arguments[1], arguments[2:]
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: told.append(number))
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        stderr=sys.stderr,
        preexec_fn=_death_signal() if sys.platform == "linux" else None,
    )
    print(child.pid, flush=True)
    while child.poll() is None:
        readable, _, _ = select.select([sys.stdin], [], [], LOOK_EVERY_S)
        if readable or told or os.getppid() != parent_pid:
            _end(child)
            if folder:
                shutil.rmtree(folder, ignore_errors=True)
            return 0
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def _death_signal() -> Callable[[], object]:
    """Return what a forked child calls so that the kernel kills it when this guard dies."""
    libc = ctypes.CDLL(None)  # loaded before the fork: after it, as little as possible
    return lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(TERMINATE_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
