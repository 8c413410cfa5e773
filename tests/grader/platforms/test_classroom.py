"""A template repository for GitHub Classroom: its workflow's own commands, run as a student's repository."""

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from grader import assignment, cli

#: What Classroom's autograding reporter reads of a runner's result.
RESULT = {
    "type": "object",
    "required": ["version", "status", "max_score", "tests"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": 1},
        "status": {"enum": ["pass", "fail", "error"]},
        "max_score": {"type": "integer", "minimum": 1},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "status", "score"],
                "additionalProperties": False,
                "properties": {
                    "name": {"type": "string"},
                    "status": {"enum": ["pass", "fail", "error"]},
                    "score": {"type": "integer"},
                    "message": {"type": "string"},
                    "test_code": {"type": "string"},
                    "filename": {"type": "string"},
                    "line_no": {"type": "integer"},
                    "execution_time": {"type": "string"},
                },
            },
        },
    },
}


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    directory = tmp_path_factory.mktemp("template")
    assert cli.main(["classroom", "roi_pool", str(directory)]) == 0
    return directory


@pytest.fixture(scope="module")
def workflow(template):
    return yaml.safe_load((template / ".github" / "workflows" / "classroom.yml").read_text())


@pytest.fixture
def push(template, workflow, tmp_path):
    """A notebook in a student's repository -> what the workflow's checks hand to the reporter."""

    def run(student):
        repository = tmp_path / "repository"
        shutil.copytree(template, repository)
        given = assignment.home() / assignment.SAMPLE_CLASS / student / "roi_pool" / "roi_pool.ipynb"
        shutil.copy(given, repository / "roi_pool")
        [checks] = [step for step in workflow["jobs"]["run-autograding-tests"]["steps"] if "id" in step]
        output, tools = tmp_path / "output", str(Path(sys.executable).parent)
        environment = {**os.environ, "GITHUB_OUTPUT": str(output), "PATH": f"{tools}:{os.environ['PATH']}"}
        script = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", checks["run"]]  # as GitHub does
        subprocess.run(script, cwd=repository, env=environment, check=True, capture_output=True, timeout=120)
        name, _, value = output.read_text().strip().partition("=")
        assert name == "result"
        result = json.loads(base64.b64decode(value))
        jsonschema.validate(result, RESULT)
        return result, repository

    return run


def test_nothing_of_grading_is_in_the_template(template):
    files = sorted(path.relative_to(template).as_posix() for path in template.rglob("*") if path.is_file())
    [wheel] = [name for name in files if name.endswith(".whl")]
    assert files == [
        wheel, ".github/workflows/classroom.yml", "roi_pool/roi_pool.ipynb", "roi_pool/test_public.py",
    ]  # fmt: skip
    solution = (assignment.find("roi_pool") / "grading" / "test_hidden.py").read_text()
    hidden = [line for line in solution.splitlines() if line.startswith("def test_")]
    for name in files[1:]:
        assert not [line for line in hidden if line in (template / name).read_text()]
    assert "BEGIN SOLUTION" not in (template / "roi_pool" / "roi_pool.ipynb").read_text()


def test_the_workflow(workflow):
    """The reporter finds a runner's result under the runner's name in capitals."""
    job = workflow["jobs"]["run-autograding-tests"]
    assert "push" in workflow["on"]
    reporter = job["steps"][-1]
    assert reporter["uses"] == "classroom-resources/autograding-grading-reporter@v1"
    [runner] = reporter["with"]["runners"].split(",")
    assert reporter["env"] == {f"{runner.upper()}_RESULTS": f"${{{{ steps.{runner}.outputs.result }}}}"}
    assert runner in [step.get("id") for step in job["steps"]]


def test_a_right_push(push):
    result, repository = push("ada")
    assert result["status"] == "pass"
    assert result["max_score"] == len(result["tests"]) == sum(test["score"] for test in result["tests"])
    assert (repository / "junit.xml").read_text().count("<testcase ") == result["max_score"]


def test_a_wrong_push(push):
    """The points are the public checks that hold; a failing one says what differs."""
    result, repository = push("goran")
    assert result["status"] == "fail"
    failing = [test for test in result["tests"] if test["status"] == "fail"]
    assert 0 < len(failing) < result["max_score"]
    assert sum(test["score"] for test in result["tests"]) == result["max_score"] - len(failing)
    assert all("expected" in test["message"] for test in failing)
    assert (repository / "junit.xml").read_text().count("<failure ") == len(failing)


def test_a_template_that_is_there_stays(template, capsys):
    assert cli.main(["classroom", "bilinear", str(template)]) == 2
    assert "classroom.yml is there already" in capsys.readouterr().err
    assert not (template / "bilinear").exists()
