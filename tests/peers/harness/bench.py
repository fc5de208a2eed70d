"""What the tests share: the options, the cores, the ports, a scratch folder, and the result as it grows."""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness.machine import Cores
from harness.scenarios import FILES

PORTS = 900


class Bench:
    """One run of bench.py."""

    def __init__(self, args: argparse.Namespace, scratch: Path) -> None:
        self.args = args
        self.scratch = scratch
        self.files = scratch / "files"
        self.files.mkdir()
        for name, content in FILES.items():
            (self.files / name).write_bytes(content)
        self.cores = Cores(args.layout, args.workers, args.nice)
        self.target = Path(args.target_dir).resolve()
        self.wsload = self.binary("wsload")
        self.result: dict[str, Any] = {"args": vars(args), "samples": {}, "facts": {}}
        self.port = args.port

    @classmethod
    @contextlib.contextmanager
    def opened(cls, args: argparse.Namespace) -> Iterator[Bench]:
        """A run whose scratch folder is removed at the end of the block."""
        scratch = Path(tempfile.mkdtemp(prefix="bench-"))
        try:
            yield cls(args, scratch)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def binary(self, package: str) -> Path:
        """Where cargo leaves the release build of a package of this workspace."""
        return self.target / "release" / package

    def next_port(self) -> int:
        """A port that nothing listens on, never the one just given: its connections may still be closing."""
        while True:
            self.port = self.args.port + (self.port - self.args.port + 1) % PORTS
            with contextlib.suppress(OSError), socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", self.port))
                return self.port

    def note(self, server: str, **facts: Any) -> None:
        """Adds what was found out about a server to the result."""
        self.result["facts"].setdefault(server, {}).update(facts)
        self.save()

    def fact(self, server: str, key: str, default: Any = None) -> Any:
        """What is known about a server."""
        return self.result["facts"].get(server, {}).get(key, default)

    def save(self) -> None:
        """Writes the result so far to the file of `--json`."""
        if self.args.json:
            Path(self.args.json).write_text(json.dumps(self.result, indent=1))
