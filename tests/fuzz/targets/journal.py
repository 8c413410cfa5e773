"""The journal after anything happened to its file: a result as it was written, none, or a refusal."""

from targets import _classes, _folder
from targets._choices import Choices

from grader import journal, packing
from grader.errors import GraderError

_KEYS = ("a" * 64, "b" * 64)


def seeds():
    for start in range(10):
        yield bytes((start * 43 + 19 * k) % 256 for k in range(200))
    yield bytes([0, 9])


def check(data):
    choices = Choices(data)
    made = _classes.Maker(choices)
    path = _folder.PATH / journal.NAME
    path.unlink(missing_ok=True)
    kept = {}
    with journal.opened(path) as book:
        for key, result in zip(_KEYS, made.result.submissions, strict=False):
            try:
                book.add(job(key, result))
            except ValueError:
                assert not made.is_finite
            else:
                kept[key] = result
    path.write_bytes(damaged(choices, path.read_bytes()))
    try:
        with journal.opened(path) as book:
            for key in _KEYS:
                found = book.find(key)
                assert found is None or packing.pack(found) == packing.pack(kept[key])
    except GraderError:
        return


def job(key, result):
    return {
        "key": key, "plan": "p", "assignment": "roi_pool", "seed": 5, "student": "ada",
        "outcome": result.outcome, "score": result.score, "result": packing.pack(result),
    }  # fmt: skip


def damaged(choices, data):
    data = bytearray(data)
    for _ in range(choices.below(5)):
        at = int.from_bytes(choices.take(2), "little") % (len(data) + 1)
        change = choices.below(4)
        if change == 0:
            del data[at:]
        elif change == 1:
            data[at : at + 1] = choices.take(1)
        elif change == 2:
            data[at:at] = choices.take(choices.below(20))
        else:
            data += data[at:]
    return bytes(data)
