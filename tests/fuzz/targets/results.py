"""results.json: it follows its schema and is strict JSON whatever strangers wrote; or is not written."""

import json
from functools import cache

import jsonschema
from targets import _classes, _folder
from targets._choices import Choices
from targets.text import is_harmless

from grader.errors import GraderError
from grader.report import results_json


def seeds():
    for start in range(12):
        yield bytes([0]) + bytes((start * 37 + 11 * k) % 256 for k in range(200))
    yield bytes([1]) + b'{"schema": "roikit-results", "version": 1, "x": [NaN]}'
    yield bytes([1]) + b"[" * 3000


def check(data):
    choices = Choices(data)
    path = _folder.PATH / "results.json"
    if choices.below(2):
        read(path, choices.rest())
    else:
        written(path, choices)


def written(path, choices):
    path.unlink(missing_ok=True)
    made = _classes.Maker(choices)
    try:
        results_json.write(made.result, path)
    except GraderError:
        assert not made.is_finite
        assert [*path.parent.iterdir()] == []
        return
    assert made.is_finite
    text = path.read_bytes().decode("utf-8")
    found = json.loads(text, parse_constant=refuse)
    validator().validate(found)
    assert results_json.read(path) == found
    for said in texts(found):
        assert is_harmless(said), said


def read(path, data):
    """A file that is not ours, or is ours no more."""
    path.write_bytes(data)
    try:
        found = results_json.read(path)
    except GraderError:
        return
    assert found["schema"] == "roikit-results"


def refuse(constant):
    raise AssertionError(constant)


@cache
def validator():
    return jsonschema.Draft202012Validator(results_json.schema())


def texts(found):
    if isinstance(found, str):
        yield found
    elif isinstance(found, (list, dict)):
        for part in found.values() if isinstance(found, dict) else found:
            yield from texts(part)
