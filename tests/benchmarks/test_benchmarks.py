"""The benchmarks themselves: the right workloads, the right bytes, and they run."""

import importlib
import json
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).parent


@pytest.fixture
def kernels(monkeypatch):
    """Gives the modules of kernels/ by name."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(HERE / "kernels")
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if str(HERE) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def test_workloads_are_the_same_numbers_everywhere(kernels):
    work = kernels("workloads").WORKLOADS["W7b"].small()

    found = [zlib.crc32(np.ascontiguousarray(array)) for array in (work.features, work.rois, work.grad)]

    assert [array.shape for array in (work.features, work.rois, work.grad)] == [
        (1, 64, 50, 84), (37, 5), (37, 64, 14, 14),
    ]  # fmt: skip
    assert found == [425228417, 2540707101, 2670604565]


def test_bytes_of_one_region_counted_by_hand(kernels):
    """Box 10..90 by 20..100 on a map of an image 16 times as large, moved by half a cell.

    Columns 0.125..5.125 have samples at 0.75, 2, 3.25, 4.5: neighbours 0..5, six of them. Rows 0.75..5.75
    have samples at 1.375, 2.625, 3.875, 5.125: neighbours 1..6, six of them. And there are 2×2 bins.
    """
    work, traffic = kernels("workloads").WORKLOADS["W4a"], kernels("traffic")

    rows, columns = np.nonzero(traffic.touched(work))

    assert (set(rows), set(columns)) == ({1, 2, 3, 4, 5, 6}, {0, 1, 2, 3, 4, 5})
    assert traffic.bytes_moved(work) == (6 * 6 + 2 * 2) * 4


def test_peers_are_compared_with_roikit_called_in_their_way(kernels):
    measure = kernels("measure")
    seconds = {
        ("roikit", "fresh"): 2.0, ("roikit", "reused"): 1.0,
        ("openvino", "reused"): 11.0, ("torchvision", "fresh"): 16.0, ("paddle", "fresh"): 30.0,
    }  # fmt: skip
    row = measure.Row(kernels("workloads").WORKLOADS["W1"], threads=1)
    row.times = {key: measure.Spread.of([value]) for key, value in seconds.items()}

    assert [row.ratio(peer) for peer in row.peers()] == [11, 8, 15]
    told = {found.what: (found.goal, found.value, found.met) for found in row.verdicts(bandwidth=None)}
    assert told == {"faster": (10, 8, False)}


def test_the_kernels_benchmark_writes_what_it_measured(tmp_path):
    command = [
        sys.executable,
        str(HERE / "kernels"),
        "--quick",
        "--only",
        "W4a,W4p",
        "--output",
        str(tmp_path),
    ]

    done = subprocess.run([*command, "--libraries", "roikit,onnxruntime"], capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr
    record = json.loads((tmp_path / "kernels.json").read_text())
    assert [row["workload"] for row in record["rows"]] == ["W4a", "W4p"]
    assert [(time["library"], time["way"]) for time in record["rows"][0]["times"]] == [
        ("roikit", "fresh"), ("roikit", "reused"), ("onnxruntime", "fresh"),
    ]  # fmt: skip
    assert (tmp_path / "kernels.png").read_bytes().startswith(b"\x89PNG")
    assert "W4p" in done.stdout


def test_a_wrong_output_is_not_timed(kernels, tmp_path):
    measure, processes = kernels("measure"), kernels("processes")
    row = measure.Row(kernels("workloads").WORKLOADS["W1"], threads=1)

    class Wrong(processes.Worker):
        def __init__(self):
            self.name = "onnxruntime"

        def do(self, command, **arguments):
            return {"distance": 0.5, "largest": 4.0, "same_argmax": True}

    assert not measure._agrees(row, Wrong(), "reused", str(tmp_path))
    assert row.failed
    assert row.notes == ["onnxruntime (reused) is wrong on W1: 0.5 off, allowed 0.0002"]


def test_history_benchmarks_run(kernels, monkeypatch):
    monkeypatch.syspath_prepend(HERE / "history")
    history = kernels("benchmarks.kernels")

    call = history.Call()
    call.setup("W4p")
    call.time_call("W4p")

    small = history.Small()
    for workload in ("W3b-argmax", "W7c"):
        for output in ("fresh", "reused"):
            small.setup(workload, output)
            small.time_small(workload, output)
