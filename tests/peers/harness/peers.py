"""The servers of this workspace by name: which package, started with which environment."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from harness.report import say

HERE = Path(__file__).resolve().parent.parent

# What a framework may put around hyper, one at a time, and the ways to run a handler on other threads.
KNOBS = """base upgrades auto auto-upgrades timer swept-timer half-close flatten pipeline-flush half-close-flatten
together half-close-together own-date select box-future box-body unsync-box-body either-body catch spawn task-local
extension parts matchit three-tweens""".split()
POOLS = "inline tokio tokio-1 tokio-4 tokio-16 batched-1 batched-4 batched-16".split()

PEERS = {
    "aiopyramid": ("aiopyramid-peer", {}),
    "aiopyramid-tweens": ("aiopyramid-peer", {"TWEENS": "async"}),
    "aiopyramid-plain-tweens": ("aiopyramid-peer", {"TWEENS": "plain"}),
    "aiopyramid-layers": ("aiopyramid-peer", {"TWEENS": "layers"}),
    "bare": ("bare-epoll", {}),
    "hyper": ("hyper-raw", {}),
    "hyper-mt": ("hyper-raw", {"MODEL": "mt"}),
    "hyper-flush": ("hyper-raw", {"PIPELINE_FLUSH": "1"}),
    "hyper-timer": ("hyper-raw", {"HEADER_TIMEOUT": "1"}),
    "hyper-files": ("hyper-files", {}),
    "axum": ("axum-peer", {}),
    "axum-mt": ("axum-peer", {"MODEL": "mt"}),
    "axum-plain": ("axum-peer", {"AXUM_PLAIN": "1"}),
    "axum-minijinja": ("axum-peer", {"TEMPLATES": "minijinja"}),
    "axum-from-fn": ("axum-peer", {"LAYERS": "from-fn"}),
    "axum-layers": ("axum-peer", {"LAYERS": "tower"}),
    "axum-nested": ("axum-peer", {"NESTED": "1"}),
    "axum-room-channel": ("axum-peer", {"ROOM": "channel"}),
    "axum-4k": ("axum-peer", {"WS_READ_BUF": "4096"}),
    "actix": ("actix-peer", {}),
    "rocket": ("rocket-peer", {}),
    "poem": ("poem-peer", {}),
    "salvo": ("salvo-peer", {}),
    "ntex": ("ntex-peer", {}),
    "xitca": ("xitca-peer", {}),
    "may": ("may-peer", {}),
    "tungstenite": ("ws-tungstenite", {}),
    "tungstenite-mt": ("ws-tungstenite", {"MODEL": "mt"}),
    "tungstenite-batch": ("ws-tungstenite", {"WS_BATCH": "1"}),
    "tungstenite-4k": ("ws-tungstenite", {"WS_READ_BUF": "4096", "WS_WRITE_BUF": "4096"}),
    "tungstenite-4k-batch": ("ws-tungstenite", {"WS_READ_BUF": "4096", "WS_WRITE_BUF": "4096", "WS_BATCH": "1"}),
    "fastws": ("ws-fast", {}),
    "fastws-unwrap": ("ws-fast", {"WS_UNWRAP": "1"}),
    **{f"knob-{knob}": ("hyper-knobs", {"KNOB": knob}) for knob in KNOBS},
    **{f"pool-{pool}": ("hyper-pool", {"POOL": pool}) for pool in POOLS},
}

GROUPS = {
    "frameworks": "axum actix rocket poem salvo ntex xitca may".split(),
    "files": "hyper-files axum".split(),
    "templates": "axum axum-minijinja".split(),
    "tweens": "aiopyramid-tweens aiopyramid-plain-tweens aiopyramid-layers axum-from-fn axum-layers".split(),
    "websockets": [name for name, (package, _) in PEERS.items() if package.startswith("ws-")],
    "rooms": "axum axum-room-channel".split(),
    "knobs": [f"knob-{knob}" for knob in KNOBS],
    "pools": [f"pool-{pool}" for pool in POOLS],
}
DEFAULT = "aiopyramid,hyper,axum,actix"


def chosen(only: str) -> list[str]:
    """The peers that a comma-separated list of peers and groups names."""
    names: dict[str, None] = {}
    for name in filter(None, only.split(",")):
        names.update(dict.fromkeys(GROUPS.get(name, [name])))
    for name in names:
        if name not in PEERS:
            raise SystemExit(f"no peer `{name}`; there are: {', '.join([*GROUPS, *PEERS])}")
    return list(names)


def packages(names: list[str]) -> Iterator[str]:
    """The packages of these peers, each once."""
    yield from dict.fromkeys(PEERS[name][0] for name in names)


def build(names: list[str], target: Path) -> None:
    """Builds the load client and the packages of these peers, all into one folder.

    One call of cargo for each: in a common one they would all be built with the union of their dependencies' features.
    """
    for package in ("wsload", *packages(names)):
        start = time.monotonic()
        done = subprocess.run(
            ["cargo", "build", "--release", "--quiet", "-p", package],
            cwd=HERE,
            env=dict(os.environ, CARGO_TARGET_DIR=str(target)),
        )
        say(f"build {package}: {time.monotonic() - start:.1f} s", "" if done.returncode == 0 else "FAILED")
