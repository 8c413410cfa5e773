"""A class's memory: what a student more costs the driver, whatever was said and drawn for each."""

from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def streaming(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    import bench_streaming

    return bench_streaming


def test_a_student_more_costs_a_few_kilobytes(streaming):
    """Hand-in, key, place in the journal, overview; a whole result has ten times that."""
    assert streaming.growth(200, 800) < 6000
