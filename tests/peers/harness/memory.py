"""Resident memory at rest, per connection and per websocket; and the size of the binary."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import time
from pathlib import Path

from harness.bench import Bench
from harness.client import Client
from harness.machine import resident
from harness.report import say, table
from harness.scenarios import HTTP, ROUTES
from harness.server import Server

HELD_CONNECTIONS = 1000
# Seconds over which they are opened one after the other.
PACE = 5.0
# An allocator or a runtime may still be settling when the last answer is out.
SETTLE = 0.3


def measure(bench: Bench, servers: list[Server]) -> None:
    """Memory of each server."""
    for server in servers:
        try:
            if "plaintext" in server.answers:
                keep_alive(bench, server)
            if "ws-rtt" in server.answers:
                idle_websockets(bench, server)
        except (RuntimeError, OSError) as error:
            say(f"memory of {server.name}: {error}")
    columns = {
        "rss_idle": ("KiB at rest", 1024),
        "http_conn_bytes": ("bytes per keep-alive connection", 1),
        "http_conn_paced": ("opened over 5 s", 1),
        "ws_rss_idle": ("KiB at rest, websocket run", 1024),
        "ws_conn_bytes": ("bytes per idle websocket", 1),
    }
    print_facts(bench, servers, "memory", columns)


def keep_alive(bench: Bench, server: Server) -> None:
    """Connections that were served once and are kept open: all at once, and one after the other over some seconds."""
    for name, pause in (("http_conn_bytes", 0.0), ("http_conn_paced", PACE / HELD_CONNECTIONS)):
        with server.running(bench, routes=ROUTES) as (process, port), contextlib.ExitStack() as stack:
            at_rest, before = settled(process)
            clients = []
            for _ in range(HELD_CONNECTIONS):
                clients.append(stack.enter_context(Client.connected(port)))
                if pause:
                    clients[-1].ask(HTTP["plaintext"])
                    time.sleep(pause)
            if not pause:
                for client in clients:
                    client.ask(HTTP["plaintext"])
            _, after = settled(process)
        bench.note(server.name, rss_idle=at_rest, **{name: (after - before) / HELD_CONNECTIONS})


def idle_websockets(bench: Bench, server: Server) -> None:
    """Websockets that had one message echoed and are kept open."""
    count = bench.args.ws_idle
    command = [bench.wsload, "idle", "--conns", str(count), "--size", "32"]
    with server.running(bench, routes=ROUTES) as (process, port):
        at_rest, before = settled(process)
        command += ["--port", str(port)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as load:
            # It ends with its standard input, which the end of the block closes.
            if f'"conns":{count}' not in load.stdout.readline():
                raise RuntimeError("idle connections did not open")
            _, after = settled(process)
    bench.note(server.name, ws_rss_idle=at_rest, ws_conn_bytes=(after - before) / count)


def settled(process: subprocess.Popen) -> tuple[int, int]:
    """Resident bytes after a moment: all, and the anonymous part."""
    time.sleep(SETTLE)
    return resident(process.pid)


def measure_size(bench: Bench, servers: list[Server]) -> None:
    """The stripped binary of each server that is one."""
    stripped = bench.scratch / "stripped"
    for server in servers:
        path = shutil.which(server.command[0])
        if path and Path(path).read_bytes()[:4] == b"\x7fELF":
            subprocess.run(["strip", "-o", stripped, path], check=True)
            bench.note(server.name, stripped_bytes=stripped.stat().st_size)
    print_facts(bench, servers, "size", {"stripped_bytes": ("KiB of the stripped binary", 1024)})


def print_facts(bench: Bench, servers: list[Server], title: str, columns: dict[str, tuple[str, int]]) -> None:
    """A table of those facts that are known of any server."""
    facts = {server.name: bench.result["facts"].get(server.name, {}) for server in servers}
    facts = {name: known for name, known in facts.items() if known.keys() & columns.keys()}
    columns = {key: column for key, column in columns.items() if any(key in known for known in facts.values())}
    if columns:
        rows = (
            [name, *(f"{known[key] / unit:,.1f}" if key in known else "-" for key, (_, unit) in columns.items())]
            for name, known in facts.items()
        )
        table(title, ["server", *(label for label, _ in columns.values())], rows)
