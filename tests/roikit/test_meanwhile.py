"""What other threads may do while an operation computes: everything but move the memory it reads."""

import sys
import threading

import numpy as np
import pytest

import roikit
from roikit import _dispatch

BOX = [[0, 0, 0, 3, 3]]


def in_the_middle(monkeypatch, what):
    """Does `what` while a kernel has its arguments, as another thread would; gives what came of it."""
    done, compiled = [], _dispatch._compiled

    def interrupted(operation):
        def kernel(*arguments):
            done.append(what())
            return compiled(operation)(*arguments)

        return kernel

    monkeypatch.setattr(_dispatch, "_compiled", interrupted)
    return done


def moved(array):
    """Whether NumPy lets the array's memory be taken away, as it does when asked not to look."""
    try:
        array.resize(array.size + 1000, refcheck=False)
    except ValueError:
        return False
    return True


OPERATIONS = {
    "roi_pool": lambda maps: roikit.roi_pool(maps, BOX, 2),
    "roi_align": lambda maps: roikit.roi_align(maps, BOX, 2),
    # The quick way of calls with arrays, and channels last.
    "roi_pool of arrays": lambda maps: roikit.roi_pool(maps, np.array(BOX, float), 2),
    "roi_align of arrays": lambda maps: roikit.roi_align(maps, np.array(BOX, float), 2),
    "roi_align NHWC": lambda maps: roikit.roi_align(maps.transpose(0, 2, 3, 1), BOX, 2, layout="NHWC"),
    "bilinear_interpolate": lambda maps: roikit.bilinear_interpolate(maps, [0.5], [0.5]),
}
VIEWS = {
    "itself": lambda array: array,
    "a view": lambda array: array[:, :, ::-1].transpose(0, 1, 3, 2),
    "a view of a subclass": lambda array: array.view(np.memmap)[...],
}


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("view", VIEWS)
def test_a_map_cannot_be_moved_away(monkeypatch, operation, view):
    owner = np.ones((1, 1, 4, 4))
    done = in_the_middle(monkeypatch, lambda: moved(owner))
    assert OPERATIONS[operation](VIEWS[view](owner)).item(0) == 1
    assert done == [False]
    assert owner.shape == (1, 1, 4, 4)


@pytest.mark.parametrize("boxes", [BOX, np.array(BOX, float)], ids=["list", "array"])
def test_a_map_is_free_again_afterwards(boxes):
    owner = np.ones((1, 1, 4, 4))
    roikit.roi_pool(owner, boxes, 2)
    assert moved(owner)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the shape, in newer NumPys
@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_map_of_another_shape_meanwhile(monkeypatch, operation):
    """The kernel has its own idea of the shape: the one that was looked at."""
    maps = np.ones((1, 1, 4, 4))
    done = in_the_middle(monkeypatch, lambda: setattr(maps, "shape", (1, 1, 1, 16)))
    assert np.all(OPERATIONS[operation](maps) == 1)
    assert len(done) == 1


def test_a_map_is_free_again_after_an_error():
    owner = np.ones((1, 1, 4, 4))
    try:
        roikit.roi_pool(owner, [[7, 0, 0, 1, 1]], 2)
    except ValueError as error:
        assert "batch index 7" in str(error)  # noqa: PT017 (the traceback must go)
    assert moved(owner)


def test_a_map_of_foreign_memory_is_locked_by_its_owner(monkeypatch):
    memory = bytearray(128)

    def clear():
        with pytest.raises(BufferError):
            memory.clear()

    done = in_the_middle(monkeypatch, clear)
    roikit.roi_pool(np.frombuffer(memory).reshape(1, 1, 4, 4), BOX, 2)
    assert len(done) == 1


def test_boxes_are_copied_before_they_are_looked_at(monkeypatch):
    rois = np.array(BOX, float)
    done = in_the_middle(monkeypatch, lambda: rois.fill(1e300))
    assert roikit.roi_align(np.ones((1, 1, 4, 4)), rois, 1).item() == 1
    assert len(done) == 1


def test_what_is_written_meanwhile_stays_inside_the_map():
    features = np.zeros((1, 8, 32, 32))
    rng = np.random.default_rng(0)
    argmaxes = []

    def read():
        for _ in range(100):
            argmaxes.append(roikit.roi_pool(features, [[0, 0, 0, 31, 31]], 3, return_argmax=True)[1])

    reader = threading.Thread(target=read)
    reader.start()
    while reader.is_alive():
        features[...] = rng.choice([0, 1, np.nan, np.inf, -np.inf], features.shape)
    assert len(argmaxes) == 100
    assert all(argmax.min() >= -1 and argmax.max() < 32 * 32 for argmax in argmaxes)


def test_threads_compute_on_the_backend_each_has_chosen():
    """They answer alike, and refuse alike, whoever else computes on what."""
    features, rois = np.random.default_rng(0).normal(size=(2, 3, 9, 9)), [[1, 0.5, -2, 7, 5], [0, 3, 3, 3, 3]]
    expected = roikit.roi_align(features, rois, 3)
    faults = []

    def work(name):
        for _ in range(30):
            with roikit.use_backend(name):
                if _dispatch.backend() != name:
                    faults.append("another's backend")
                if not np.array_equal(roikit.roi_align(features, rois, 3), expected):
                    faults.append("another answer")
                try:
                    roikit.roi_align(features, [[2, 0, 0, 1, 1]], 3)
                except ValueError as error:
                    if "features holds 2 images (0..1)" not in str(error):
                        faults.append(str(error))

    workers = [threading.Thread(target=work, args=(name,)) for name in ["reference", "cpu"] * 3]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    finally:
        sys.setswitchinterval(interval)
    assert faults == []
    assert _dispatch.backend() == "cpu"
