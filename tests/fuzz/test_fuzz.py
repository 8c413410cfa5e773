"""What fuzzing found stays mended, every target holds for some time, and a fault would be found."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
CASES = sorted(path for path in (HERE / "corpus").glob("*/*"))
#: Calls of each target, as many as take two or three seconds; `make fuzz` is the long form.
CALLS = {
    "archive": 1000, "compare": 5000, "frames": 6000, "journal": 500, "markdown": 1500, "notebook": 3000,
    "pages": 80, "results": 600, "text": 8000,
}  # fmt: skip


def load_engine():
    spec = importlib.util.spec_from_file_location("fuzz_engine", HERE / "engine.py")
    engine = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(engine)
    return engine


def run(*arguments):
    command = [sys.executable, HERE / "run.py", "--seed=1", *arguments]
    return subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=500)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_found_before(path):
    load_engine().load(path.parent.name).check(path.read_bytes())


def test_every_target_is_tried():
    assert set(CALLS) == {path.stem for path in (HERE / "targets").glob("[!_]*.py")}


@pytest.mark.parametrize("target", CALLS)
def test_smoke(target, tmp_path):
    done = run(target, f"--runs={CALLS[target]}", f"--found={tmp_path}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"(\d+) calls", done.stdout)[1]) >= CALLS[target]


# ---------------------------------------------------------------- the fuzzer itself
FAULTS = {
    "raises": "    assert len(data) < 40",
    "hangs": "    while len(data) > 40: pass",
    "grows": "    while len(data) > 40: held.append(b'x' * (10 << 20))",
}


@pytest.mark.parametrize("engine", ["--plain", "--jobs=1"], ids=["plain", "best"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_and_kept(fault, engine, tmp_path):
    target = tmp_path / f"{fault}.py"
    target.write_text(f"held = []\ndef seeds():\n    return [b'x' * 30]\ndef check(data):\n{FAULTS[fault]}\n")
    found = tmp_path / "found"
    done = run(target, engine, "--runs=5000", f"--found={found}", "--timeout=2", "--memory=600")
    assert done.returncode == 1, done.stdout
    assert "  1 findings" in done.stdout
    (kept,) = (found / fault).iterdir()
    assert len(kept.read_bytes()) >= 40
