"""What the compiler takes: generated applications after an edit, and cold release builds of the peers."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from harness.bench import Bench
from harness.peers import HERE, packages
from harness.report import median, say, table

KINDS = {"check": ["check"], "debug": ["build"], "release": ["build", "--release"]}
MANIFEST = """[package]
name = "generated"
version = "0.0.0"
edition = "2024"

[workspace]

[dependencies]
"""


@dataclass
class Took:
    """Seconds of the clock, and of all processors together."""

    wall: float
    cpu: float


@dataclass
class Application:
    """A generated application: where it is, what it is made from, where it is built."""

    name: str
    template: Path
    folder: Path
    target: Path

    def generate(self, handlers: int) -> None:
        """Writes the application with so many handlers."""
        parts = read_template(self.template.read_text())
        (self.folder / "src").mkdir(parents=True, exist_ok=True)
        deps = parts["deps"].replace("TEMPLATE_DIR", str(self.template.resolve().parent))
        (self.folder / "Cargo.toml").write_text(MANIFEST + deps)
        self.main.write_text(render(parts, handlers))

    @property
    def main(self) -> Path:
        """Its one source file."""
        return self.folder / "src" / "main.rs"

    def prepare(self, kinds: list[str]) -> None:
        """Builds the dependencies, in the versions of this workspace's lock file."""
        self.generate(1)
        shutil.copy(HERE / "Cargo.lock", self.folder)
        subprocess.run(["cargo", "fetch", "--quiet"], cwd=self.folder, check=True)
        for kind in kinds:
            cargo(self.folder, self.target, *KINDS[kind])

    def rounds(self, handlers: int, kind: str, number: int) -> dict[str, Took]:
        """One kind of build after a change that means nothing, and after one of a handler's body."""
        self.generate(handlers)
        text = self.main.read_text() + f"\n// {number} {time.time_ns()}\n"
        self.main.write_text(text)
        full = cargo(self.folder, self.target, *KINDS[kind])
        self.main.write_text(text.replace("edited 0", f"edited {number + 1}", 1))
        return {"full": full, "edit": cargo(self.folder, self.target, *KINDS[kind])}


def read_template(text: str) -> dict[str, str]:
    """The parts of a template by the names in their headings, `//# name`."""
    parts: dict[str, str] = {}
    key = None
    for line in text.splitlines(keepends=True):
        if line.startswith("//# "):
            key = line[4:].strip()
            parts[key] = ""
        elif key:
            parts[key] += line
    return parts


def render(parts: dict[str, str], handlers: int) -> str:
    """The source: `each` and `name` once for every handler, its number in place of NNNN."""

    def repeated(part: str) -> str:
        return "".join(parts.get(part, "").replace("NNNN", f"{number:04}") for number in range(handlers))

    return parts["head"] + repeated("each") + parts.get("mid", "") + repeated("name") + parts.get("tail", "")


def cargo(folder: Path, target: Path, *words: str) -> Took:
    """Runs cargo without the network."""
    env = dict(os.environ, CARGO_TARGET_DIR=str(target), CARGO_INCREMENTAL="1")
    command = ["cargo", *words, "--quiet", "--offline"]
    start, before = time.monotonic(), os.times()
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
    after = os.times()
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Took(time.monotonic() - start, cpu)


def measure(bench: Bench) -> None:
    """Every template, with one handler and with many."""
    templates = {path.name.removesuffix(".rs.in"): path for path in sorted((HERE / "compile").glob("*.rs.in"))}
    templates.update((name, Path(path)) for name, _, path in (t.partition("=") for t in bench.args.compile_template))
    only = bench.args.compile_only.split(",") if bench.args.compile_only else templates
    kinds = [kind for kind in KINDS if kind in bench.args.compile_kinds.split(",")]
    work = bench.target / "compile"
    ready = []
    for name in only:
        application = Application(name, templates[name], work / name, work / "target" / name)
        try:
            application.prepare(kinds)
            ready.append(application)
        except (RuntimeError, subprocess.CalledProcessError) as error:
            say(f"compile {name}: {error}")
    rows: dict[str, dict[str, list[Took]]] = {application.name: {} for application in ready}
    for number in range(bench.args.compile_rounds):
        for handlers in (1, bench.args.handlers):
            for application in ready:
                for kind in kinds:
                    for step, took in application.rounds(handlers, kind, number).items():
                        rows[application.name].setdefault(f"{kind}-{step}-{handlers}", []).append(took)
        bench.result["compile"] = {
            name: {step: [vars(took) for took in all_taken] for step, all_taken in row.items()}
            for name, row in rows.items()
        }
        bench.save()
    steps = list(dict.fromkeys(step for row in rows.values() for step in row))

    def cell(all_taken: list[Took]) -> str:
        cpu = [took.cpu for took in all_taken]
        return f"{median(cpu):.2f} [{min(cpu):.2f}..{max(cpu):.2f}]" if cpu else "-"

    table(
        f"compile: CPU seconds, median [min..max]; {bench.args.handlers} handlers against 1",
        ["framework", *steps],
        ([name, *(cell(row.get(step, [])) for step in steps)] for name, row in rows.items()),
    )


def measure_cold(bench: Bench, names: list[str]) -> None:
    """A release build of each package into an empty folder, dependencies included."""
    builds = {package: (HERE, ["-p", package]) for package in packages(names)}
    for name, _, given in (build.partition("=") for build in bench.args.cold_build):
        folder, *words = shlex.split(given)
        builds[name] = (Path(folder), words)
    took = {}
    for name, (folder, words) in builds.items():
        with tempfile.TemporaryDirectory(dir=bench.target) as empty:
            try:
                took[name] = cargo(folder, Path(empty), "build", "--release", *words)
            except RuntimeError as error:
                say(f"cold {name}: {error}")
    bench.result["cold"] = {name: vars(seconds) for name, seconds in took.items()}
    rows = ([name, f"{seconds.wall:.0f}", f"{seconds.cpu:.0f}"] for name, seconds in took.items())
    table("cold release build", ["package", "seconds", "CPU seconds"], rows)
