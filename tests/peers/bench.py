#!/usr/bin/env python3
"""Holds HTTP and websocket servers against each other on one machine, in one run.

    bench.py --build                        build the peers and the load client first
    bench.py                                the default servers, the default tests
    bench.py --server mine="VAR=1 path/to/server" --tests http,ws,mem,cost,size
    bench.py --only axum,actix --scenarios plaintext,json --rounds 9 --secs 2

A server is a command that listens on 127.0.0.1, on the port in PORT, with as many worker threads as WORKERS says, and
answers what README.md lists; what it does not answer is left out of its row. Servers take turns (A B C, A B C ...),
in --rounds after each of --blocks fresh starts, the server on one core and the load on another, or both on one. A
sample during which somebody else took more than --foreign of those cores is taken again.

Two figures per sample: `rate` is requests per second of wall time; `cpu` is requests per second of the server's own CPU
time, which holds stiller when the machine is busy. Ratios are to --ref: the ratio of the medians over all samples, and
`paired`, the median of the ratios to the two samples of the reference next in time, which takes out the drift of the
machine, with its quartiles in parentheses and its extremes in brackets. The reference's own paired ratio compares it
with itself a moment before: no difference smaller than its quartiles means anything.
"""

import argparse
import os
import signal
import sys

from harness import compile, cost, memory, throughput
from harness.bench import Bench
from harness.peers import DEFAULT, GROUPS, HERE, PEERS, build, chosen
from harness.probe import probe
from harness.scenarios import HTTP, SCENARIOS, WEBSOCKET
from harness.server import Server

TESTS = ("http", "ws", "mem", "cost", "size", "compile", "cold")
DEFAULT_TESTS = "http,ws,mem,cost,size"
DEFAULT_COSTS = "plaintext,browser,json,params,routes-10,routes-10k,echo-json,inline,blocking,ws-rtt,ws-flood"


def run(bench: Bench) -> None:
    """The tests asked for, the steady ones first."""
    args = bench.args
    names = chosen(args.only)
    servers = [Server(name, [str(bench.binary(PEERS[name][0]))], PEERS[name][1]) for name in names]
    servers += map(Server.parse, args.server)
    tests = words(args.tests, TESTS)
    loads = words(args.scenarios, SCENARIOS) or list(SCENARIOS)
    costs = words(args.cost_scenarios, SCENARIOS)
    if args.build:
        build(names, bench.target)
    if {"http", "ws", "mem", "cost", "size"} & set(tests):
        servers = probe(bench, servers, {*loads, *costs, "plaintext", "ws-rtt"})
    if "size" in tests:
        memory.measure_size(bench, servers)
    if "mem" in tests:
        memory.measure(bench, servers)
    if "cost" in tests:
        cost.measure(bench, servers, costs)
    if "http" in tests:
        throughput.measure(bench, servers, [name for name in loads if name in HTTP])
    if "ws" in tests:
        throughput.measure(bench, servers, [name for name in loads if name in WEBSOCKET])
    throughput.print_summary(bench, servers)
    if "compile" in tests:
        compile.measure(bench)
    if "cold" in tests:
        compile.measure_cold(bench, names)
    bench.save()


def words(given: str, known) -> list[str]:
    """The words of a comma-separated list, each of which must be known."""
    found = [word for word in given.split(",") if word]
    for word in found:
        if word not in known:
            raise SystemExit(f"`{word}` is none of: {', '.join(known)}")
    return found


def parser() -> argparse.ArgumentParser:
    """The command line."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--server", action="append", default=[], metavar="NAME=COMMAND", help="one more server")
    p.add_argument("--only", default=DEFAULT, help=f"which peers, of: {', '.join([*GROUPS, *PEERS])}")
    p.add_argument("--tests", default=DEFAULT_TESTS, help=f"of: {', '.join(TESTS)}")
    p.add_argument("--scenarios", default="", help=f"of the http and ws tests, of: {', '.join(SCENARIOS)}")
    p.add_argument("--cost-scenarios", default=DEFAULT_COSTS, help="of the cost test, of the same")
    p.add_argument("--ref", default="hyper", help="the server that HTTP ratios are to")
    p.add_argument("--ws-ref", default="tungstenite", help="the server that websocket ratios are to")
    p.add_argument("--blocks", type=int, default=3, help="how often the servers are started afresh for a scenario")
    p.add_argument("--rounds", type=int, default=5, help="how often they take turns after each start")
    p.add_argument("--secs", type=int, default=1, help="length of a sample")
    p.add_argument("--workers", type=int, default=1, help="worker threads per server")
    p.add_argument(
        "--layout",
        choices=("split", "same", "free"),
        default="split",
        help="load and server on two cores; both on one, which is steadier where others use the machine; or wherever "
        "the kernel puts them, for --workers above 1",
    )
    p.add_argument("--foreign", type=float, default=0.15, help="share of a core that others may take in a sample")
    p.add_argument("--retries", type=int, default=1, help="how often a disturbed sample is taken again")
    p.add_argument("--pause", type=float, default=1.0, help="seconds before taking it again")
    p.add_argument("--nice", type=int, default=0, help="niceness of servers and load; negative needs root")
    p.add_argument("--port", type=int, default=21000, help="the first of the ports used")
    p.add_argument("--ws-idle", type=int, default=5000, help="idle websockets in the memory test")
    p.add_argument("--count-low", type=int, default=512, help="requests of the shorter run of the cost test")
    p.add_argument("--count-high", type=int, default=2560, help="requests of the longer one")
    p.add_argument("--handlers", type=int, default=500, help="handlers in the compile test")
    p.add_argument("--compile-rounds", type=int, default=3, help="how often each application is built")
    p.add_argument("--compile-kinds", default="check,debug", help=f"of: {', '.join(compile.KINDS)}")
    p.add_argument("--compile-only", default="", help="of the applications in compile/")
    p.add_argument("--compile-template", action="append", default=[], metavar="NAME=FILE", help="one more of them")
    p.add_argument("--cold-build", action="append", default=[], metavar="NAME=FOLDER [CARGO ARGUMENTS]")
    p.add_argument("--target-dir", default=os.environ.get("BENCH_TARGET_DIR", str(HERE / "target")))
    p.add_argument("--json", default="", help="write every sample here")
    p.add_argument("--build", action="store_true", help="build the chosen peers and the load client first")
    return p


def main() -> None:
    """Runs; either signal unwinds, so that the servers that are up are stopped."""
    args = parser().parse_args()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit("interrupted"))
    with Bench.opened(args) as bench:
        run(bench)


if __name__ == "__main__":
    main()
