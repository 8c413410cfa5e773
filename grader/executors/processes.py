"""Several stations on this machine, each with one submission at a time; one that dies costs only that."""

from __future__ import annotations

from collections.abc import Iterable
from multiprocessing.connection import wait

from grader.executors import Done, Work
from grader.executors.stations import PATIENCE, DieEarly, Station, close, let_end
from grader.records import Submission


def in_processes(work: Work, submissions: Iterable[Submission], count: int, jobs: int, done: Done) -> None:
    """Grade `submissions` (`count` of them) in `jobs` stations and tell `done` of each result."""
    waiting = enumerate(submissions)
    left, died_early = count, 0
    stations: list[Station] = []
    try:
        stations += (Station(work, place) for place in range(jobs))
        while left:
            ready = wait([station.connection for station in stations])
            for place, station in enumerate(stations):
                if station.connection not in ready:
                    continue
                try:
                    answer = station.answer()
                except EOFError:
                    died_early += not station.is_ready
                    if died_early >= PATIENCE:
                        raise DieEarly from None
                    answer = station.epitaph(work)
                    stations[place] = Station(work, place)
                else:
                    died_early = 0 if answer is None else died_early
                    station.give(next(waiting, None))
                if answer is not None:
                    done(*answer)
                    left -= 1
        let_end(stations)
    finally:
        close(stations)
