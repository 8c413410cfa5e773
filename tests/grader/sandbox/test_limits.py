"""The numbers, and how an assignment changes them."""

import dataclasses
import os

import pytest

from grader import assignment, pipeline
from grader.errors import AssignmentError, SandboxError
from grader.records import Cell, Source
from grader.sandbox import Sandbox
from grader.sandbox.limits import Limits, show_seconds, show_size
from grader.sandbox.text import clean, clean_line


def test_overrides_by_name():
    limits = Limits.from_mapping({"call_seconds": 2, "memory": 256e6})
    assert (limits.call_seconds, limits.memory) == (2, 256_000_000)
    assert limits.reply == Limits().reply


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"seconds": 2}, "unknown limit 'seconds'; the limits are .*call_seconds"),
        ({"call_seconds": 0}, "limit call_seconds must be a positive number, not 0"),
        ({"call_seconds": "2"}, "must be a positive number"),
        ({"memory": True}, "must be a positive number"),
        ({"call_seconds": float("inf")}, "must be a positive number"),
        ({"processes": 2.5}, "limit processes must be a whole number, not 2.5"),
    ],
)
def test_bad_overrides(mapping, words):
    with pytest.raises(AssignmentError, match=words):
        Limits.from_mapping(mapping)


def test_sizes_and_times_in_sentences():
    assert [show_size(size) for size in (1 << 30, 1536 << 20, 64 << 10, 10)] == [
        "1 GiB", "1.5 GiB", "64 KiB", "10 bytes",
    ]  # fmt: skip
    assert show_seconds(5.0) == "5 s"


def test_text_is_cleaned_and_bounded():
    assert clean("a\x1b[2Jb\u202ec\ud800\n\td") == "a\ufffd[2Jb\ufffdc\ufffd\n\td"
    assert clean("x" * 1000, 10) == "x" * 9 + "…"
    assert clean_line("one\n  two\r\nthree") == "one two three"


# ---------------------------------------------------------------- each one, from the toml to what it does
def fork(count):
    return f"    for k in range({count}):\n        if os.fork() == 0: time.sleep(60)\n    return 'all'"


def write(size, count=1, then="'all'"):
    path = "'/tmp/' + str(k)"
    return f"    for k in range({count}): open({path}, 'wb').write(bytes({size}))\n    return {then}"


#: limit -> (value in the toml, a function that its default lets return, what it comes to then)
EFFECTS = {
    "call_seconds": (0.5, "    time.sleep(1)\n    return 'all'", "f took more than 0.5 s"),
    "cpu_seconds": (1, "    while time.process_time() < 1.4: pass\n    return 'all'",
                    "f used more than 1 s of processor time"),
    "memory": (64 << 20, "    a = b'x' * (200 << 20)\n    time.sleep(0.3)\n    return 'all'",
               "f used more than 64 MiB of memory"),
    "address_space": (512 << 20, "    numpy.empty(1 << 29, 'u1')\n    return 'all'",
                      "f ran out of memory (Unable to allocate 512. MiB for an array"),
    "processes": (5, fork(6), "BlockingIOError: [Errno 11] Resource temporarily unavailable"),
    "open_files": (20, "    a = [open('/dev/null') for _ in range(30)]\n    return 'all'",
                   "OSError: [Errno 24] Too many open files"),
    "file_size": (1 << 20, write(2 << 20), "OSError: [Errno 27] File too large"),
    "files": (50, write(1, 100, then="time.sleep(0.3) or 'all'"), "f wrote more than 50 files or 64 MiB"),
    "tmpfs": (1 << 20, write(1 << 20, 2), "OSError: [Errno 28] No space left on device"),
    "reply": (1 << 20, "    return numpy.zeros(1 << 18)", "f returned more than 1 MiB"),
    "prints_kept": (10, "    print('x' * 100)", "xxxxxxxxx…"),
    "prints_end": (1000, "    print('x' * 2000)\n    return 'all'", "f printed more than 1000 bytes"),
    "cores": (2, "    return len(os.sched_getaffinity(0))", str(min(2, len(os.sched_getaffinity(0))))),
    "total_seconds": (0.001, "    time.sleep(0.01)\n    return 'all'",
                      "f was not run: the submission has used up its 0.001 s"),
}  # fmt: skip
#: tested where they act: the sandbox's start below, a test's own code, and what is read of a hand-in
ELSEWHERE = {"start_seconds", "case_seconds", "notebook", "code", "archive", "unpacked", "entries"}


@pytest.fixture
def limits_in_toml(toy, tmp_path, full_rung):
    """``(limit, value)`` -> the limits of an assignment whose toml says so."""

    def write_toml(name, value):
        folder = tmp_path / "toy"
        (folder / "grading").mkdir(parents=True)
        for file in ("test_public.py", "grading/test_hidden.py", "grading/assignment.toml"):
            (folder / file).write_text((toy.folder / file).read_text())
        toml = folder / "grading" / "assignment.toml"
        head, _, _ = toml.read_text().partition("[limits]")
        toml.write_text(f"{head}[limits]\n{name} = {value}\n")
        return pipeline.Plan(assignment.load(str(folder)), full_rung, 1).limits

    return write_toml


def last_call(body, limits, rung):
    source = Source((Cell("roi.py", f"import os, time, numpy\ndef f():\n{body}\n"),), False)
    with Sandbox(source, limits, rung) as box:
        first = box.call("f", [])
        return box.call("f", []) if limits.total_seconds < 1 else first


@pytest.mark.parametrize("name", EFFECTS)
def test_each_limit_of_an_assignment_does_something(name, limits_in_toml, full_rung):
    value, body, words = EFFECTS[name]
    limits = limits_in_toml(name, value)
    assert limits == dataclasses.replace(Limits(), **{name: value})
    if name != "call_seconds":  # a busy machine has its time
        limits = dataclasses.replace(limits, call_seconds=60.0)
    usual = dataclasses.replace(limits, **{name: getattr(Limits(), name)})
    assert last_call(body, usual, full_rung).status == "returned"
    last = last_call(body, limits, full_rung)
    assert words in (last.sentence or last.stdout or str(last.value))


def test_the_time_to_start_of_an_assignment(limits_in_toml, full_rung):
    with pytest.raises(SandboxError, match=r"it took more than 0\.001 s"):
        last_call("    pass", limits_in_toml("start_seconds", 0.001), full_rung)


def test_no_limit_is_forgotten():
    assert {field.name for field in dataclasses.fields(Limits)} == set(EFFECTS) | ELSEWHERE
