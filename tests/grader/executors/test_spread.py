"""The head of a run, on workers that are made up: who gets what, and what if there is no answer."""

import itertools
import json
import pickle
from collections import deque
from dataclasses import replace

import pytest

from grader import packing
from grader.errors import AssignmentError, GraderError
from grader.executors import hosts, outpost, spread
from grader.executors.spread import Event
from grader.records import Submission

A, B, C = "tcp://a:1", "tcp://b:1", "tcp://c:1"


class MadeUp:
    """A link to workers in this process. `there` are their addresses, and what becomes of a batch there:
    a function (batch's students) -> "answers", "dies", "hangs" or "breaks".
    """

    name = "the cluster"

    def __init__(self, work, there, facts=None):
        self.work, self.there, self.facts = work, dict(there), facts or {}
        self.events = deque([self._workers()])
        self.hanging = {}  # ticket -> address, jobs
        self.given = []  # (address, students)
        self.ticks = itertools.count().__next__
        self.closed = []

    def _workers(self):
        return Event("workers", dict.fromkeys(self.there, 1))

    def send(self, ticket, address, function, *arguments):
        if function is outpost.facts:
            changed = replace(hosts.here(""), host=address[6], machine=address, **self.facts.get(address, {}))
            self.events.append(Event("answer", changed.as_text().encode(), ticket))
        elif function is outpost.open_parcel:
            self.events.append(Event("answer", b'{"opened": true}', ticket))
        else:
            self._grade(ticket, address, pickle.loads(arguments[1]))

    def tell(self, ticket, address, is_awaited, function, key):
        assert function is outpost.close
        self.closed.append(address)

    def _grade(self, ticket, address, jobs):
        students = [submission.student for _, submission in jobs]
        self.given.append((address, students))
        what = self.there[address](students) if address in self.there else "hangs"
        if what == "dies":
            worker = self.there.pop(address)
            self.events.append(self._workers())
            self.there[f"{address}1"] = worker  # another one is started
            self.events.append(self._workers())
        elif what == "hangs":
            self.hanging[ticket] = address, jobs
        elif what == "breaks":
            self.events.append(Event("failed", "MemoryError: too much", ticket))
        else:
            self.answer(ticket, jobs)

    def answer(self, ticket, jobs, note=""):
        found = {}
        self.work.serve(jobs, found.__setitem__, 0)
        results = [
            [number, packing.pack(replace(one, notes=(note,), seconds=self.ticks() / 1e9))]
            for number, one in found.items()
        ]
        self.events.append(Event("answer", json.dumps({"results": results}).encode(), ticket))

    def forget(self, ticket):
        self.hanging.pop(ticket, None)

    def next(self, seconds):
        return self.events.popleft() if self.events else Event("tick")


def answers(students):
    return "answers"


def hangs(students):
    return "hangs"


@pytest.fixture
def run(echo):
    """Students and workers -> results in order; the link and what was said are its attributes."""

    def go(students, there, link=None, **options):
        found = {}

        def done(number, one):
            assert number not in found
            found[number] = one

        go.said, go.found = [], found
        go.link = link or MadeUp(echo(), there, **options)
        submissions = (Submission(name, "", None) for name in students)
        spread.spread(go.link.work, submissions, len(students), go.link, done, go.said.append)
        assert sorted(found) == list(range(len(students)))
        return [found[number] for number in sorted(found)]

    return go


@pytest.fixture
def patience(monkeypatch):
    """What is not there at once is late."""
    monkeypatch.setattr(spread, "SECOND_RUN_SECONDS", 0.0)
    monkeypatch.setattr(spread, "GRACE_SECONDS", -1.0)


CLASS = [f"s{number}" for number in range(100)]


def test_every_submission_once(run):
    found = run(CLASS, {A: answers, B: answers})
    assert [one.student for one in found] == CLASS
    assert {address for address, _ in run.link.given} == {A, B}
    assert sorted(run.link.closed) == [A, B]
    assert run.said == []


def test_batches_are_few_and_smaller_at_the_end(run):
    run(CLASS * 10, {A: answers, B: answers})
    sizes = [len(students) for _, students in run.link.given]
    assert max(sizes) == 32
    assert sizes[-1] == 1
    assert len(sizes) < 1000 / 10


def test_hand_ins_are_read_as_they_are_needed(echo):
    read, seen = [], []

    def submissions():
        for name in CLASS * 10:
            read.append(name)
            yield Submission(name, "", None)

    def done(number, one):
        seen.append(len(read) - len(seen))

    link = MadeUp(echo(), {A: answers, B: answers})
    spread.spread(link.work, submissions(), 1000, link, done, print)
    assert max(seen) <= 2 * spread.IN_FLIGHT * 32


# ------------------------------------------------------------------ who takes part
@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"roikit": "0.0.1"}, "the worker b (tcp://b:1) has roikit 0.0.1, and here is "),
        ({"engine": "abcdef0123456789"}, "the worker b (tcp://b:1) has roikit's code abcdef01, and here is "),
        ({"numpy": "1.0"}, "the worker b (tcp://b:1) has numpy 1.0, and here is "),
        ({"python": "CPython 2.7"}, "the worker b (tcp://b:1) has Python CPython 2.7, and here is "),
        ({"no_sandbox": "no bwrap"}, "the worker b (tcp://b:1) has no sandbox: no bwrap"),
        ({"rung": "reduced"}, "the worker b (tcp://b:1) has the sandbox reduced, and here is "),
    ],
)
def test_a_worker_that_would_find_something_else(run, facts, sentence):
    """It is told once, and the others do the work."""
    run(CLASS, {A: answers, B: answers}, facts={B: facts})
    assert {address for address, _ in run.link.given} == {A}
    assert [text[: len(sentence)] for text in run.said] == [sentence]


def test_nobody_is_left(run, patience):
    with pytest.raises(GraderError, match=r"no worker of the cluster is left .*: the worker a .*1\.0"):
        run(CLASS, {A: answers}, facts={A: {"numpy": "1.0"}})


def test_nobody_comes(run, patience, monkeypatch):
    monkeypatch.setattr(spread, "FIRST_SECONDS", -1.0)
    with pytest.raises(GraderError, match="the cluster has no worker that answers"):
        run(CLASS, {})


def test_one_that_comes_later(run):
    """It is asked as the first ones were, and then gets its share."""

    def first(students):
        if B not in run.link.there:
            run.link.there[B] = answers
            run.link.events.append(run.link._workers())
        return "answers"

    run(CLASS, {A: first})
    assert {address for address, _ in run.link.given} == {A, B}


# ------------------------------------------------------------------ who is gone
def test_a_worker_that_dies(run):
    """What it had, others do."""
    dying = iter(["answers", "dies"])
    found = run(CLASS, {A: answers, B: lambda students: next(dying, "answers")})
    assert [one.outcome for one in found] == ["correct"] * 100
    assert {address for address, _ in run.link.given} == {A, B, f"{B}1"}


def test_a_submission_that_kills_workers(run):
    """Three of them; those that were in its batch are not its victims."""

    def fragile(students):
        return "dies" if "s5" in students else "answers"

    found = run(CLASS, {A: fragile, B: fragile})
    assert [one.student for one in found if one.outcome != "correct"] == ["s5"]
    assert found[5].notes == ("the workers that had it died, 3 times",)
    alone = [students for _, students in run.link.given if "s5" in students]
    assert [len(students) for students in alone[1:]] == [1, 1]


def test_a_worker_that_has_become_another_one(run, echo):
    """At the same address, started anew: it knows nothing of the run, and is asked again."""

    class Forgetful(MadeUp):
        def _grade(self, ticket, address, jobs):
            if len(self.given) == 1:
                self.given.append((address, []))
                self.events.append(Event("answer", b'{"unknown": true}', ticket))
            else:
                super()._grade(ticket, address, jobs)

    found = run(CLASS, {}, link=Forgetful(echo(), {A: answers}))
    assert [one.outcome for one in found] == ["correct"] * 100


def test_a_worker_that_breaks_at_everything(run):
    """It gets no more, before it has done harm to many."""
    found = run(CLASS, {A: answers, B: lambda students: "breaks"})
    assert [one.outcome for one in found] == ["correct"] * 100
    assert run.said == ["the worker b (tcp://b:1) cannot grade: MemoryError: too much"]


def test_the_scheduler_is_gone(run, echo):
    """What is finished was told."""

    class Gone(MadeUp):
        def _grade(self, ticket, address, jobs):
            if len(self.given) == 3:
                self.events.append(Event("gone", "it does not answer any more"))
            super()._grade(ticket, address, jobs)

    with pytest.raises(GraderError, match="does not answer any more"):
        run(CLASS, {}, link=Gone(echo(), {A: answers}))
    assert 0 < len(run.found) < 100


def test_an_assignment_s_mistake_is_passed_on(run, echo):
    class Wrong(MadeUp):
        def _grade(self, ticket, address, jobs):
            said = {"problem": "the tests are wrong", "kind": "AssignmentError"}
            self.events.append(Event("answer", json.dumps(said).encode(), ticket))

    with pytest.raises(AssignmentError, match="the tests are wrong"):
        run(CLASS, {}, link=Wrong(echo(), {A: answers}))


@pytest.mark.parametrize(
    "answer", [b"", b"[]", b"{}", b'{"results": [[0, "x"]]}', b'{"results": []}', b"{" * 9999, "text"]
)
def test_answers_that_are_none(run, echo, answer):
    """Whoever gives them grades no more."""

    class Garbled(MadeUp):
        def _grade(self, ticket, address, jobs):
            if address == B:
                self.events.append(Event("answer", answer, ticket))
            else:
                super()._grade(ticket, address, jobs)

    found = run(CLASS, {}, link=Garbled(echo(), {A: answers, B: answers}))
    assert [one.outcome for one in found] == ["correct"] * 100
    assert len(run.said) == 1
    assert run.said[0].startswith("the worker b (tcp://b:1) cannot grade: its ")


# ------------------------------------------------------------------ who is not heard of
def test_a_worker_that_hangs(run, patience):
    """When nothing else is left, another one does what it has."""
    found = run(CLASS, {A: answers, B: hangs})
    assert [one.outcome for one in found] == ["correct"] * 100
    taken = [students for address, students in run.link.given if address == B]
    assert len(taken) == spread.IN_FLIGHT
    assert all((A, students) in run.link.given for students in taken)
    assert run.link.closed == [A, B]


def test_nobody_gets_a_second_run_while_there_are_first_ones(run, echo):
    """Nor where it is not yet late."""
    turns = iter(range(1000))

    class Patient(MadeUp):
        def next(self, seconds):
            if not self.events and next(turns) == 5:  # B answers at last
                for ticket, (_, jobs) in self.hanging.items():
                    self.answer(ticket, jobs)
            return super().next(seconds)

    run(CLASS, {}, link=Patient(echo(), {A: answers, B: hangs}))
    students = [name for _, students in run.link.given for name in students]
    assert sorted(students) == sorted(CLASS)


class Late(MadeUp):
    """B and C hang, A does what they have; when it comes to what C has, something happens `at_last`."""

    def _grade(self, ticket, address, jobs):
        hanging = {who: (its, had) for its, (who, had) in self.hanging.items()}
        if address == A and C in hanging and hanging[C][1] == jobs:
            self.at_last(*hanging[B])
        super()._grade(ticket, address, jobs)


FIVE = CLASS[:5]  # two for A, two for B, the last one for C
WORKERS = {A: answers, B: hangs, C: hangs}


@pytest.mark.parametrize(("note", "outcome"), [("", "correct"), ("another", "internal_error")])
def test_two_answers_must_agree(run, echo, patience, note, outcome):
    """But for the time that they took. Here B answers after all."""
    link = Late(echo(), WORKERS)
    link.at_last = lambda ticket, jobs: link.answer(ticket, jobs, note)
    found = run(FIVE, {}, link=link)
    assert [one.outcome for one in found] == ["correct"] * 3 + [outcome, "correct"]
    if note:
        assert found[3].notes == ("a (tcp://a:1) and b (tcp://b:1) graded it differently",)


def test_the_first_of_two_is_kept_when_the_scheduler_goes(run, echo, patience):
    link = Late(echo(), WORKERS)
    link.at_last = lambda ticket, jobs: link.events.append(Event("gone", "it is gone"))
    with pytest.raises(GraderError, match="it is gone"):
        run(FIVE, {}, link=link)
    assert sorted(run.found) == [0, 1, 2, 3]
