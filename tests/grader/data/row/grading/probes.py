"""Further inputs for the row."""


def probes(rng):
    """Rows of 4 to 11 cells on both sides of zero, in 2 to 4 bins."""
    for _ in range(20):
        bins = int(rng.integers(2, 5))
        length = bins + int(rng.integers(2, 8))
        yield "edges", (length, bins), {}
        yield "pool", (rng.permutation(3 * length).reshape(3, length) - 15.5, bins), {}
