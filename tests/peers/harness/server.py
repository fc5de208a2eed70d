"""A server under measurement: how it is started, found ready, and stopped."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from harness.bench import Bench

FIRST_REQUEST = b"GET /plaintext HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@dataclass
class Server:
    """A command that serves on the port in `PORT`, and the scenarios that it was found to answer."""

    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)
    answers: set[str] = field(default_factory=set)

    @classmethod
    def parse(cls, given: str) -> Server:
        """A server from `NAME=[VAR=value ...] COMMAND`."""
        name, _, command = given.partition("=")
        words, env = shlex.split(command), {}
        while words and re.fullmatch(r"[A-Za-z_]\w*=.*", words[0], re.S):
            variable, _, value = words.pop(0).partition("=")
            env[variable] = value
        if not name or not words:
            raise SystemExit(f"--server NAME=COMMAND, not `{given}`")
        return cls(name, words, env)

    @contextlib.contextmanager
    def running(
        self,
        bench: Bench,
        *,
        routes: int,
        wrap: tuple[str, ...] = (),
        pinned: bool = True,
        wait: float = 30,
        env: dict[str, str] | None = None,
    ) -> Iterator[tuple[subprocess.Popen, int]]:
        """The process and its port, for as long as the block lasts."""
        port = bench.next_port()
        given = {"PORT": str(port), "WORKERS": str(bench.args.workers), "ROUTES": str(routes)}
        given["FILES"] = str(bench.files)
        prefix = bench.cores.prefix(bench.cores.servers) if pinned else []
        log = bench.scratch / f"{self.name}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*prefix, *wrap, *self.command],
                env={**os.environ, **(env or {}), **self.env, **given},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        try:
            deadline = time.monotonic() + wait
            while not answers(port, deadline):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{self.name} does not listen: {log.read_text(errors='replace')[-800:]}")
                time.sleep(0.02)
            yield process, port
        finally:
            stop(process)


def answers(port: int, deadline: float) -> bool:
    """Whether a connection was accepted and something came of it.

    A worker may still be loading behind a listener that is open already, so an answer is awaited, be it only the end of
    the connection.
    """
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as client:
        client.settimeout(max(0.1, deadline - time.monotonic()))
        client.sendall(FIRST_REQUEST)
        with contextlib.suppress(ConnectionResetError):
            client.recv(1)
        return True
    return False


def stop(process: subprocess.Popen, wait: float = 5) -> None:
    """Asks the process to end; kills it where it does not."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(wait)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
