"""Programs that run beside this one: begun with their output in a file, looked at until they answer, and ended."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from deployment import Stop

# What a program gets to answer after it was begun, and to end by itself before it is killed.
BEGIN_SECONDS = 60
END_SECONDS = 10
LOOK_SECONDS = 0.1
# Lines of its output that are shown where it fails.
LAST_LINES = 15


class Child:
    """A program with children of its own: all of them end with it."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], log: Path, folder: Path | None = None):
        self.name, self.log = name, log
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                # Ctrl-C is for us, who end it in order.
                start_new_session=True,
            )

    def wait_for(self, url: str) -> None:
        """Until it answers there, whatever the answer."""
        until = time.monotonic() + BEGIN_SECONDS
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise Stop(f"{self.name} ended at once:\n{self.tail()}", "mend what it says, then run the same again")
            try:
                urllib.request.urlopen(url, timeout=BEGIN_SECONDS).close()
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(LOOK_SECONDS)
        raise Stop(f"{self.name} does not answer at {url}:\n{self.tail()}", f"see {self.log}")

    def tail(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-LAST_LINES:]
        return "\n".join(f"    {line}" for line in lines)

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                pass
        # Functions are its children, and some outlive it.
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


def need_port(port: int, flag: str) -> None:
    """Stops where somebody has the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Stop(f"Port {port} is in use.", f"end what listens there, or say another: {flag} N") from None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
