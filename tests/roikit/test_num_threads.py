"""How many threads may compute: as asked, or as OMP_NUM_THREADS says, or one for each CPU."""

import inspect
import os

import numpy as np
import pytest
from family import CALLS, gradient

import roikit
from roikit import _validate

MAPS, BOX = np.ones((1, 1, 4, 4)), [[0, 0, 0, 2, 2]]
OPERATIONS = {"roi_pool": roikit.roi_pool, "roi_align": roikit.roi_align}


@pytest.fixture(params=OPERATIONS)
def operation(request):
    return OPERATIONS[request.param]


@pytest.mark.parametrize("count", [1, 3, np.int8(2), 1024])
def test_as_many_as_asked_for(operation, count):
    assert _validate.num_threads(count) == count
    assert np.all(operation(MAPS, BOX, 2, num_threads=count) == 1)


@pytest.mark.parametrize(("words", "count"), [("3", 3), (" 2 ", 2), ("4,2,1", 4), ("99999", 1024)])
def test_the_environment_says_how_many(monkeypatch, words, count):
    monkeypatch.setenv("OMP_NUM_THREADS", words)
    assert _validate.num_threads(None) == count
    assert _validate.num_threads(1) == 1


@pytest.mark.parametrize("words", ["", "0", "-1", "many", "1.5", ",2", "1_0", "٣", "9" * 5000])
def test_anything_else_says_nothing(monkeypatch, words):
    monkeypatch.setenv("OMP_NUM_THREADS", words)
    monkeypatch.setattr(_validate, "_usable_cpus", lambda: 7)
    assert _validate.num_threads(None) == 7


def test_a_thread_for_each_cpu(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    assert 1 <= _validate.num_threads(None) <= os.cpu_count()


def test_where_nobody_knows_which_cpus_a_process_may_use(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert _validate.num_threads(None) == 1


@pytest.mark.parametrize(
    ("count", "error", "expected"),
    [
        (0, ValueError, "num_threads must lie within 1 .. 1024; got 0"),
        (-1, ValueError, "num_threads must lie within 1 .. 1024; got -1"),
        (1025, ValueError, "num_threads must lie within 1 .. 1024; got 1025"),
        (2.0, TypeError, "num_threads must be a whole number; got 2.0"),
        (True, TypeError, "num_threads must be a whole number; got True"),
        ("2", TypeError, "num_threads must be a whole number; got '2'"),
    ],
)
def test_a_wrong_number(operation, count, error, expected):
    with pytest.raises(error) as caught:
        operation(MAPS, BOX, 2, num_threads=count)
    assert str(caught.value) == expected


@pytest.mark.parametrize("mode", ["avg", "max"])
def test_the_result_does_not_depend_on_it(operation, mode):
    """Large enough to be shared among threads."""
    rng = np.random.default_rng(0)
    maps = rng.normal(size=(2, 64, 40, 40)).astype(np.float32)
    rois = np.column_stack([rng.integers(0, 2, 40), rng.uniform(0, 40, (40, 4))])
    one, *others = [operation(maps, rois, 7, mode=mode, num_threads=count) for count in (1, 2, 3, 8)]
    for other in others:
        assert other.tobytes() == one.tobytes()


GRADIENTS = [name for name in roikit.__all__ if name.endswith(("_backward_rois", "_backward_offset"))]


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients_by_boxes_take_it_too(name):
    operation, _, kind = name.partition("_backward_")
    threads = inspect.signature(getattr(roikit, name)).parameters["num_threads"]
    assert (threads.kind, threads.default) == (threads.KEYWORD_ONLY, None)
    bins = getattr(roikit, operation)(**CALLS[operation])
    with pytest.raises(ValueError, match=r"^num_threads must lie within 1 \.\. 1024; got 0$"):
        gradient(operation, f"backward_{kind}", {**CALLS[operation], "num_threads": 0}, bins)
