"""The corpus of hostile and broken submissions: each gets what its first line says, nothing leaks."""

import dataclasses
import os
import re
import socket
from pathlib import Path

import numpy as np
import pytest

from grader.records import Cell, Source
from grader.sandbox import Sandbox

CORPUS = sorted((Path(__file__).parent.parent / "attacks").glob("*.py"))
CANARY = "roikit-canary-8c1f53"
GOOD = "def solve(x):\n    return (x - x.mean()) / x.std()\n"


def expected_outcomes(text):
    return set(re.search(r"# expect: (\S+)", text)[1].split("|"))


def is_right(value, x):
    expected = (x - x.mean()) / x.std()
    # An answer computed in place is rounded once more than ours.
    return type(value) is np.ndarray and value.shape == x.shape and np.allclose(value, expected, atol=1e-9)


def outcome_of_calls(box, rng):
    """The worst of two calls with fresh inputs, all that came out of them as text, and what was printed."""
    seen, said, printed = [], [], ""
    for size in (50, 51):
        x = rng.normal(size=size)
        outcome = box.call("solve", [x], seed=size)
        printed += outcome.stdout + outcome.stderr
        said += [outcome.sentence, outcome.stdout, outcome.stderr, outcome.traceback, repr(outcome.value)]
        if outcome.status == "returned":
            right = is_right(outcome.value, x)
            seen.append("correct" if right else "wrong")
        else:
            seen.append(outcome.status)
    return next((word for word in seen if word != "correct"), "correct"), "\n".join(said), printed


@pytest.fixture(scope="module")
def canaries(tmp_path_factory):
    """A secret file that anybody may read, a secret in the environment, a listening port."""
    secret = tmp_path_factory.mktemp("secrets") / "test_hidden.py"
    secret.write_text(f"expected = '{CANARY}'")
    with pytest.MonkeyPatch.context() as patch, socket.create_server(("127.0.0.1", 0)) as server:
        patch.setenv("ROIKIT_SECRET", CANARY)
        server.settimeout(0)
        yield secret
        with pytest.raises(BlockingIOError):
            server.accept()
    assert secret.read_text() == f"expected = '{CANARY}'"


@pytest.mark.parametrize("path", CORPUS, ids=[path.stem for path in CORPUS])
def test_attack(path, full_rung, limits, canaries):
    """The outcome is the expected one, and no canary and no breach shows."""
    text = path.read_bytes().decode("utf-8-sig")
    rng = np.random.default_rng(len(text))
    if "timeout" not in expected_outcomes(text):  # a busy machine must not look like an endless loop
        limits = dataclasses.replace(limits, call_seconds=20.0, cpu_seconds=20)
    with Sandbox(Source((Cell("solution.py", text),), False), limits, full_rung) as box:
        outcome, said, printed = outcome_of_calls(box, rng)
    assert outcome in expected_outcomes(text), said[:2000]
    assert CANARY not in said
    assert "PWNED" not in printed, printed[:2000]
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e\ud800-\udfff]", said)


def test_good_submission_after_all(full_rung, limits, canaries):
    """After the whole corpus the same slot still grades right, and no process of its user is left."""
    with Sandbox(Source((Cell("solution.py", GOOD),), False), limits, full_rung) as box:
        assert outcome_of_calls(box, np.random.default_rng(0))[0] == "correct"
    assert not left_behind()


def left_behind():
    """Sandboxes that this process started and that still run."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            line = Path(f"/proc/{name}/cmdline").read_bytes()
            parent = Path(f"/proc/{name}/stat").read_bytes().rpartition(b")")[2].split()[1]
        except OSError:
            continue
        if b"marshal.loads" in line and int(parent) == os.getpid():
            found.append(line)
    return found


def test_corpus_says_what_it_expects():
    assert len(CORPUS) >= 60
    known = {"correct", "wrong", "error", "timeout", "memory", "output_limit", "crashed"}
    for path in CORPUS:
        assert expected_outcomes(path.read_bytes().decode("utf-8-sig")) <= known, path.name
