"""What the servers are asked: the requests of the HTTP scenarios and the loads of the websocket ones."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass

DOC = {
    "id": 184467,
    "title": "A document of about one kilobyte",
    "author": {"name": "Ada Lovelace", "email": "ada@example.org", "age": 36},
    "tags": ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"],
    "scores": [0.5, 1.25, 2.75, 3.5, 99.125, 1000.5, 7.0625, 12.5],
    "published": True,
    "body": ('The quick brown fox jumps over the lazy dog, "twice".\n' * 12)[:640],
    "parent": None,
}
BODY = json.dumps(DOC, separators=(",", ":")).encode()

BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-US,en;q=0.5",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Referer": "http://localhost/start?from=bench",
    "Cookie": "session=0123456789abcdef0123456789abcdef; theme=dark; consent=yes",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "same-origin",
    "DNT": "1",
}

# How many numbered routes a server registers unless the scenario says otherwise.
ROUTES = 1000
MOST_ROUTES = 10_000


@dataclass(frozen=True)
class Http:
    """One request, and how it is repeated."""

    path: str
    method: str = "GET"
    headers: dict[str, str] | None = None
    body: bytes | None = None
    answer: bytes | None = None  # what the body of the answer must be; None accepts any
    connections: int = 64
    depth: int = 1  # requests sent together before the first answer is read
    close: bool = False  # a connection for each request
    routes: int = ROUTES  # how many numbered routes the server must have
    escaped: bool = False  # the answer is HTML: compared as it is read, since servers escape the same character differently
    cycle: bool = False  # under load, ask for every numbered route in turn instead of `path`

    def is_answered_by(self, body: bytes) -> bool:
        """Whether this is the body of a right answer."""
        if self.escaped:
            return body != self.answer and html.unescape(body.decode(errors="replace")).encode() == self.answer
        return self.answer in (None, body)

    def bytes(self) -> bytes:
        """The request as it goes over the wire."""
        head = [f"{self.method} {self.path} HTTP/1.1", "Host: localhost"]
        head += [f"{name}: {value}" for name, value in (self.headers or {}).items()]
        if self.body is not None:
            head += ["Content-Type: application/json", f"Content-Length: {len(self.body)}"]
        return "\r\n".join([*head, "", ""]).encode() + (self.body or b"")


@dataclass(frozen=True)
class Websocket:
    """A load that `wsload` makes."""

    mode: str
    connections: int
    size: int = 32
    window: int = 1
    text: bool = False
    fewer: int = 1  # counted with so many times fewer messages, because each is one for all connections

    @property
    def counted_connections(self) -> int:
        """Over how many connections the cost is counted."""
        return self.connections if self.mode == "room" else 1

    def arguments(self, port: int, *more: object, connections: int | None = None) -> list[str]:
        """The arguments of wsload."""
        words = [self.mode, "--port", port, "--conns", connections or self.connections]
        words += ["--size", self.size, "--window", self.window, *more]
        return [str(word) for word in words] + ["--text"] * self.text


HELLO = b"Hello, World!"

# The files that every server is given in the folder that `FILES` names.
FILES = {"1k.txt": (b"x" * 63 + b"\n") * 16, "64k.txt": (b"x" * 63 + b"\n") * 1024}

ROWS = "".join(
    f"\n<tr><td>{number}</td><td>Tom & Jerry {number}</td><td>{'yes' if number % 3 else 'no'}</td></tr>"
    for number in range(1, 21)
)
PAGE = f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>What there is</title></head>
<body>
<h1>What there is</h1>
<table>{ROWS}
</table>
</body>
</html>""".encode()

# The path of the folder at each depth of the tree.
FOLDERS = ["".join(f"/d{depth}" for depth in range(1, deep + 1)) for deep in range(17)]

HTTP = {
    "plaintext": Http("/plaintext", answer=HELLO),
    "pipelined": Http("/plaintext", answer=HELLO, depth=16),
    "browser": Http("/plaintext", answer=HELLO, headers=BROWSER),
    "one-conn": Http("/plaintext", answer=HELLO, connections=1),
    "json": Http("/json", answer=b'{"message":"Hello, World!"}'),
    "params": Http("/user/42/post/hello-world", answer=b"id=42 slug=hello-world"),
    "routes-10": Http("/r0007/abc", answer=b"abc", routes=10, cycle=True),
    "routes": Http("/r0777/abc", answer=b"abc", cycle=True),
    "routes-10k": Http("/r7777/abc", answer=b"abc", routes=MOST_ROUTES, cycle=True),
    "echo-json": Http("/echo-json", method="POST", body=BODY, answer=BODY),
    "static-1k": Http("/files/1k.txt", answer=FILES["1k.txt"]),
    "static-64k": Http("/files/64k.txt", answer=FILES["64k.txt"]),
    "template": Http("/page", answer=PAGE, escaped=True),
    "tree-1": Http(FOLDERS[1], answer=b"d1"),
    "tree-4": Http(FOLDERS[4], answer=b"d4"),
    "tree-16": Http(FOLDERS[16], answer=b"d16"),
    "connect": Http("/plaintext", answer=HELLO, connections=16, close=True),
    "inline": Http("/inline"),
    "blocking": Http("/blocking"),
    "blocking-sleep": Http("/blocking-sleep", answer=b"1"),
}

WEBSOCKET = {
    "ws-rtt": Websocket("rtt", 64),
    "ws-rtt-1": Websocket("rtt", 1),
    "ws-rtt-4k": Websocket("rtt", 64, size=4096),
    "ws-flood": Websocket("flood", 16, window=64),
    "ws-flood-text": Websocket("flood", 16, size=128, window=64, text=True),
    "ws-flood-16k": Websocket("flood", 16, size=16384, window=16),
    "ws-connect": Websocket("connect", 32),
    "ws-room": Websocket("room", 1000, fewer=32),
}

SCENARIOS = {**HTTP, **WEBSOCKET}
