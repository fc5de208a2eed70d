"""Which server answers what: each scenario is tried once before anything is measured."""

from __future__ import annotations

import contextlib
import subprocess

from harness.bench import Bench
from harness.client import Client
from harness.report import say
from harness.scenarios import HTTP, MOST_ROUTES, WEBSOCKET, Http, Websocket
from harness.server import Server


def probe(bench: Bench, servers: list[Server], wanted: set[str]) -> list[Server]:
    """The servers that start, each with the wanted scenarios that it answers rightly."""
    up = []
    for server in servers:
        try:
            with server.running(bench, routes=MOST_ROUTES) as (_process, port):
                found = {name for name, request in HTTP.items() if answers_http(port, request)}
                for mode in {WEBSOCKET[name].mode for name in wanted & set(WEBSOCKET)}:
                    if answers_websocket(bench, port, mode):
                        found |= {name for name, load in WEBSOCKET.items() if load.mode == mode}
        except (RuntimeError, OSError) as error:
            say(f"{server.name}: left out: {error}")
            continue
        server.answers = found & wanted
        missing = [name for name in HTTP if name in wanted - found]
        if missing and found & set(HTTP):
            say(f"{server.name} does not answer: {', '.join(missing)}")
        up.append(server)
    return up


def answers_http(port: int, request: Http) -> bool:
    """Whether two requests on one connection are answered as the scenario says."""
    with contextlib.suppress(OSError, ValueError), Client.connected(port, 3) as client:
        for _ in range(2):
            status, _head, body = client.ask(request)
            if status != 200 or not request.is_answered_by(body):
                return False
        return True
    return False


def answers_websocket(bench: Bench, port: int, mode: str) -> bool:
    """Whether messages come back on a websocket, or to a room."""
    if not bench.wsload.exists():
        return False
    mode = "room" if mode == "room" else "rtt"
    command = [bench.wsload, *Websocket(mode, 2, size=300).arguments(port, "--messages", 3)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10)
    except subprocess.TimeoutExpired:
        return False
    heard = 3 if mode == "room" else 6
    return done.returncode == 0 and f'"count":{heard},' in done.stdout
