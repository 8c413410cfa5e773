"""What roikit wants to reach, row by row, and whether it did."""

from __future__ import annotations

from dataclasses import dataclass

#: Times as fast as the fastest peer, with 1 and 2 threads.
FASTER: dict[str, dict[int, float]] = {
    name: goal
    for names, goal in (
        ("W1 W5 W6 W8 W2 W6b", {1: 10, 2: 8}),
        ("W7a W7b", {1: 15, 2: 20}),
        ("W3a W3b", {1: 1.8, 2: 2}),
        ("W3b-argmax", {1: 4, 2: 5}),
        ("W7c", {1: 1.5, 2: 2.5}),
        ("W4a W4p", {1: 1}),
    )
    for name in names.split()
}
#: Times the memory limit, at most.
MEMORY = dict.fromkeys(("W1", "W2", "W5", "W7a", "W7b"), 6.0)
#: Times as fast as the fastest peer where AVX-512 is not used.
AVX2 = dict.fromkeys(("W1", "W2", "W5"), 6.0)


@dataclass(frozen=True)
class Verdict:
    """``value`` is to be at least (or, for the memory limit, at most) ``goal``."""

    what: str  # "faster", "avx2", "memory"
    goal: float
    value: float

    @property
    def met(self) -> bool:
        return self.value <= self.goal if self.what == "memory" else self.value >= self.goal
