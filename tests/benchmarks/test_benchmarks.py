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


def test_the_operations_benchmark_writes_what_it_measured(tmp_path):
    command = [sys.executable, str(HERE / "operations"), "--quick", "--threads", "1", "--only", "border"]

    done = subprocess.run(
        [*command, "--libraries", "roikit", "--output", str(tmp_path)], capture_output=True, text=True
    )

    assert done.returncode == 0, done.stdout + done.stderr
    (row,) = json.loads((tmp_path / "operations.json").read_text())["rows"]
    assert (row["operation"], row["threads"]) == ("border_align", 1)
    assert [time["way"] for time in row["times"]] == ["fresh", "reused"]
    assert all(time["agreement"]["distance"] < 1e-5 < time["median"] for time in row["times"])


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


# ------------------------------------------------------------------ a large class
@pytest.fixture
def scale(monkeypatch):
    """Gives the modules of scale/ by name, and bench_scale."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(HERE)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if str(HERE) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def test_the_start_of_a_program_is_told_apart_from_a_submission(scale):
    bench = scale("bench_scale")
    times = {4: iter([12.0, 13.0, 12.0]), 104: iter([22.0, 23.0, 42.0])}

    each = bench.raced({"jobs 2": bench.Contestant(lambda n: next(times[n]), many=104)}, rounds=3)

    assert each == {"jobs 2": 0.1}  # of 0.1, 0.1 and 0.3 the median


def test_a_row_says_whether_it_is_enough(scale):
    bench = scale("bench_scale")
    found = {row.what: (row.figure, row.is_met) for row in bench.speed_rows("right", 0.15, 0.1, 800)}
    assert found == {
        "right, --jobs 1": ("400 a minute", None),
        "right, --jobs 2": ("600 a minute", False),
        "two processes beside one": ("1.50 times", False),
    }


def test_the_floor_counts_the_calls_of_a_right_submission(scale):
    bench = scale("bench_scale")
    assert bench.calls_of_a_submission() >= 20
    assert bench.seconds_of_a_fork(3) > 0


def test_sizes_are_counted_by_the_student(scale, tmp_path):
    sizes = scale("scale.sizes")
    (tmp_path / "report" / "students").mkdir(parents=True)
    for name in ("index.html", "students/ada.html", "students/bo.html"):
        (tmp_path / "report" / name).write_bytes(bytes(100))
    for name, size in {"results.json": 4000, "scores.csv": 60, "gradebook.db": 8000}.items():
        (tmp_path / name).write_bytes(bytes(size))
    picture = b'{"roikit-journal":1,"sha256":"' + b"0" * 64 + b'","artifact":{}}\n'
    (tmp_path / "journal.jsonl").write_bytes(picture + b"{}\n")

    found = sizes.sizes(tmp_path, 2)
    told = sizes.table(found, core_seconds=0.15, rows=36, batch=32)

    assert (found.pictures, found.journal - found.pictures, found.page_files) == (len(picture), 3, 3)
    for line in (
        "| results.json | 2.0 kB | 2.0 GB |",
        "| files in report/ | 1.5 | 1,500,000 |",
        "| rows in the gradebook | 36.0 | 36,000,000 |",
        "| time of a core | 150 ms | 42 core-hours |",
        "| Dask's tasks, 32 submissions in each |  | 31,250: 31 s of its scheduler |",
    ):
        assert line in told.splitlines()


def test_the_page_has_a_place_for_both_tables(scale, tmp_path):
    table = scale("scale.table")
    page = tmp_path / "scale.md"
    page.write_text((HERE.parents[1] / "docs" / "scale.md").read_text(encoding="utf-8"), encoding="utf-8")
    for name in ("table", "estimate"):
        table.write(page, name, f"| new {name} |")
        table.write(page, name, f"| newer {name} |")
    text = page.read_text(encoding="utf-8")
    assert text.count("| newer ") == 2
    assert "| new " not in text


def watched(tmp_path, toy, *options):
    """A class of two, graded by scale/driver.py without a sandbox's walls; its figures."""
    folder = tmp_path / "class"
    folder.mkdir(exist_ok=True)
    for student in ("ada", "bo"):
        (folder / f"{student}.py").write_text("def scale(x, s): return x\n")
    command = ["grade", toy, folder, "--output", tmp_path / "out", "--no-gradebook", "--fresh", "--jobs", 1]
    figures = tmp_path / "figures.json"
    words = [sys.executable, HERE / "scale" / "driver.py", figures, *options, "--", *command]
    done = subprocess.run([*map(str, words), "--sandbox=reduced"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(figures.read_text())


def test_a_driver_is_watched_and_its_results_are_made_again(tmp_path):
    toy = HERE.parent / "grader" / "data" / "toy"
    kept = tmp_path / "kept.txt"

    graded = watched(tmp_path, toy, "--keep", kept, "--shares")
    first = json.loads((tmp_path / "out" / "results.json").read_text())
    made = watched(tmp_path, toy, "--made", kept, "--shares")
    second = json.loads((tmp_path / "out" / "results.json").read_text())

    assert graded["missing"] == []
    assert sum(graded["shares"].values()) == pytest.approx(graded["seconds"], rel=0.01)
    assert graded["shares"]["sandbox: waiting for calls"] > 0
    assert "driver: cases (pytest, comparing, pictures)" not in made["shares"]
    assert min(graded["peak"], made["peak"]) > 10e6
    assert [one["score"] for one in second["submissions"]] == [one["score"] for one in first["submissions"]]
