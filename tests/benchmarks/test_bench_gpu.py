"""The GPU's benchmark, with a stand-in for the GPU: all but CUDA's clock."""

import importlib
import json
import os
import runpy
import subprocess
import sys
import types
from pathlib import Path

import ml_dtypes  # noqa: F401  gives NumPy the dtype bfloat16
import numpy as np
import pytest

HERE = Path(__file__).parent


@pytest.fixture
def bench(monkeypatch):
    """Gives the modules of gpu/ by name."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(HERE / "kernels")
    monkeypatch.syspath_prepend(HERE / "gpu")
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if str(HERE) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


class FakeGpu:
    """Memory is the CPU's, and each call takes so many seconds, whatever it does."""

    cache = 0

    def __init__(self, seconds=1.0):
        self.seconds = seconds
        self.timed = []
        self.checks = 0

    def facts(self):
        return {"gpu": "none"}

    def array(self, values):
        return values.copy()

    def poisoned(self, shape, dtype):
        return np.full(shape, -9 if np.dtype(dtype).kind == "i" else np.nan, dtype)

    def numpy(self, array):
        return array.copy()

    def gpu_seconds(self, call):
        self.timed.append(call)
        call()
        return self.seconds

    def host_seconds(self, call, times):
        for _ in range(times):
            call()
        return self.seconds

    def copying(self, size):
        return lambda: None

    def check(self):
        self.checks += 1


@pytest.fixture
def case(bench):
    """Gives a small case by the workload's name."""
    cases, workloads = bench("cases"), bench("workloads").WORKLOADS
    return lambda name, **options: cases.Case(workloads[name].small(), **options)


@pytest.fixture
def measured(bench):
    """Gives the row of a case, measured on a machine that copies a byte a second."""

    def measure(case, contestants=None, gpu=None):
        timing = bench("timing")
        plan = timing.Plan(rounds=2, samples=3, warm=1)
        contestants = contestants or [bench("contestants").Roikit()]
        return timing.measure(case, contestants, gpu or FakeGpu(seconds=1e9), speed=1.0, plan=plan)

    return measure


# --- what is timed -----------------------------------------------------------------------------------------


def test_every_workload_in_every_dtype_and_layout(bench):
    found = list(bench("cases").all_cases())

    assert len({case.name for case in found}) == len(found) == 6 * 3 * 2 + 3 * 3 * 2 * 2
    assert found[0].name == "W1 float32 NCHW"
    assert "W7a bfloat16 NHWC atomic" in {case.name for case in found}


def test_shapes_follow_the_layout(case):
    assert case("W1").shape == (64, 16, 7, 7)
    assert case("W1", layout="NHWC").shape == (64, 7, 7, 16)
    assert case("W7a", layout="NHWC").shape == (1, 200, 336, 16)


@pytest.mark.parametrize(("dtype", "size"), [("float32", 4), ("bfloat16", 2)])
def test_bytes_that_a_gradient_moves(case, dtype, size):
    """It reads 64·16·7·7 values and writes the whole map of 16·200·336."""
    assert case("W7a", dtype=dtype).bytes_moved() == (64 * 16 * 49 + 16 * 200 * 336) * size


def test_bytes_of_indices_do_not_shrink_with_the_dtype(case):
    full, half = (case("W3b-argmax", dtype=dtype).bytes_moved() for dtype in ("float32", "float16"))
    bins = 250 * 32 * 49

    assert full - half == (full - bins * 4) / 2


def test_predictions_are_of_float32_in_order(case):
    assert case("W1", layout="NHWC").predicted == 31e-6
    assert case("W1", layout="NHWC", dtype="float16").predicted is None
    assert case("W7a").predicted == 121e-6
    assert case("W7a", deterministic=False).predicted is None


def test_every_seed_gives_other_inputs(case):
    one, other, again = (case("W1").inputs(seed) for seed in (1, 2, 1))

    assert np.array_equal(one.values, again.values)
    assert not np.array_equal(one.values, other.values)
    assert not np.array_equal(one.rois, other.rois)


# --- a right kernel ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["W1", "W3a", "W3b-argmax", "W7a", "W7c"])
@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_a_case_is_checked_and_timed(case, measured, name, layout, dtype):
    row = measured(case(name, layout=layout, dtype=dtype, deterministic=layout == "NCHW"))

    assert not row.failed, row.notes
    assert row.distances["roikit"] <= {"float32": 1e-6, "float16": 2**-11, "bfloat16": 2**-8}[dtype]
    assert row.times["roikit"].samples == 2 * 3
    assert row.of_floor() == row.floor / 1e9


def test_inputs_rotate_beyond_the_cache(case, measured):
    gpu, of = FakeGpu(seconds=1e9), case("W1")
    gpu.cache = 3 * of.bytes_moved()

    measured(of, gpu=gpu)

    assert len(set(gpu.timed)) == 6  # of 2 + 2·3 calls, as many as are timed
    assert gpu.timed[0] is not gpu.timed[1]
    assert gpu.checks == 2


# --- a wrong one -------------------------------------------------------------------------------------------


def test_a_kernel_that_leaves_memory_unwritten_is_not_timed(case, measured, bench):
    class Idle(bench("contestants").Roikit):
        def prepare(self, case, inputs, gpu):
            out = gpu.poisoned(case.shape, case.dtype)
            return lambda: (out,)

    row = measured(case("W1"), [Idle()])

    assert row.failed
    assert not row.times
    assert row.notes == ["W1 float32 NCHW: roikit is inf of the largest value off float64"]


def test_a_kernel_that_gives_another_argmax_is_not_timed(case, measured, bench):
    class Careless(bench("contestants").Roikit):
        def prepare(self, case, inputs, gpu):
            call = super().prepare(case, inputs, gpu)
            return lambda: (call()[0], call()[1] + 1)

    row = measured(case("W3b-argmax"), [Careless()])

    assert row.failed
    assert row.notes[0].endswith("another argmax")


def test_a_time_below_what_memory_allows_is_refused(case, measured):
    of = case("W1")

    row = measured(of, gpu=FakeGpu(seconds=0.79 * of.bytes_moved()))
    assert row.failed
    assert not row.times
    assert "cannot be" in row.notes[0]

    assert measured(of, gpu=FakeGpu(seconds=0.81 * of.bytes_moved())).times


def test_torchvision_may_be_off_and_is_timed_all_the_same(case, measured, bench):
    class Peer(bench("contestants").Roikit):
        name = "torchvision"

        def prepare(self, case, inputs, gpu):
            call = super().prepare(case, inputs, gpu)
            return lambda: (call()[0] + 1,)

    row = measured(case("W5"), [bench("contestants").Roikit(), Peer()])

    assert not row.failed
    assert row.ratio() == 1.0
    assert row.notes[0].startswith("W5 float32 NCHW: torchvision is")


# --- what is told ------------------------------------------------------------------------------------------


def test_the_speed_of_memory_counts_reads_and_writes(bench):
    timing = bench("timing")
    assert timing.bandwidth(FakeGpu(seconds=0.5), timing.Plan(copy=1000)) == 2 * 1000 / 0.5


def test_the_overhead_of_a_call(bench, case):
    contestants = [bench("contestants").Roikit()]
    assert bench("timing").overhead(case("W4a"), contestants, FakeGpu(2e-6), times=3) == {"roikit": 2e-6}


def test_table_and_record(bench, case, measured):
    timing, table = bench("timing"), bench("table")
    row = timing.Row(case("W1", layout="NHWC"), floor=20e-6)
    row.times = {name: bench("measure").Spread.of([micro * 1e-6]) for name, micro in NAMED.items()}

    drawn = table.table([row], speed=4.3e12)
    columns = {column.header: list(column.cells) for column in drawn.columns}
    found = json.loads(json.dumps(table.record([row], 4.3e12, {"roikit": 5e-6}, {"gpu": "H200"})))

    assert "4.30 TB/s" in drawn.title
    assert columns == {
        "": ["W1 float32 NHWC"], "roikit": ["40.0"], "torchvision": ["160.0"], "faster": ["4.0×"],
        "floor": ["20.0"], "of floor": ["50%"], "predicted": ["31.0"],
    }  # fmt: skip
    assert (found["rows"][0]["times_as_fast_as_torchvision"], found["machine"]) == (4.0, {"gpu": "H200"})
    assert "A tiny call comes back after: roikit 5.0 µs." in found["notes"]


NAMED = {"roikit": 40, "torchvision": 160}


def test_the_whole_benchmark(bench, case, monkeypatch, tmp_path, capsys):
    main = runpy.run_path(str(HERE / "gpu" / "__main__.py"))["main"]
    given = {
        "contestants": lambda: ([bench("contestants").Roikit()], "without torchvision: not here"),
        "CudaGpu": lambda: FakeGpu(seconds=1e-3),
    }
    monkeypatch.setattr(bench("cases"), "all_cases", lambda *chosen: [case("W1"), case("W7a")])
    monkeypatch.setattr(bench("roikit.gpu.driver"), "missing", lambda: "")
    monkeypatch.setattr(sys, "argv", ["gpu", "--output", str(tmp_path), "--rounds", "1"])
    for name, value in given.items():
        monkeypatch.setitem(main.__globals__, name, value)

    assert main() == 0

    told = capsys.readouterr().out
    assert "W7a float32 NCHW" in told
    assert "without torchvision: not here" in told
    found = json.loads((tmp_path / "gpu.json").read_text())
    assert [row["workload"] for row in found["rows"]] == ["W1", "W7a"]
    assert found["machine"]["gpu"] == "none"
    assert {"system", "python", "roikit"} <= set(found["machine"])


def test_the_clock_runs_while_the_gpu_is_busy(bench):
    """Memory is written, and only then the first event; so the call waits in the queue, not the clock."""
    log = []

    class Event:
        def record(self):
            log.append("event")

        def synchronize(self):
            log.append("wait")

    gpu = object.__new__(bench("device").CudaGpu)
    gpu._scratch = types.SimpleNamespace(fill=lambda value: log.append("fill"))
    cuda = types.SimpleNamespace(Event=Event, get_elapsed_time=lambda begin, end: 5.0)
    gpu._cupy = types.SimpleNamespace(cuda=cuda)

    assert gpu.gpu_seconds(lambda: log.append("call")) == 5e-3
    assert log == ["fill", "event", "call", "event", "wait"]


def test_without_a_device_one_sentence_says_so():
    command = [sys.executable, str(HERE / "gpu")]
    hidden = {**os.environ, "CUDA_VISIBLE_DEVICES": ""}

    done = subprocess.run(command, capture_output=True, text=True, env=hidden)

    assert (done.returncode, done.stdout) == (2, "")
    assert "device" in done.stderr
    assert done.stderr.count("\n") == 1
