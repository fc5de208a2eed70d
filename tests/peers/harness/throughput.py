"""Throughput: the servers take turns under load, each sample held against those of the reference around it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import time
from collections.abc import Iterable
from typing import Any

from harness.bench import Bench
from harness.machine import busy_seconds, cpu_seconds, user_and_system_ticks
from harness.peers import HERE
from harness.report import median, ratio, say, table
from harness.scenarios import HTTP, WEBSOCKET, Http
from harness.server import Server

Sample = dict[str, Any]
Running = tuple[subprocess.Popen, int]


def measure(bench: Bench, servers: list[Server], scenarios: Iterable[str]) -> None:
    """A table for each scenario, printed as soon as it is there."""
    for scenario in scenarios:
        entrants = [server for server in servers if scenario in server.answers]
        if not entrants:
            continue
        say(f"{scenario}: {len(entrants)} servers, {bench.args.blocks} x {bench.args.rounds} rounds")
        for number in range(bench.args.blocks):
            try:
                block(bench, scenario, entrants, number * bench.args.rounds)
            except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
                say(f"  {error}")
        print_scenario(bench, scenario)


def block(bench: Bench, scenario: str, entrants: list[Server], first: int) -> None:
    """All the servers are started afresh, then take turns, with a sample of the reference between any two."""
    rows = bench.result["samples"].setdefault(scenario, {})
    base = reference(bench, scenario, [server.name for server in entrants])
    routes = HTTP.get(scenario, Http("")).routes
    with contextlib.ExitStack() as stack:
        up = {server.name: stack.enter_context(server.running(bench, routes=routes)) for server in entrants}
        for _process, port in up.values():
            load(bench, scenario, port, 1)
        others = [name for name in up if name != base] or [base]

        def of_reference(number: int, before: Sample | None) -> Sample:
            """Its own ratio is to the sample before, which shows what the ratios are worth."""
            got = steady_sample(bench, scenario, up[base])
            got["round"] = number
            if before:
                got["base"] = {key: before[key] for key in ("rate", "cpu")}
            rows.setdefault(base, []).append(got)
            return got

        for number in range(first, first + bench.args.rounds):
            before = of_reference(number, None)
            # Every other round runs backwards, so that a drift of the machine favours nobody.
            for name in others if number % 2 == 0 else reversed(others):
                got = steady_sample(bench, scenario, up[name])
                after = of_reference(number, before)
                got.update(round=number, base={key: (before[key] + after[key]) / 2 for key in ("rate", "cpu")})
                rows.setdefault(name, []).append(got)
                before = after
            bench.save()


def steady_sample(bench: Bench, scenario: str, running: Running) -> Sample:
    """A sample that nobody disturbed, or the least disturbed of a few."""
    best: Sample = {}
    for attempt in range(1, bench.args.retries + 2):
        if best:
            time.sleep(bench.args.pause)
        got = sample(bench, scenario, *running)
        if not best or got["foreign"] < best["foreign"]:
            best = got
        best["attempts"] = attempt
        if best["foreign"] <= bench.args.foreign:
            break
    return best


def sample(bench: Bench, scenario: str, process: subprocess.Popen, port: int) -> Sample:
    """Load for some seconds, and what the machine did meanwhile."""

    def clocks() -> tuple[float, float, float]:
        busy = sum(busy_seconds(core) for core in bench.cores.watched)
        return busy, cpu_seconds(process.pid), time.monotonic()

    ticks, before = user_and_system_ticks(process.pid), clocks()
    got, load_cpu = load(bench, scenario, port, bench.args.secs)
    busy, cpu, wall = (end - start for start, end in zip(before, clocks()))
    user, system = (end - start for start, end in zip(ticks, user_and_system_ticks(process.pid)))
    got.update(
        rate=got["count"] / got["secs"],
        cpu=got["count"] / max(cpu, 1e-9),
        user_ticks=user,
        system_ticks=system,
        server_load=cpu / wall,
        client_load=load_cpu / wall,
        foreign=max(0.0, busy - cpu - load_cpu) / wall,
    )
    return got


def load(bench: Bench, scenario: str, port: int, secs: int) -> tuple[Sample, float]:
    """What the load client counted, and the processor seconds that it took."""
    if scenario in WEBSOCKET:
        command = [str(bench.wsload), *WEBSOCKET[scenario].arguments(port, "--secs", secs)]
        env = {}
    else:
        request = HTTP[scenario]
        command = ["wrk", "-t1", f"-c{request.connections}", f"-d{secs}s", "--timeout", "10s"]
        command += ["-s", str(HERE / "load.lua"), f"http://127.0.0.1:{port}{request.path}"]
        env = wrk_environment(bench, request)
    before = os.times()
    done = subprocess.run(
        [*bench.cores.prefix(bench.cores.load), *command],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=secs + 60,
    )
    after = os.times()
    found = re.search(r"(?:RESULT )?(\{.*\})\s*$", done.stdout)
    if done.returncode or not found:
        raise RuntimeError(f"load failed: {done.stdout[-300:]} {done.stderr[-300:]}")
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return json.loads(found[1]), used


def wrk_environment(bench: Bench, request: Http) -> dict[str, str]:
    """What load.lua is told."""
    env = {"LOAD_METHOD": request.method, "LOAD_DEPTH": str(request.depth), "LOAD_CLOSE": str(int(request.close))}
    if request.body is not None:
        body = bench.scratch / "body"
        body.write_bytes(request.body)
        env["LOAD_BODY"] = str(body)
    if request.headers:
        headers = bench.scratch / "headers"
        headers.write_text("".join(f"{name}: {value}\n" for name, value in request.headers.items()))
        env["LOAD_HEADERS"] = str(headers)
    if request.cycle:
        env["LOAD_ROUTES"] = str(request.routes)
    return env


def reference(bench: Bench, scenario: str, names: Iterable[str]) -> str:
    """The server that ratios are to: the one asked for, or else the first."""
    names = list(names)
    for wanted in (bench.args.ws_ref, bench.args.ref) if scenario in WEBSOCKET else (bench.args.ref,):
        if wanted in names:
            return wanted
    return names[0]


def paired(samples: list[Sample], key: str) -> list[float]:
    """Sorted ratios of samples to the reference samples next to them."""
    found = sorted(sample[key] / sample["base"][key] for sample in samples if sample.get("base", {}).get(key))
    return found or [float("nan")]


def medians_ratio(samples: list[Sample], base: list[Sample], key: str) -> float:
    """The ratio of the medians over all samples."""
    return ratio(median([sample[key] for sample in samples]), median([sample[key] for sample in base]))


COLUMNS = (
    ["server", "rate/s", "rate ratio", "paired [min..max]"]
    + ["us of CPU", "cpu ratio", "paired (quartiles) [min..max]", "us in user mode"]
    + ["p50 us", "p99 us", "server load", "client load", "foreign", "errors"]
)


def print_scenario(bench: Bench, scenario: str) -> None:
    """The table of one scenario, the cheapest server first."""
    rows = bench.result["samples"].get(scenario)
    if not rows:
        return
    base = reference(bench, scenario, rows)
    best_first = sorted(rows, key=lambda name: -median([sample["cpu"] for sample in rows[name]]))
    table(f"{scenario} (ratios to {base})", COLUMNS, (cells(name, rows[name], rows[base]) for name in best_first))


def cells(name: str, samples: list[Sample], base: list[Sample]) -> list[str]:
    """The row of one server."""

    def middle(key: str) -> float:
        return median([sample[key] for sample in samples])

    rate, cpu = paired(samples, "rate"), paired(samples, "cpu")
    quarter = len(cpu) // 4
    user, system = (sum(sample[key] for sample in samples) for key in ("user_ticks", "system_ticks"))
    return [
        name,
        f"{middle('rate'):,.0f}",
        f"{medians_ratio(samples, base, 'rate'):.3f}",
        f"{median(rate):.3f} [{rate[0]:.3f}..{rate[-1]:.3f}]",
        f"{1e6 / middle('cpu'):.2f}",
        f"{medians_ratio(samples, base, 'cpu'):.3f}",
        f"{median(cpu):.3f} ({cpu[quarter]:.3f}..{cpu[-1 - quarter]:.3f}) [{cpu[0]:.3f}..{cpu[-1]:.3f}]",
        f"{1e6 / middle('cpu') * ratio(user, user + system):.2f}",
        *(f"{middle(key):,.0f}" for key in ("p50_us", "p99_us")),
        *(f"{middle(key) * 100:.0f}%" for key in ("server_load", "client_load", "foreign")),
        str(sum(sample["errors"] for sample in samples)),
    ]


def print_summary(bench: Bench, servers: list[Server]) -> None:
    """Two tables over everything: a row for each server, a column for each scenario."""
    samples = bench.result["samples"]
    if not samples:
        return
    for key, what in (("cpu", "requests per second of server CPU"), ("rate", "requests per second")):

        def cell(server: str, scenario: str, key: str = key) -> str:
            rows = samples[scenario]
            if server not in rows:
                return "-"
            around = paired(rows[server], key)
            base = rows[reference(bench, scenario, rows)]
            return f"{medians_ratio(rows[server], base, key):.2f} [{around[0]:.2f}..{around[-1]:.2f}]"

        table(
            f"all: {what}, ratio of medians [min..max of the paired ratios]",
            ["server", *samples],
            ([server.name, *(cell(server.name, scenario) for scenario in samples)] for server in servers),
        )
