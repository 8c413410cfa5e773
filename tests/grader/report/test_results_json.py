"""results.json: all of a run, strict, versioned, and described by the schema that ships with it."""

import json
from dataclasses import replace

import jsonschema
import pytest

from grader.errors import GraderError
from grader.records import OUTCOMES, SandboxReport
from grader.report import results_json


def test_what_is_written_follows_the_schema(class_result, tmp_path):
    path = results_json.write(class_result, tmp_path / "results.json")
    checker = jsonschema.Draft202012Validator(results_json.schema())
    checker.check_schema(checker.schema)
    checker.validate(results_json.read(path))


def test_one_student_in_full(make_class, tmp_path):
    """dorothy starts the maximum at 0: one hidden case of ten wrong, 17 of 20 points."""
    result = make_class({"dorothy": {"test_negative": ("wrong", "bin (0, 0): expected -0.21, got 0")}})
    read = results_json.read(results_json.write(result, tmp_path / "r.json"))

    assert (read["schema"], read["version"], read["seed"]) == ("roikit-results", 1, result.seed)
    assert read["sandbox"] == {"rung": "bubblewrap", "full": True, "missing": []}
    assert read["assignment"]["max_score"] == 20.0
    assert read["assignment"]["manual"] == [
        {"id": "mask_question", "title": "What does 665 / 32 do to a mask?", "max_score": 4.0}
    ]
    (dorothy,) = read["submissions"]
    assert (dorothy["student"], dorothy["outcome"], dorothy["score"]) == ("dorothy", "wrong", 17.0)
    item = dorothy["items"][2]
    assert (item["id"], item["score"], item["max_score"]) == ("roi_pool", 7.0, 10.0)
    assert item["cases"][2] == {
        "case": "test_negative",
        "idea": "A map of negative values has a negative maximum.",
        "visibility": "hidden",
        "outcome": "wrong",
        "score": 0.0,
        "max_score": 3.0,
        "sentence": "bin (0, 0): expected -0.21, got 0",
        "traceback": "",
        "seconds": 0.004,
    }


def test_the_diagnosis_in_full(class_result, tmp_path):
    read = results_json.read(results_json.write(class_result, tmp_path / "r.json"))
    students = {submission["student"]: submission["diagnosis"] for submission in read["submissions"]}
    assert students["ada"] == {"findings": [], "unexplained": [], "signatures": [], "problem": ""}
    assert students["dorothy"]["findings"] == [
        {
            "idea": "started_at_zero",
            "kind": "misconception",
            "sentence": "The maximum was started at 0.",
            "section": "Step 3. Pool",
            "functions": ["roi_pool"],
            "agreeing": 31,
            "against": 0,
            "confidence": 0.93,
            "cases": ["test_negative"],
        }
    ]
    assert students["carl"]["unexplained"] == ["roi_pool"]
    assert students["carl"]["signatures"][0] == {
        "function": "bin_edges", "digest": "d1", "calls": 4, "explained": False,
    }  # fmt: skip


def test_our_own_failure_is_null_and_never_zero(class_result, tmp_path):
    read = results_json.read(results_json.write(class_result, tmp_path / "r.json"))
    mary = next(s for s in read["submissions"] if s["student"] == "mary")
    assert mary["outcome"] == "internal_error"
    assert mary["score"] is None
    assert mary["items"][0]["score"] is None
    assert mary["items"][1]["score"] == 4.0


def test_a_reduced_sandbox_and_an_interrupted_run_are_written_down(make_class, tmp_path):
    result = make_class({}, sandbox=SandboxReport("reduced", ("network", "home")), complete=False)
    read = results_json.read(results_json.write(result, tmp_path / "r.json"))
    assert read["sandbox"] == {"rung": "reduced", "full": False, "missing": ["network", "home"]}
    assert read["complete"] is False
    assert read["submissions"] == []


def test_pictures_stay_out_and_text_is_made_safe(class_result, tmp_path):
    text = results_json.write(class_result, tmp_path / "r.json").read_text(encoding="utf-8")
    assert "<svg" not in text
    assert not any(bad in text for bad in ("\x1b", "\\u001b", "\u202e", "\\u202e", "\\ud800"))
    assert "<img src=x onerror=alert(1)>" in text  # JSON holds text as it is; pages escape it


def test_a_sentence_of_a_megabyte_is_cut(make_class, tmp_path):
    result = make_class({"eve": {"test_five": ("error", "A" * 1_000_000)}})
    assert results_json.write(result, tmp_path / "r.json").stat().st_size < 20_000


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused_and_the_old_file_stays(make_class, tmp_path, value):
    path = results_json.write(make_class({"ada": {}}), tmp_path / "r.json")
    before = path.read_bytes()
    broken = make_class({"ada": {}})
    broken = replace(broken, submissions=(replace(broken.submissions[0], seconds=value),))
    with pytest.raises(GraderError, match=r"r\.json is not written: a score or a time is not"):
        results_json.write(broken, path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["r.json"]  # nothing half-written beside it


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "r.json is not strict JSON"),
        ('{"schema": "roikit-results", "version": NaN}', "r.json is not strict JSON: NaN is no JSON number"),
        ("[" * 100_000, "r.json is not strict JSON"),
        ('{"tests": []}', 'r.json is not a result of roikit: it has no "schema": "roikit-results"'),
        ('{"schema": "roikit-results", "version": 2}', "r.json has version 2; this roikit reads version 1"),
    ],
)
def test_reading_something_else_is_one_sentence(tmp_path, text, sentence):
    path = tmp_path / "r.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GraderError, match="^" + sentence.replace(".", r"\.")):
        results_json.read(path)


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(GraderError, match=r"^r\.json cannot be read: No such file"):
        results_json.read(tmp_path / "r.json")


# ------------------------------------------------------------------ line by line
def test_every_submission_has_a_line(class_result, tmp_path):
    lines = results_json.write(class_result, tmp_path / "r.json").read_text(encoding="utf-8").split("\n")
    students = [json.loads(line.removesuffix(","))["student"] for line in lines if line.startswith('{"')]
    assert students == [entry["student"] for entry in results_json.as_dict(class_result)["submissions"]]


def test_submissions_are_read_when_they_are_asked_for(class_result, tmp_path):
    path = results_json.write(class_result, tmp_path / "r.json")
    found = results_json.lazily(path)
    path.unlink()
    whole = results_json.as_dict(class_result)
    assert {**found.head, "submissions": list(found.submissions)} == whole
    assert not isinstance(found.submissions, list)
    assert (found.submissions[-1], found.submissions[2:4]) == (
        whole["submissions"][-1], whole["submissions"][2:4],
    )  # fmt: skip


@pytest.mark.parametrize("students", [{}, {"ada": {}}, None])
@pytest.mark.parametrize(
    "layout", [{"indent": 1}, {}, {"indent": 4, "sort_keys": True}, {"separators": (",", ":")}]
)
def test_whatever_the_layout_it_is_read(make_class, tmp_path, students, layout):
    """Of an older roikit, or as another program wrote it again."""
    whole = results_json.as_dict(make_class(students))
    path = tmp_path / "r.json"
    path.write_text(json.dumps(whole, **layout), encoding="utf-8")
    assert results_json.read(path) == whole
    assert list(results_json.lazily(path).submissions) == whole["submissions"]
    assert results_json.read(results_json.write(make_class(students), path)) == whole


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"},\n{", b"}\n{"), (b"}\n ]", b"},\n ]"), (b" ]\n}", b" ]\n}}"), (b'"seed"', b'"se\xffed"'),
        (b'"notes": [', b'"notes": [NaN'), (b" ]\n}\n", b""), (b" ]\n}\n", b" ]\n"),
    ],
)  # fmt: skip
def test_what_is_no_json_is_noticed_wherever_it_is(make_class, tmp_path, before, after):
    path = results_json.write(make_class({"ada": {}, "bo": {}}), tmp_path / "r.json")
    text = path.read_bytes()
    assert before in text
    path.write_bytes(text.replace(before, after))
    for read in (results_json.read, results_json.lazily):
        with pytest.raises(GraderError, match=r"^r\.json is not strict JSON"):
            read(path)


# ------------------------------------------------------------------ the schema itself
def test_every_field_of_the_schema_is_described():
    def undescribed(node, place):
        if isinstance(node, dict):
            for name, field in node.get("properties", {}).items():
                if "description" not in field:
                    yield f"{place}.{name}"
            for name, child in node.items():
                yield from undescribed(child, f"{place}.{name}")

    assert list(undescribed(results_json.schema(), "$")) == []


def test_the_schema_knows_every_outcome():
    assert results_json.schema()["$defs"]["outcome"]["enum"] == list(OUTCOMES)


def test_the_schema_lets_no_unknown_field_pass(class_result):
    checker = jsonschema.Draft202012Validator(results_json.schema())
    made = json.loads(json.dumps(results_json.as_dict(class_result)))
    made["submissions"][0]["items"][0]["cases"][0]["expected"] = [1, 2]
    assert not checker.is_valid(made)
