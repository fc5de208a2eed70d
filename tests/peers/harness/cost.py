"""Counted cost of a request: instructions, allocations, system calls. The same on a busy machine and on a quiet one."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterable

from harness.bench import Bench
from harness.client import drive
from harness.machine import tree
from harness.report import ratio, say, table
from harness.scenarios import HTTP, WEBSOCKET, Http
from harness.server import Server
from harness.throughput import reference

# With its usual thresholds, memset and memcpy run as one instruction that valgrind counts once for every byte.
PLAIN_COPIES = {
    "GLIBC_TUNABLES": "glibc.cpu.x86_rep_stosb_threshold=1000000000:glibc.cpu.x86_rep_movsb_threshold=1000000000"
}
# Of a system call that is made less often than once in 200 requests, none is shown.
RARE = 0.005
ENOUGH_FOR_WARMTH = 64
# Seconds that a server is left alone, to see what it does by itself.
IDLE = (0.5, 4.5)


def measure(bench: Bench, servers: list[Server], scenarios: Iterable[str]) -> None:
    """A table for each scenario, then one of all."""
    scenarios = list(scenarios)
    for scenario in scenarios:
        for server in servers:
            if scenario in server.answers:
                costs = bench.fact(server.name, "cost", {})
                bench.note(server.name, cost={**costs, scenario: cost_of(bench, server, scenario)})
        print_scenario(bench, servers, scenario)
    if len(scenarios) > 1:
        print_summary(bench, servers, scenarios)


def cost_of(bench: Bench, server: Server, scenario: str) -> dict:
    """What could be counted; what could not is said on standard error and left out."""
    got: dict = {}
    for tool in (instructions, allocations, system_calls):
        try:
            got.update(tool(bench, server, scenario))
        except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
            say(f"{tool.__name__} {server.name} {scenario}: {error}")
    return got


def instructions(bench: Bench, server: Server, scenario: str) -> dict:
    """User-mode instructions of all threads, without those that the server takes by itself as time passes."""

    def total(_log: str, out: str) -> list[int]:
        found = re.search(r"^(?:totals|summary): (\d+)", out, re.M)
        return [int(found[1])] if found else []

    by_itself = bench.fact(server.name, "instructions_per_second")
    if by_itself is None:
        with_less, with_more = (counted(bench, server, scenario, "callgrind", total, idle, 1) for idle in IDLE)
        seconds = with_more[1] - with_less[1]
        by_itself = max(0.0, (with_more[0][0] - with_less[0][0]) / seconds)
        bench.note(server.name, instructions_per_second=by_itself)
    (count,), seconds = difference(bench, server, scenario, "callgrind", total)
    return {"instructions": count - by_itself * seconds}


def allocations(bench: Bench, server: Server, scenario: str) -> dict:
    """Calls of the allocator, and the bytes asked for."""

    def total(log: str, _out: str) -> list[int]:
        found = re.search(r"Total:\s+([\d,]+) bytes in ([\d,]+) blocks", log)
        return [int(group.replace(",", "")) for group in found.groups()] if found else []

    (size, count), _seconds = difference(bench, server, scenario, "dhat", total)
    return {"alloc_bytes": size, "allocs": count}


def difference(bench: Bench, server: Server, scenario: str, tool: str, read_totals) -> tuple[list[float], float]:
    """What a valgrind tool counts for one request, and the seconds that it takes then: the difference of two runs over the
    difference in requests."""
    counts = requests(bench, scenario)
    low, high = (counted(bench, server, scenario, tool, read_totals, 0, count) for count in counts)
    more = counts[1] - counts[0]
    return [(after - before) / more for before, after in zip(low[0], high[0])], (high[1] - low[1]) / more


def counted(
    bench: Bench, server: Server, scenario: str, tool: str, read_totals, idle: float, count: int
) -> tuple[list[int], float]:
    """The totals of a valgrind tool for so many requests and so many seconds with a connection and none, and how long all
    that took."""
    out, log = bench.scratch / f"{tool}.out", bench.scratch / "valgrind.log"
    wrap = ("valgrind", f"--tool={tool}", f"--{tool}-out-file={out}", f"--log-file={log}")
    with started(bench, server, scenario, wrap=wrap, wait=120, env=PLAIN_COPIES) as (process, port):
        start = time.monotonic()
        if idle:
            with socket.create_connection(("127.0.0.1", port)):
                time.sleep(idle)
        drive(bench.wsload, port, scenario, count)
        took = time.monotonic() - start
        process.terminate()
        process.wait(60)
    found = read_totals(log.read_text(errors="replace"), out.read_text(errors="replace"))
    if not found:
        raise RuntimeError(f"{tool} left no totals")
    return found, took


def requests(bench: Bench, scenario: str) -> tuple[int, int]:
    """How many requests the shorter of two runs makes, and the longer."""
    fewer = WEBSOCKET[scenario].fewer if scenario in WEBSOCKET else 1
    return bench.args.count_low // fewer, bench.args.count_high // fewer


def system_calls(bench: Bench, server: Server, scenario: str) -> dict:
    """System calls by name: the difference of what strace counts while few requests are served and while many are."""
    with started(bench, server, scenario) as (process, port):
        drive(bench.wsload, port, scenario, ENOUGH_FOR_WARMTH)
        low, high = (counts := requests(bench, scenario))
        fewer, more = (traced(bench, process, port, scenario, count) for count in counts)
    calls = {name: (number - fewer.get(name, 0)) / (high - low) for name, number in more.items()}
    return {"syscalls": {name: each for name, each in calls.items() if each >= RARE}}


def traced(bench: Bench, process: subprocess.Popen, port: int, scenario: str, count: int) -> dict[str, int]:
    """The system calls that a server makes while so many requests are served, the most frequent first."""
    out = bench.scratch / "strace.out"
    pids = tree(process.pid)
    command = ["strace", "-f", "-c", "-o", str(out), *(word for pid in pids for word in ("-p", str(pid)))]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as trace:
        for _ in pids:
            # One line for each process, once all its threads are attached.
            if "attached" not in (line := trace.stderr.readline()):
                raise RuntimeError(line + trace.stderr.read())
        drive(bench.wsload, port, scenario, count)
        trace.send_signal(signal.SIGINT)
        trace.stderr.read()
    return dict(parse_strace(out.read_text()))


def parse_strace(summary: str) -> list[tuple[str, int]]:
    """Names and numbers of calls, the most frequent first."""
    calls = []
    for line in summary.splitlines():
        fields = line.split()
        if len(fields) >= 5 and re.fullmatch(r"[\d.]+", fields[0]) and fields[-1] != "total":
            calls.append((fields[-1], int(fields[3])))
    return sorted(calls, key=lambda call: -call[1])


def started(bench: Bench, server: Server, scenario: str, **how):
    """The server with as many routes as the scenario needs, on whichever core: nothing is timed."""
    return server.running(bench, routes=HTTP.get(scenario, Http("")).routes, pinned=False, **how)


def print_scenario(bench: Bench, servers: list[Server], scenario: str) -> None:
    """The table of one scenario, the cheapest server first."""
    costs = {server.name: bench.fact(server.name, "cost", {}).get(scenario) for server in servers}
    costs = {name: cost for name, cost in costs.items() if cost}
    if not costs:
        return
    base = reference(bench, scenario, costs)
    rows = []
    for name, cost in sorted(costs.items(), key=lambda item: item[1].get("instructions", float("inf"))):
        count = cost.get("instructions")
        rows.append(
            [
                name,
                f"{count:,.0f}" if count else "-",
                f"{ratio(count, costs[base].get('instructions')):.3f}" if count else "-",
                f"{cost['allocs']:.2f}" if "allocs" in cost else "-",
                f"{cost['alloc_bytes']:,.0f}" if "alloc_bytes" in cost else "-",
                ", ".join(f"{call} {number:.3g}" for call, number in cost.get("syscalls", {}).items()),
            ]
        )
    columns = ["server", "instructions", f"ratio to {base}", "allocations", "bytes allocated", "system calls"]
    table(f"cost of one {scenario}", columns, rows)


def print_summary(bench: Bench, servers: list[Server], scenarios: list[str]) -> None:
    """A row for each server, a column for each scenario."""

    def cell(server: str, scenario: str) -> str:
        cost = bench.fact(server, "cost", {}).get(scenario, {})
        if not {"instructions", "allocs", "syscalls"} <= set(cost):
            return "-"
        return f"{cost['instructions']:,.0f} / {cost['allocs']:.3g} / {sum(cost['syscalls'].values()):.3g}"

    table(
        "cost of one request: instructions / allocations / system calls",
        ["server", *scenarios],
        ([server.name, *(cell(server.name, scenario) for scenario in scenarios)] for server in servers),
    )
