"""The kernels never leave an array nor C's rules: they run on two builds that watch each step."""

import sys

import pytest
from fuzz_builds import WATCHERS, WatchedBuild, fuzz

SIGNS = {
    ("bounds checks", "stray_access"): "IndexError: Out of bounds on buffer access (axis 0)",
    ("sanitizers", "stray_access"): "ERROR: AddressSanitizer: heap-buffer-overflow",
    ("sanitizers", "signed_overflow"): "runtime error: signed integer overflow",
    ("sanitizers", "cast_out_of_range"): "runtime error: nan is outside the range of representable values",
}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs gcc or clang")


@pytest.fixture(scope="module")
def builds(tmp_path_factory):
    return {watcher: WatchedBuild(watcher, tmp_path_factory.mktemp("build")) for watcher in WATCHERS}


@pytest.mark.parametrize(("watcher", "fault"), SIGNS)
def test_the_watcher_sees_a_fault(builds, watcher, fault):
    printed, code = builds[watcher].run("kernel_stress.py", fault)
    assert code != 0
    assert SIGNS[watcher, fault] in printed


@pytest.mark.parametrize("watcher", WATCHERS)
def test_no_step_over_any_border_is_wrong(builds, watcher):
    printed, code = builds[watcher].run("kernel_stress.py")
    assert (code, printed.strip()) == (0, "done"), printed
    assert list(builds[watcher].folder.glob("roikit/cpu/_roi_pool*.so"))


def test_random_calls_find_nothing(builds):
    """The short form of ``python tests/roikit/fuzz_builds.py``."""
    printed, counts, well = fuzz(builds["sanitizers"], calls=30_000, seed=0, jobs=2)
    assert well, printed
    assert counts["moved"] == 30
    assert counts["compared"] > 1000
    assert 5000 < counts["raised"] < 20_000
