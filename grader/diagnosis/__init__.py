"""Which ideas are behind the wrong outputs of a submission, told from its behaviour alone.

A function's recorded calls are held against the assignment's bank of ideas (`bank`), one by one and together
(`tables`, `search`); where that leaves a choice, the student's function is called with further inputs, those
on which the remaining explanations differ most (`inquiry`). What no idea explains may still have a shape
(`behaviours`). Nothing is said of a submission that is right, and nothing where no explanation gives every
wrong answer.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from grader.alarm import paused
from grader.attempts import Attempt
from grader.cases import Attempts
from grader.diagnosis import behaviours
from grader.diagnosis.answers import Answer, answer, digest
from grader.diagnosis.bank import Bank, Call, has_bank, load, plain_name
from grader.diagnosis.evidence import Evidence, Fact, Predictions, key_of
from grader.diagnosis.inquiry import Explanation, explain
from grader.diagnosis.tables import Tables
from grader.records import CallRecord, Diagnosis, Finding, Idea, Signature
from grader.student import Box

__all__ = ["Bank", "Diagnoser", "has_bank", "load"]

#: Further inputs for one submission: a call in the sandbox takes milliseconds.
MAX_PROBES = 8
#: No further input once those before took so long.
PROBE_SECONDS = 2.0
#: Further inputs of one function to choose from.
POOL = 48


class Diagnoser:
    """Diagnoses the submissions of one run, one after the other.

    Parameters
    ----------
    bank : Bank
    attempts : function (box) -> attempts
        Of the run's session: the right solution goes through the same cases as the submissions.
    seed : int
        The run's.
    """

    def __init__(self, bank: Bank, attempts: Attempts, seed: int) -> None:
        self._bank, self._seed = bank, seed
        self._predictions = Predictions(bank)
        # Inputs that the tests make by themselves. Others come out of the student's own numbers, and these
        # do not go into functions of this process.
        self._own_inputs = {
            _key(record)
            for attempt in attempts(bank.candidate())
            for record in attempt.calls
            if record.function in bank.functions
        }
        pool = bank.probes(np.random.default_rng([seed, zlib.crc32(b"probes")]))
        self._pool = {f: _spread([call for call in pool if call.function == f]) for f in bank.functions}
        self._tables: dict[str, Tables] = {}

    def diagnose(self, attempts: Iterable[Attempt], box: Box) -> Diagnosis:
        """What is behind the wrong outputs of a submission.

        Parameters
        ----------
        attempts : iterable of Attempt
            All cases of the run against `box`.
        box : Box
            Where the student's functions run: they are called on a few further inputs.
        """
        left, seconds = MAX_PROBES, PROBE_SECONDS

        def ask(call: Call) -> Answer | None:
            nonlocal left, seconds
            if not left or seconds <= 0:
                return None
            with paused():  # a call has a limit of its own, and may not be left in the middle
                outcome = box.call(call.function, call.args, dict(call.kwargs), self._seed % 2**32)
            given = answer(outcome)
            left = left - 1 if given is not None else 0
            seconds -= outcome.seconds
            return given

        explanations: dict[str, Explanation] = {}
        seen: list[Finding] = []
        evidences = [e for e in self._evidence(attempts) if e.is_wrong]
        for evidence in evidences:
            known = [name for found in explanations.values() for name in found.names]
            function = evidence.function
            is_stub = evidence.is_always_the_same  # some bundle of ideas gives zeros, too
            found = None if is_stub else explain(evidence, self._tables_of(function), known, ask)
            if found is not None:
                explanations[function] = found
            else:
                seen += behaviours.seen(evidence, ask)
        explained = {*explanations, *(function for finding in seen for function in finding.functions)}
        return Diagnosis(
            findings=(*self._findings(explanations), *behaviours.merged(seen)),
            unexplained=tuple(e.function for e in evidences if e.has_numbers and e.function not in explained),
            signatures=tuple(_signature(e, e.function in explanations) for e in evidences),
        )

    def _evidence(self, attempts: Iterable[Attempt]) -> list[Evidence]:
        known = {function: Evidence(function, self._predictions) for function in self._bank.functions}
        seen: set[str] = set()
        for attempt in attempts:
            for record in attempt.calls:
                key, given = _key(record), answer(record.outcome)
                if key in self._own_inputs and key not in seen and given is not None:
                    seen.add(key)
                    call = Call(record.function, record.args, record.kwargs)
                    is_hidden = attempt.case.visibility == "hidden"
                    known[record.function].add(Fact(call, key, given, attempt.case.name, is_hidden))
        return list(known.values())

    def _tables_of(self, function: str) -> Tables:
        if function not in self._tables:
            self._tables[function] = Tables(self._pool[function], self._predictions)
        return self._tables[function]

    def _findings(self, explanations: dict[str, Explanation]) -> list[Finding]:
        """One for each idea, with all the functions that it explains, in whatever variant."""
        found: dict[str, list[Idea]] = {}
        for idea in self._bank.ideas:
            if any(idea.name in explanation.names for explanation in explanations.values()):
                found.setdefault(plain_name(idea.name), []).append(idea)
        return [_finding(name, variants, explanations) for name, variants in found.items()]


def _finding(name: str, variants: list[Idea], explanations: dict[str, Explanation]) -> Finding:
    names = {idea.name for idea in variants}
    shown_in = {f: found for f, found in explanations.items() if names & set(found.names)}
    facts = [fact for found in shown_in.values() for fact in found.facts]
    return Finding(
        idea=replace(variants[0], name=name),
        functions=tuple(shown_in),
        agreeing=len(facts),
        against=sum(found.against for found in shown_in.values()),
        confidence=round(max(found.confidence for found in shown_in.values()), 4),
        cases=tuple(dict.fromkeys(fact.case for fact in facts if fact.case)),
    )


def _signature(evidence: Evidence, explained: bool) -> Signature:
    """Of the numbers on hidden inputs, to seven decimals: beyond them, right solutions differ too."""
    facts = [fact for fact in evidence.wrong if fact.is_hidden and fact.case]
    facts = sorted((fact for fact in facts if fact.answer.numbers is not None), key=lambda fact: fact.key)
    rounded = [[fact.key, np.round(fact.answer.numbers, 7) + 0.0] for fact in facts]  # no negative zeros
    return Signature(evidence.function, digest(rounded) if facts else "", len(facts), explained)


def _key(record: CallRecord) -> str:
    return key_of(Call(record.function, record.args, record.kwargs))


def _spread(calls: list[Call]) -> dict[str, Call]:
    """At most POOL of them by their keys, of every part: inputs of one kind stand together."""
    places = np.unique(np.linspace(0, len(calls) - 1, POOL).astype(int)) if calls else ()
    return {key_of(calls[place]): calls[place] for place in places}
