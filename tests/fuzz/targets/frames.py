"""What comes out of a sandbox: frames, heads, values. A plain value or a refusal, and nothing grows."""

import json
import struct

from targets import _values
from targets._choices import Choices
from targets.text import is_harmless

from grader.errors import SandboxError
from grader.records import CallOutcome
from grader.sandbox import codec, protocol
from grader.sandbox.judge import judge
from grader.sandbox.limits import Limits
from grader.sandbox.process import Answer

NONCE = bytes(range(16))
LIMITS = Limits()
STATUSES = {"returned", "error", "timeout", "memory", "output_limit", "crashed"}
_F8 = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }"
#: Where a byte of a header is taken from, to be near a right one.
_HEADERS = (
    _F8, _F8.replace("2", "0"), _F8.replace("False", "True"), _F8.replace("(2,)", "()"),
    _F8.replace("<f8", "|b1"), _F8.replace("(2,)", "(0, 1099511627776)"), _F8.replace("<f8", "|O"),
    _F8.replace("(2,)", "(-2,)"),
)  # fmt: skip
_HEAD = {
    "why": "reply", "phase": "call", "seconds": 0.1, "cpu": 0.1, "signal": 0, "exit": 0, "dirty": False,
}  # fmt: skip
_ODD = (
    None, True, 0, -1, 9, 24, 1e999, float("nan"), "", "call", "import", "timeout", "fork", "died", "closed",
    "large", "garbled", "returned", "error", "memory", "crashed", [], [0], ["x"], {}, 10**18,
)  # fmt: skip


def seeds():
    values = (None, [1, 2.5, ("x", {"k": 2**80})])
    for seed in [*map(codec.encode, values), protocol.pack({"status": "returned"}, b"x"), bytes(range(200))]:
        for kind in range(len(_KINDS)):
            yield bytes([kind]) + seed


def check(data):
    choices = Choices(data)
    choices.pick(_KINDS)(choices)


# ------------------------------------------------------------------ values
def decoded(data):
    """The value of a message, or None where it is refused."""
    try:
        value = codec.decode(data)
    except codec.Refused:
        return None
    assert _values.bytes_held(value) <= len(data), "a value larger than its message"
    assert _values.same(value, codec.decode(codec.encode(value)))
    return value


def as_they_are(choices):
    decoded(choices.rest())


def built(choices):
    """A message with a right frame around a tree and blocks that may be wrong."""
    blocks = choices.several(lambda: _block(choices))
    text = json.dumps(_node(choices, 0), ensure_ascii=False).encode("utf-8", "surrogatepass")
    parts = [struct.pack("<II", len(text), len(blocks)), text]
    for block in blocks:
        parts += [struct.pack("<Q", len(block)), block]
    decoded(b"".join(parts) + choices.take(choices.below(2)))


def _block(choices):
    header = choices.pick(_HEADERS).encode() + b"\n"
    at = choices.below(len(header) + 1)
    header = header[:at] + choices.take(choices.below(3)) + header[at + choices.below(3) :]
    return codec.MAGIC + struct.pack("<H", len(header)) + header + choices.take(16)


def _node(choices, depth):
    kind = choices.below(12 if depth < 18 else 6)
    if kind < 3:
        return {"asf"[kind]: choices.pick((0, 1, 2, -1, True, "0x1.8p+3", "inf", "1e999", "0x" + "f" * 600))}
    if kind == 3:
        return {"i": choices.pick(("0x1", "-0x" + "f" * 60, " 0x_1 ", "0b1", "0x" + "f" * 600, "x", "٣", 1))}
    if kind == 4:
        return choices.pick((None, True, 0, 2**53, -(2**53) + 1, 1.5, float("nan"), 10**30))
    if kind == 5:
        return choices.text()
    if kind == 6:
        return choices.several(lambda: _node(choices, depth + 1))
    if kind == 7:
        return {"l": [_node(choices, 99)] * choices.pick((1, 2, 9, 200))}
    if kind < 10:
        pairs = choices.several(lambda: [_node(choices, 99), _node(choices, depth + 1)])
        return {"d": pairs + pairs[: choices.below(2)] * (depth < 2)}
    return {choices.pick("lt"): choices.several(lambda: _node(choices, depth + 1))}


def there_and_back(choices):
    value = _values.value(choices)
    try:
        message = codec.encode(value)
    except codec.Refused:
        return
    back = codec.decode(message)
    _values.bytes_held(back)
    assert _values.same(value, back), (value, back)


# ------------------------------------------------------------------ replies
def judged(answer):
    try:
        outcome, reusable = judge(answer, NONCE, "roi_pool", LIMITS)
    except SandboxError:  # our failure, and said to be
        return
    assert type(outcome) is CallOutcome
    assert outcome.status in STATUSES
    assert outcome.phase in ("import", "lookup", "call", "return")
    assert type(outcome.seconds) in (int, float)
    assert 0 <= outcome.seconds < 1e9
    assert all(type(position) is int for position in outcome.changed)
    assert is_harmless(outcome.sentence)
    assert "\n" not in outcome.sentence
    assert len(outcome.sentence) <= 300
    assert is_harmless(outcome.traceback)
    assert len(outcome.traceback) <= 4000
    assert outcome.status != "returned" or outcome.sentence == ""
    assert outcome.status in ("returned", "error") or not reusable
    _values.bytes_held(outcome.value)


def any_body(choices):
    judged(Answer("frame", True, b"R", NONCE, memoryview(choices.rest())))


def any_answer(choices):
    why = choices.pick(("frame", "deadline", "prints", "memory", "files", "gone", "garbled"))
    imported, kind = choices.pick((False, True)), choices.pick((b"R", b"H"))
    judged(Answer(why, imported, kind, choices.take(16), memoryview(b"")))


def any_heads(choices):
    """The worker's head, and the child's in it, with some entries changed, added or missing."""
    said = {"status": "returned", "phase": "return", "changed": []}
    if choices.below(2):
        said = {"status": "error", "phase": "call", "sentence": choices.text(), "traceback": choices.text()}
    worker = _changed(choices, dict(_HEAD))
    said = _changed(choices, said)
    value = codec.encode(None) if choices.below(2) else choices.take(40)
    body = protocol.pack(worker, protocol.pack(said, value))
    judged(Answer("frame", True, b"R", NONCE, memoryview(body)))


def _changed(choices, head):
    for _ in range(choices.below(3)):
        name = choices.pick((*head, "status", "sentence", "changed", "x"))
        if choices.below(4):
            head[name] = choices.pick(_ODD)
        else:
            head.pop(name, None)
    return head


_KINDS = (as_they_are, built, there_and_back, any_body, any_answer, any_heads)
