"""The head of a run on a cluster: which worker gets which batch, and what to do when one is not heard of.

It knows workers by their addresses and speaks to them through a `Link`; it is the only one that reads
hand-ins and that records results. Each worker is asked who it is before it gets work (``hosts``), and gets
two batches a thread at most. What comes of it:

- a result for each submission of a batch;
- the worker is gone: its submissions go to others, one at a time and alone on a worker, and one that was on
  three that died is not graded;
- nothing, for long, when nothing else is left to hand out: another worker does it as well, and where both
  answer they must agree.
"""

from __future__ import annotations

import pickle
import statistics
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, Protocol

from grader import packing
from grader.errors import GraderError
from grader.executors import Done, Work, hosts, outpost
from grader.executors.batches import Batch, NotThere, Results, Source, Unfit, agreed, now, read, results
from grader.executors.parcel import parcel
from grader.records import Submission

#: Batches a thread of a worker: one that it grades, and the next.
IN_FLIGHT = 2
#: Workers that may die with a submission until it is not graded.
MOST_DEATHS = 3
#: Faults of a worker, one after the other, until it gets no more.
MOST_FAULTS = 3
#: A batch that is out longer, and longer than three times the usual, is given to another worker as well.
SECOND_RUN_SECONDS = 10.0
#: For the first worker to come, which may wait in a cluster's queue; and for another when all have gone.
FIRST_SECONDS, NEXT_SECONDS = 3600.0, 60.0
#: For others to come where all that are there are refused.
GRACE_SECONDS = 3.0
TICK_SECONDS = 0.5


class Event(NamedTuple):
    """What a link tells: who is there; the answer to a ticket; that it failed, and how (empty: no answer can
    come any more); that the scheduler is gone.
    """

    kind: Literal["workers", "answer", "failed", "gone", "tick"]
    value: Any = None
    ticket: int = -1


class Link(Protocol):
    """The way to the workers; nothing of it waits for one of them."""

    name: str

    def send(self, ticket: int, address: str, function: Callable[..., bytes], *arguments: Any) -> None:
        """Have a worker call a function of `outpost`: ``answer`` or ``failed`` with this ticket follows."""

    def tell(
        self, ticket: int, address: str, is_awaited: bool, function: Callable[..., bytes], *arguments: Any
    ) -> None:
        """The same for what is said last: it is done even if nobody is here any more."""

    def forget(self, ticket: int) -> None:
        """Nobody is interested in the answer any more."""

    def next(self, seconds: float) -> Event:
        """What comes next; a ``tick`` where nothing does."""


@dataclass(eq=False)
class Worker:
    """What is known of a worker."""

    address: str
    threads: int
    state: Literal["asked", "opening", "accepted", "refused"] = "asked"
    facts: hosts.Facts | None = None
    out: set[int] = field(default_factory=set)  # tickets of batches
    faults: int = 0  # one after the other

    @property
    def name(self) -> str:
        return f"{self.facts.host} ({self.address})" if self.facts else self.address


def spread(
    work: Work,
    submissions: Iterable[Submission],
    count: int,
    link: Link,
    done: Done,
    say: Callable[[str], None],
) -> None:
    """Grade `submissions` (`count` of them) on the workers behind `link` and tell `done` of each result."""
    run = _Run(work, Source(submissions, count), count, link, done, say)
    try:
        run.go()
    except GraderError:
        run.deliver_first_ones()
        raise
    finally:
        run.end()


class _Run:
    def __init__(
        self, work: Work, source: Source, count: int, link: Link, done: Done, say: Callable[[str], None]
    ) -> None:
        self._work, self._source, self._left = work, source, count
        self._link, self._done, self._say = link, done, say
        self._parcel = parcel(work)
        self._packed = pickle.dumps(self._parcel, pickle.HIGHEST_PROTOCOL)
        ours = hosts.here("")
        self._ours = replace(ours, rung=self._parcel.rung, walls=self._parcel.walls)
        self._workers: dict[str, Worker] = {}
        self._asked: dict[int, Worker] = {}  # tickets of questions
        self._out: dict[int, Batch] = {}  # tickets of batches
        self._again: deque[Batch] = deque()
        self._tickets = 0
        self._durations: deque[float] = deque(maxlen=200)
        self._refusals: dict[str, str] = {}
        self._nobody_since, self._had_somebody, self._has_told = now(), False, False

    # -------------------------------------------------------------- the loop
    def go(self) -> None:
        while self._left:
            self._hand_out()
            self._hear(self._link.next(TICK_SECONDS))
            self._expect_somebody()
            if self._left and self._is_only_awaiting_twins():
                self.deliver_first_ones()

    def _hear(self, event: Event) -> None:
        if event.kind == "gone":
            raise GraderError(event.value)
        if event.kind == "workers":
            self._see(event.value)
        elif event.ticket in self._asked:
            self._hear_of_worker(self._asked.pop(event.ticket), event)
        elif event.ticket in self._out:
            self._hear_of_batch(event)

    def end(self) -> None:
        """Tell the workers that it is over, without waiting for one."""
        for ticket in [*self._out, *self._asked]:
            self._link.forget(ticket)
        with suppress(GraderError):  # the scheduler is gone
            for worker in self._accepted():
                is_idle = not worker.out  # others may not answer for long
                self._link.tell(self._ticket(), worker.address, is_idle, outpost.close, self._parcel.key)

    # -------------------------------------------------------------- who is there
    def _see(self, there: dict[str, int]) -> None:
        for address in [address for address in self._workers if address not in there]:
            self._lose(self._workers.pop(address))
        for address, threads in there.items():
            if address not in self._workers:
                self._meet(Worker(address, max(1, threads)))

    def _meet(self, worker: Worker) -> None:
        self._workers[worker.address] = worker
        self._ask(worker, outpost.facts, self._parcel.rung)

    def _ask(self, worker: Worker, function: Callable[..., bytes], *arguments: Any) -> None:
        ticket = self._ticket()
        self._asked[ticket] = worker
        self._link.send(ticket, worker.address, function, *arguments)

    def _hear_of_worker(self, worker: Worker, event: Event) -> None:
        """The answer to a question about itself."""
        if self._workers.get(worker.address) is not worker:
            return
        try:
            if event.kind == "failed":
                raise Unfit(event.value)
            said = read(event.value)
            if "problem" in said:
                raise Unfit(str(said["problem"]))
            if worker.state == "opening":
                worker.state = "accepted"
                self._had_somebody = True
                return
            try:
                worker.facts = hosts.read(event.value.decode())
            except packing.NoResult:
                raise Unfit("it does not say who it is; is its roikit another one?") from None
        except Unfit as problem:
            self._refuse(worker, f"the worker {worker.name} cannot grade: {problem}")
            return
        sentence = hosts.refusal(worker.facts, self._ours, worker.address)
        if sentence:
            self._refuse(worker, sentence)
        else:
            place = self._places_on(worker.facts.machine)
            worker.state = "opening"
            self._ask(worker, outpost.open_parcel, self._packed, place)

    def _places_on(self, machine: str) -> int:
        """Stations that others have there: each gets cores of its own as far as there are some."""
        others = (worker for worker in self._workers.values() if worker.state in ("opening", "accepted"))
        return sum(other.threads for other in others if other.facts and other.facts.machine == machine)

    def _refuse(self, worker: Worker, sentence: str) -> None:
        worker.state = "refused"
        if sentence not in self._refusals.values():
            self._say(sentence)
        self._refusals[worker.address] = sentence
        self._take_back(worker, is_death=False)

    def _accepted(self) -> list[Worker]:
        return [worker for worker in self._workers.values() if worker.state == "accepted"]

    def _expect_somebody(self) -> None:
        """Somebody is there who grades, or may still come."""
        if self._accepted():
            self._nobody_since, self._has_told = now(), False
            return
        alone = now() - self._nobody_since
        asked = any(worker.state in ("asked", "opening") for worker in self._workers.values())
        if self._refusals and not asked and alone > GRACE_SECONDS:
            sentences = "; ".join(dict.fromkeys(self._refusals.values()))
            raise GraderError(f"no worker of {self._link.name} is left that can grade: {sentences}")
        if alone > (NEXT_SECONDS if self._had_somebody else FIRST_SECONDS):
            raise GraderError(f"{self._link.name} has no worker that answers")
        if alone > GRACE_SECONDS and not self._has_told and not self._workers:
            self._has_told = True
            self._say(f"waiting for workers of {self._link.name}")

    # -------------------------------------------------------------- handing out
    def _hand_out(self) -> None:
        accepted = sorted(self._accepted(), key=lambda worker: len(worker.out))
        for worker in accepted[: len(self._again)]:  # these get nothing else until they are idle
            if not worker.out:
                self._give(worker, self._again.popleft())
        places = sum(worker.threads for worker in accepted)
        free = accepted[len(self._again) :]
        for load in range(IN_FLIGHT):  # everybody the first one before somebody a second one
            for worker in free:
                while not self._source.is_empty and self._has_room(worker, load + 1):
                    self._give(worker, self._source.next(places))
        if self._source.is_empty and not self._again:
            self._give_again(free)

    def _has_room(self, worker: Worker, load: int) -> bool:
        has_suspect = any(self._out[ticket].is_suspect for ticket in worker.out)
        return not has_suspect and len(worker.out) < load * worker.threads

    def _give(self, worker: Worker, batch: Batch) -> None:
        ticket = self._ticket()
        self._out[ticket] = batch
        batch.runs[ticket] = worker.address
        batch.given = now()
        worker.out.add(ticket)
        self._link.send(ticket, worker.address, outpost.grade, self._parcel.key, batch.packed())

    def _give_again(self, accepted: list[Worker]) -> None:
        """What is out for long, to those who have nothing to do."""
        usual = statistics.median(self._durations) if self._durations else 0.0
        late = now() - max(SECOND_RUN_SECONDS, 3 * usual)
        idle = deque(worker for worker in accepted if not worker.out)
        for batch in dict.fromkeys(self._out.values()):
            if idle and len(batch.runs) == 1 and batch.first is None and batch.given <= late:
                if idle[0].address in batch.runs.values():
                    continue
                self._give(idle.popleft(), batch)

    # -------------------------------------------------------------- what comes back
    def _hear_of_batch(self, event: Event) -> None:
        batch, worker = self._returned(event.ticket)
        try:
            if event.kind == "failed" and event.value:
                self._after_fault(batch, worker, event.value)
                return
            if event.kind == "failed":
                raise NotThere
            found = results(event.value, batch)
        except NotThere:
            self._after_death(batch)
            if worker is not None and worker.state == "accepted":  # another process at its address, maybe
                self._lose(worker)
                self._meet(Worker(worker.address, worker.threads))
        except Unfit as problem:
            self._put_back(batch)
            if worker is not None and worker.state == "accepted":
                self._refuse(worker, f"the worker {worker.name} cannot grade: {problem}")
        else:
            if worker is not None:
                worker.faults = 0
            self._durations.append(now() - batch.given)
            self._source.took(one.seconds for one in found.values())
            self._take(batch, found, worker.name if worker else "a worker that is gone")

    def _after_fault(self, batch: Batch, worker: Worker | None, fault: str) -> None:
        """The worker lives and gave no answer: its own fault, or that of what it was given."""
        self._after_death(batch)
        if worker is not None and worker.state == "accepted":
            worker.faults += 1
            if worker.faults >= MOST_FAULTS:
                self._refuse(worker, f"the worker {worker.name} cannot grade: {fault}")

    def _take(self, batch: Batch, found: Results, host: str) -> None:
        if batch.first is not None:
            self._deliver(agreed(self._work, batch, found, host))
        elif batch.runs:  # the other one may be quick as well
            batch.first, batch.first_host = found, host
        else:
            self._deliver(found)

    def _deliver(self, found: Results) -> None:
        for number, result in found.items():
            self._left -= 1
            self._done(number, result)

    def _is_only_awaiting_twins(self) -> bool:
        awaited = self._out.values()
        is_handed_out = self._source.is_empty and not self._again
        return is_handed_out and all(batch.first is not None for batch in awaited)

    def deliver_first_ones(self) -> None:
        """The first of two runs counts where the other one does not come."""
        for batch in dict.fromkeys(self._out.values()):
            if batch.first is not None:
                for ticket in list(batch.runs):
                    self._returned(ticket)
                    self._link.forget(ticket)
                self._deliver(batch.first)

    # -------------------------------------------------------------- who is gone
    def _lose(self, worker: Worker) -> None:
        """It is dead, or nobody reaches it."""
        self._workers.pop(worker.address, None)
        self._refusals.pop(worker.address, None)
        self._take_back(worker, is_death=True)

    def _take_back(self, worker: Worker, is_death: bool) -> None:
        for ticket in [ticket for ticket, one in self._asked.items() if one is worker]:
            del self._asked[ticket]
            self._link.forget(ticket)
        for ticket in list(worker.out):
            batch, _ = self._returned(ticket, worker)
            self._link.forget(ticket)
            if is_death:
                self._after_death(batch)
            else:
                self._put_back(batch)

    def _returned(self, ticket: int, worker: Worker | None = None) -> tuple[Batch, Worker | None]:
        batch = self._out.pop(ticket)
        address = batch.runs.pop(ticket)
        worker = worker or self._workers.get(address)
        if worker is not None:
            worker.out.discard(ticket)
        return batch, worker

    def _put_back(self, batch: Batch) -> None:
        """To be done by somebody else, unless somebody does it, or has."""
        if batch.first is not None:
            self._deliver(batch.first)
        elif not batch.runs:
            self._again.append(batch)

    def _after_death(self, batch: Batch) -> None:
        if batch.first is not None or batch.runs:
            self._put_back(batch)
            return
        for alone in batch.alone():
            if alone.deaths < MOST_DEATHS:
                self._again.append(alone)
            else:
                number, submission = alone.jobs[0]
                reason = f"the workers that had it died, {alone.deaths} times"
                self._deliver({number: self._work.lost(submission, reason)})

    def _ticket(self) -> int:
        self._tickets += 1
        return self._tickets
