"""What Linux tells about processes and cores, and which of the cores are used."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path


def tree(pid: int) -> list[int]:
    """The process and all its descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                children.setdefault(int(stat_fields(entry)[1]), []).append(int(entry.name))
    found, queue = [], [pid]
    while queue:
        one = queue.pop()
        found.append(one)
        queue.extend(children.get(one, []))
    return found


def stat_fields(process: Path) -> list[str]:
    """The fields of /proc/PID/stat from the third on; the second, the name, may hold blanks and parentheses."""
    return (process / "stat").read_text().rsplit(")", 1)[1].split()


def cpu_seconds(pid: int) -> float:
    """Processor seconds of every live thread of the process and its descendants."""
    total = 0
    for one in tree(pid):
        with contextlib.suppress(OSError):
            for thread in Path(f"/proc/{one}/task").iterdir():
                with contextlib.suppress(OSError):
                    total += int((thread / "schedstat").read_text().split()[0])
    return total / 1e9


def user_and_system_ticks(pid: int) -> tuple[int, int]:
    """Processor ticks of the tree in user and in kernel mode."""
    user = system = 0
    for one in tree(pid):
        with contextlib.suppress(OSError):
            fields = stat_fields(Path(f"/proc/{one}"))
            user, system = user + int(fields[11]), system + int(fields[12])
    return user, system


def resident(pid: int) -> tuple[int, int]:
    """Resident bytes of the tree: all of them, and the anonymous part."""
    rss = anonymous = 0
    for one in tree(pid):
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{one}/status").read_text()
            rss += int(re.search(r"VmRSS:\s+(\d+)", text)[1]) * 1024
            anonymous += int(re.search(r"RssAnon:\s+(\d+)", text)[1]) * 1024
    return rss, anonymous


def busy_seconds(core: int) -> float:
    """Seconds that the core has been busy since boot, time taken by the host included."""
    for line in Path("/proc/stat").read_text().splitlines():
        name, *fields = line.split()
        if name == f"cpu{core}":
            user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, fields[:8])
            return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")
    return 0.0


class Cores:
    """Where the load and the servers run: on cores of their own, on one together, or wherever the kernel puts them."""

    def __init__(self, layout: str, workers: int, niceness: int) -> None:
        self.niceness = niceness
        every = sorted(os.sched_getaffinity(0))
        self.load, self.servers = every[:1], every[1 : 1 + workers] or every
        if layout == "same":
            self.load = self.servers = every[-1:]
        elif layout == "free":
            self.load = self.servers = []
        self.watched = sorted({*self.load, *self.servers}) or every

    def prefix(self, cores: list[int]) -> list[str]:
        """What goes before a command so that it runs on these cores; an empty list leaves it to the kernel."""
        command = ["taskset", "-c", ",".join(map(str, cores))] if cores else []
        if self.niceness:
            command = ["nice", "-n", str(self.niceness), *command]
        return command
