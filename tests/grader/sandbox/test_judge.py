"""From a frame to an outcome: what the worker says has its form, what the child says is not believed."""

import pytest

from grader.errors import SandboxError
from grader.sandbox import codec, protocol
from grader.sandbox.judge import judge
from grader.sandbox.limits import Limits
from grader.sandbox.process import Answer

NONCE = bytes(range(16))
HEAD = {"why": "died", "phase": "call", "seconds": 0.5, "cpu": 0.4, "signal": 0, "exit": 3, "dirty": False}


def judged(head, reply=b"", kind=b"R", nonce=NONCE):
    body = memoryview(protocol.pack(head, reply))
    return judge(Answer("frame", True, kind, nonce, body), NONCE, "roi_pool", Limits())


def replied(said, payload=b"", **head):
    return judged(HEAD | {"why": "reply"} | head, protocol.pack(said, payload))


def test_a_value_comes_back_and_the_sandbox_goes_on():
    outcome, reusable = replied({"status": "returned", "phase": "return", "changed": [1]}, codec.encode(7))
    assert (outcome.status, outcome.value, outcome.changed, outcome.seconds) == ("returned", 7, (1,), 0.5)
    assert reusable


def test_after_a_sandbox_that_cannot_be_cleaned_comes_another():
    said = {"status": "error", "phase": "call", "sentence": "ValueError"}
    assert replied(said, dirty=True)[1] is False


def test_a_worker_that_cannot_fork_is_nobodys_zero():
    with pytest.raises(SandboxError, match="could not start a process"):
        judged({"why": "fork"})


@pytest.mark.parametrize(
    "change",
    [
        {"why": None}, {"seconds": -1.0}, {"seconds": "0.5"}, {"cpu": True}, {"signal": 1.5}, {"phase": "x"},
        {"dirty": 0}, {"more": 1},
    ],
    ids=str,
)  # fmt: skip
def test_odd_words_in_the_workers_place_end_the_sandbox(change):
    outcome, reusable = judged(HEAD | change)
    assert (outcome.status, reusable) == ("crashed", False)
    assert outcome.sentence == "roi_pool gave a reply that is not one: not the worker's words"


@pytest.mark.parametrize(
    "said",
    [
        {}, {"status": "correct"}, {"status": ["returned"], "phase": "call"},
        {"status": "timeout", "phase": "call"}, {"status": "returned", "phase": "return"},
        {"status": "returned", "phase": "return", "changed": [True]},
        {"status": "error", "phase": "call", "sentence": 5},
        {"status": "error", "phase": "call", "sentence": "x", "traceback": None},
    ],
    ids=str,
)  # fmt: skip
def test_odd_words_of_the_child_are_a_crash(said):
    outcome, reusable = replied(said, codec.encode(None))
    assert (outcome.status, reusable) == ("crashed", False)


@pytest.mark.parametrize("change", [{"kind": b"H"}, {"nonce": bytes(16)}], ids=str)
def test_an_answer_to_another_question_is_a_crash(change):
    assert judged(HEAD, **change)[0].status == "crashed"


@pytest.mark.parametrize("number", [b"1e999", b"-1e999", b"NaN", b"Infinity", b"1" * 21])
def test_a_head_holds_finite_numbers(number):
    with pytest.raises(protocol.ProtocolError):
        protocol.json_object(b'{"seconds": ' + number + b"}")
