"""The grader without its sandbox: what it pays for attacks that do no harm beyond their process.

Reads ``{"assignment": name, "seed": n, "honest": text, "attacks": {name: text}}`` and writes for each attack
``[its score, the score of an honest hand-in right after it]``, or null where the grader itself has ended.
"""

import json
import os
import sys

from grader import assignment, cases, score
from grader.records import Cell, Source, Submission
from grader.student import LocalBox


def earned(lesson, seed, text):
    """The score of a module, run in this very process."""
    box = LocalBox.from_source(Source((Cell("solution.py", text),), is_notebook=False))
    results = cases.with_cases(lesson, seed, lambda run: run(box))
    return score.submission(lesson, Submission("naive", "naive.py", None), results).score


def in_a_fork(lesson, seed, text, honest):
    """Both scores, or None; no attack sees what another one did to the process."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        try:
            found = [earned(lesson, seed, text), earned(lesson, seed, honest)]
            os.write(writing, json.dumps(found).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, "rb") as answer:
        said = answer.read()
    os.wait()
    return json.loads(said) if said else None


asked = json.load(sys.stdin)
found = {
    name: in_a_fork(assignment.load(asked["assignment"]), asked["seed"], text, asked["honest"])
    for name, text in asked["attacks"].items()
}
json.dump(found, sys.stdout)
