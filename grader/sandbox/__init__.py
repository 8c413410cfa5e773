"""Runs student code behind walls: bytes in, one plain outcome for each call out.

    rung = choose_rung("auto")
    with Sandbox(source, Limits(), rung) as box:
        outcome = box.call("roi_pool", [features, rois, (2, 2), 1.0])

Grader's side: box (calls) -> process (one worker: bubblewrap, cgroup, watchdog) -> judge (outcomes).
Sandbox's side: worker (process 1) -> session (one submission) -> child (one call; landlock) -> loader, codec.
A worker takes the next submission where nothing is left of the one before (``cleaning``). Calls of functions
that carry nothing along (``stateless``) share a child.
``protocol`` and ``codec`` are the border between them.
``command`` runs a compiler and its programs in the same way, by a "submission" of ours (``runner``) inside.
"""

from .box import Sandbox
from .choose import choose_rung
from .limits import Limits
from .probe import Wall, probe
from .process import WorkerProcess, remove_left
from .rungs import Rung
from .text import clean, clean_line

__all__ = [
    "Limits", "Rung", "Sandbox", "Wall", "WorkerProcess", "choose_rung", "clean", "clean_line", "probe",
    "remove_left",
]  # fmt: skip
