"""Tables on standard output, remarks on standard error, statistics for both."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterable, Sequence


def say(*words: object) -> None:
    """A remark on standard error."""
    print(*words, file=sys.stderr, flush=True)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table in Markdown; the first column is text, the others are figures."""
    print(f"\n### {title}\n")
    print("| " + " | ".join(columns) + " |")
    print("|---|" + "---:|" * (len(columns) - 1))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    sys.stdout.flush()


def median(values: Sequence[float]) -> float:
    """The median, or NaN where there is nothing to take it of."""
    return statistics.median(values) if values else float("nan")


def ratio(value: float, base: float) -> float:
    """A quotient, or NaN where there is nothing to divide by."""
    return value / base if base else float("nan")
