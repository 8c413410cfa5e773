"""On a worker of a cluster: opens a run's parcel, keeps stations for it, and grades batches in them.

Dask calls these functions in threads of its worker process; what they take and give is plain data. A batch
goes through one station, and a worker has as many as it has threads.
"""

from __future__ import annotations

import json
import pickle
import shutil
import threading
import time
from pathlib import Path
from typing import Any

from grader import packing
from grader.errors import GraderError
from grader.executors import Job, Work, folders, hosts, stations
from grader.executors.parcel import Parcel
from grader.records import SubmissionResult

#: A run that was not heard of for so long is over: whoever led it was killed.
FORGOTTEN_SECONDS = 600.0

_crews: dict[str, Crew] = {}
_lock = threading.Lock()
_sweeper: threading.Timer | None = None


# ------------------------------------------------------------------ what is called
def facts(rung: str) -> bytes:
    """Who we are; see `grader.executors.hosts`."""
    return hosts.here(rung).as_text().encode()


def open_parcel(packed: bytes, place: int) -> bytes:
    """Unpack a run's work; its stations will be the numbers from `place` on of this machine."""
    parcel: Parcel = pickle.loads(packed)  # by whoever has us work
    folder = folders.new("assignment")
    try:
        crew = Crew(parcel.unpacked(folder), folder, place)
    except (GraderError, OSError) as problem:
        shutil.rmtree(folder, ignore_errors=True)
        return _told(problem)
    with _lock:
        before = _crews.pop(parcel.key, None)
        _crews[parcel.key] = crew
    if before is not None:
        before.close()
    _close_forgotten()
    return _answer(opened=True)


def grade(key: str, packed: bytes) -> bytes:
    """Grade a batch of a run: its results, or why there are none."""
    with _lock:
        crew = _crews.get(key)
    if crew is None:  # this process is new, or has been told that the run is over
        return _answer(unknown=True)
    jobs: list[Job] = pickle.loads(packed)
    try:
        found = crew.grade(jobs)
    except (GraderError, OSError) as problem:
        return _told(problem)
    return _answer(results=[[number, packing.pack(result)] for number, result in found])


def close(key: str) -> bytes:
    """The run is over."""
    with _lock:
        crew = _crews.pop(key, None)
    if crew is not None:
        crew.close()
    return _answer(closed=True)


# ------------------------------------------------------------------ the stations of a run
class Crew:
    """A run's stations in this process: as many as were ever needed at once."""

    def __init__(self, work: Work, folder: Path, place: int) -> None:
        self._work, self._folder = work, folder
        self._next_place = place
        self._free: list[_Post] = []
        self._busy: list[_Post] = []
        self._lock = threading.Lock()
        self.is_over = False
        self.heard = time.monotonic()

    def grade(self, jobs: list[Job]) -> list[tuple[int, SubmissionResult]]:
        """One after the other, in one station; the next one takes over where it dies."""
        post = self._taken()
        try:
            return [post.grade(job) for job in jobs]
        except BaseException:
            post.close()
            raise
        finally:
            self._give_back(post)

    @property
    def is_idle(self) -> bool:
        return not self._busy

    def close(self) -> None:
        with self._lock:
            self.is_over = True
            posts, self._free = [*self._free, *self._busy], []
        manned = [post.station for post in posts if post.station is not None]
        stations.let_end(manned)
        stations.close(manned)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _taken(self) -> _Post:
        with self._lock:
            self.heard = time.monotonic()
            if self._free:
                post = self._free.pop()
            else:
                post = _Post(self._work, self._next_place)
                self._next_place += 1
            self._busy.append(post)
            return post

    def _give_back(self, post: _Post) -> None:
        with self._lock:
            self.heard = time.monotonic()
            self._busy.remove(post)
            if not self.is_over:
                self._free.append(post)


class _Post:
    """The place of a station, and the station that has it now."""

    def __init__(self, work: Work, place: int) -> None:
        self._work, self._place = work, place
        self.station: stations.Station | None = None

    def grade(self, job: Job) -> tuple[int, SubmissionResult]:
        station = self._manned()
        station.give(job)
        try:
            answer = station.answer()
        except EOFError:
            self.station = None
            answer = station.epitaph(self._work)
        station.job = None
        assert answer is not None  # it was ready before
        return answer

    def close(self) -> None:
        station, self.station = self.station, None
        if station is not None:
            station.close()

    def _manned(self) -> stations.Station:
        """The station, ready; a new one where there is none."""
        for _ in range(stations.PATIENCE):
            if self.station is None:
                self.station = stations.Station(self._work, self._place)
            if self.station.is_ready:
                return self.station
            try:
                self.station.answer()
            except EOFError:
                self.close()
        if self.station is not None:
            return self.station
        raise stations.DieEarly


def _close_forgotten() -> None:
    """Now, and later again while there is a run."""
    global _sweeper
    with _lock:
        now = time.monotonic()
        over = [key for key, crew in _crews.items() if crew.is_idle and now - crew.heard > FORGOTTEN_SECONDS]
        crews = [_crews.pop(key) for key in over]
        if _sweeper is not None:
            _sweeper.cancel()
            _sweeper = None
        if _crews:
            _sweeper = threading.Timer(FORGOTTEN_SECONDS / 4, _close_forgotten)
            _sweeper.daemon = True
            _sweeper.start()
    for crew in crews:
        crew.close()


# ------------------------------------------------------------------ what is said
def _answer(**fields: Any) -> bytes:
    return json.dumps(fields).encode()


def _told(problem: Exception) -> bytes:
    kind = "OSError" if isinstance(problem, OSError) else type(problem).__name__
    return _answer(problem=str(problem), kind=kind)
