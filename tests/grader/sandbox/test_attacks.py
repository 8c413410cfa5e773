"""The corpus of hostile and broken submissions, as root and as an ordinary user: nothing gets too far.

``harness`` runs them. Around each attack it sets out secrets and ears, and says what is not as it should be:
an outcome that the attack's first line does not name, a secret that got out, a process that stayed.
"""

import re
from pathlib import Path

import pytest

CORPUS = sorted((Path(__file__).parent.parent / "attacks").glob("*.py"))
#: name -> (kind of user, rung)
WHERE = {
    "root": ("root", "auto"),
    "user": ("user", "auto"),
    "root-noproc": ("root", "noproc"),
    "user-noproc": ("user", "noproc"),
}
OUTCOMES = {"correct", "wrong", "error", "timeout", "memory", "output_limit", "crashed", "refused"}


@pytest.mark.parametrize(
    "trial",
    [
        pytest.param((*where, path.stem, ()), id=f"{name}-{path.stem}")
        for path in CORPUS
        for name, where in WHERE.items()
    ],
)
def test_attack(trial, report):
    assert report(trial)["faults"] == []


def test_corpus_says_what_it_expects():
    assert len(CORPUS) >= 250
    for path in CORPUS:
        first_line = path.read_bytes().partition(b"\n")[0].decode("utf-8-sig")
        expected = re.search(r"# expect: (\S+)", first_line)[1]
        assert set(expected.split("|")) <= OUTCOMES, path.name
