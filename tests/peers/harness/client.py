"""A plain keep-alive HTTP client on one socket, and the driver that sends an exact number of requests."""

from __future__ import annotations

import contextlib
import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

from harness.scenarios import HTTP, WEBSOCKET, Http, Websocket


class Client:
    """One connection; the answers must carry Content-Length."""

    def __init__(self, port: int, timeout: float = 10) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.unread = b""

    @classmethod
    @contextlib.contextmanager
    def connected(cls, port: int, timeout: float = 10) -> Iterator[Client]:
        """A client that is closed at the end of the block."""
        client = cls(port, timeout)
        try:
            yield client
        finally:
            client.socket.close()

    def send(self, data: bytes) -> None:
        """Sends what may be several requests."""
        self.socket.sendall(data)

    def receive(self, data: bytes) -> bytes:
        """The data and what has arrived since."""
        more = self.socket.recv(65536)
        if not more:
            raise OSError("closed before the end of the answer")
        return data + more

    def answer(self) -> tuple[int, bytes, bytes]:
        """Status, head and body of the next answer."""
        data = self.unread
        while b"\r\n\r\n" not in data:
            data = self.receive(data)
        head, data = data.split(b"\r\n\r\n", 1)
        found = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        if not found:
            raise OSError("no Content-Length")
        length = int(found[1])
        while len(data) < length:
            data = self.receive(data)
        self.unread = data[length:]
        return int(head.split(b" ", 2)[1]), head, data[:length]

    def ask(self, request: Http) -> tuple[int, bytes, bytes]:
        """One request and its answer."""
        self.send(request.bytes())
        return self.answer()


def drive(wsload: Path, port: int, scenario: str, count: int) -> None:
    """Exactly `count` requests, or echoes, one after another on one connection."""
    if scenario in WEBSOCKET:
        drive_websocket(wsload, port, WEBSOCKET[scenario], count)
    else:
        drive_http(port, HTTP[scenario], count)


def drive_websocket(wsload: Path, port: int, load: Websocket, count: int) -> None:
    """`count` echoes on one websocket, or messages that all in a room get."""
    command = [wsload, *load.arguments(port, "--messages", count, connections=load.counted_connections)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if f'"count":{count},' not in done.stdout or '"errors":0' not in done.stdout:
        raise RuntimeError(f"not every message came back: {done.stdout}{done.stderr}")


def drive_http(port: int, request: Http, count: int) -> None:
    """`count` requests on one connection, or on one each where the scenario is about connections."""
    together = request.bytes() * request.depth
    left = count
    while left > 0:
        with Client.connected(port, 60) as client:
            for _ in range(1 if request.close else left // request.depth):
                client.send(together)
                for _ in range(request.depth):
                    if client.answer()[0] != 200:
                        raise RuntimeError(f"{request.path} is not answered with 200")
                left -= request.depth
