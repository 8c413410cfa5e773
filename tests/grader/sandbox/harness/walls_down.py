"""Takes walls of the sandbox down, one name each, to prove that the corpus notices.

Only here, and by altering what the grader has in memory: the product has no switch for it. A wall that is not
found where it is looked for is an error, so a change to the sandbox cannot leave a control without effect.
"""

import builtins
import contextlib
import dataclasses
import io
import shutil
import tempfile
from pathlib import Path
from unittest.mock import patch

import numpy as np

from grader.sandbox import box, bubblewrap, cgroup, codec, judge, places, process, watchdog


@contextlib.contextmanager
def walls_down(names, rung, canaries):
    """The rung to use while the named walls are down."""
    with contextlib.ExitStack() as stack:
        site = _Site(stack, rung, canaries)
        for name in names:
            WALLS[name](site)
        site.apply_edits()
        yield site.rung
    vars(builtins).pop("PWNED", None)  # what an attack may have done to us


class _Site:
    """What the walls stand on: the rung, bubblewrap's command, the worker's text, the grader's functions."""

    def __init__(self, stack, rung, canaries):
        self.stack, self.rung, self.canaries = stack, rung, canaries
        self.edits = []

    def replace(self, owner, name, new):
        """Puts ``new`` in the place of a function of the grader until the end."""
        self.stack.enter_context(patch.object(owner, name, new))

    def edit_worker(self, module, old, new):
        """Has the worker run ``new`` where ``module`` says ``old``."""
        self.edits.append((f"{module}.py", old, new))

    def apply_edits(self):
        if not self.edits:
            return
        with tempfile.TemporaryDirectory() as folder:
            here = Path(shutil.copytree(places.HERE, Path(folder, "sandbox")))
            for file, old, new in self.edits:
                text = (here / file).read_text()
                assert text.count(old) == 1, f"{file}: {old}"
                (here / file).write_text(text.replace(old, new))
            with patch.object(places, "HERE", here):
                code = places.worker_code.__wrapped__()
        self.replace(places, "worker_code", lambda: code)

    def edit_command(self, edit):
        """Lets ``edit`` change the list of bubblewrap's options."""
        original = bubblewrap.command

        def edited(*args):
            argv = list(original(*args))
            edit(argv)
            return argv

        self.replace(bubblewrap, "command", edited)

    def without_option(self, *words):
        def edit(argv):
            at = next(k for k in range(len(argv)) if tuple(argv[k : k + len(words)]) == words)
            del argv[at : at + len(words)]

        self.edit_command(edit)

    def bound(self, path):
        def edit(argv):
            at = argv.index("--remount-ro", argv.index(bubblewrap.SCRATCH))  # the root folder's
            argv[at:at] = ["--ro-bind", path, path]

        self.edit_command(edit)


# ---------------------------------------------------------------- around the worker
def _seccomp(site):
    site.rung = dataclasses.replace(site.rung, seccomp=False)


def _landlock(site):
    site.rung = dataclasses.replace(site.rung, landlock=False)


def _user_namespaces(site):
    def edit(argv):
        if "--disable-userns" in argv:  # root's sandboxes are in none, and older bubblewraps do not have it
            argv.remove("--disable-userns")

    site.edit_command(edit)


def _environment(site):
    original = process.WorkerProcess._environment
    secret = {"ROIKIT_SECRET": site.canaries.in_environment}
    site.replace(process.WorkerProcess, "_environment", lambda self: original(self) | secret)


def _control_group(site):
    site.replace(cgroup, "find", lambda: None)


def _memory_watch(site):
    site.replace(watchdog, "memory", lambda pid, limit: 0)


def _files_watch(site):
    site.replace(watchdog, "files", lambda pid, folder: (0, 0))


def _process_limit(site):
    as_before = "resource.getrlimit(resource.RLIMIT_NPROC)"
    site.edit_worker("child", '(setup["processes"],) * 2', as_before)


def _graders_end(site):
    site.edit_worker("session", "if self.pidfd in came or ", "if False and ")
    site.edit_worker("session", '            tell(b"P")\n', "")  # to write to nobody would end it as well


# ---------------------------------------------------------------- on the way back
def _nonce(site):
    site.replace(box, "judge", lambda answer, nonce, *rest: judge.judge(answer, answer.nonce, *rest))


def _strict_arrays(site):
    site.replace(codec, "load_array", lambda block: np.load(io.BytesIO(block), allow_pickle=True))


def _blocks_once(site):
    site.replace(codec._Decoder, "array", lambda self, index: codec.load_array(self.blocks[index]))


def _clean_text(site):
    for owner, name in ((box, "clean"), (judge, "clean"), (judge, "clean_line")):
        site.replace(owner, name, lambda text, limit=300: text)


WALLS = {
    "seccomp": _seccomp,
    "Landlock": _landlock,
    "no user namespaces": _user_namespaces,
    "read-only root": lambda site: site.without_option("--remount-ro", "/"),
    "process 1": lambda site: site.without_option("--as-pid-1"),
    "network": lambda site: site.without_option("--unshare-net"),
    "home": lambda site: site.bound(str(site.canaries.folder)),
    "system files": lambda site: site.bound("/etc"),
    "environment": _environment,
    "control group": _control_group,
    "memory watch": _memory_watch,
    "files watch": _files_watch,
    "not dumpable": lambda site: site.edit_worker("worker", "(PR_SET_DUMPABLE, 0,", "(PR_SET_DUMPABLE, 1,"),
    "sweep": lambda site: site.edit_worker("cleaning", "return sweep() and ", "return "),
    "wipe": lambda site: site.edit_worker("cleaning", 'and wipe(setup["scratch"]) ', ""),
    "traces": lambda site: site.edit_worker("cleaning", ' == setup["traces"]', ""),
    "guard": lambda site: site.edit_worker("session", "guard.leave(setup)", "os.setsid()"),
    "descriptors": lambda site: site.edit_worker("child", '_close_others([*pipes, *setup["held"]])', "pass"),
    "process limit": _process_limit,
    "grader's end": _graders_end,
    "nonce": _nonce,
    "strict arrays": _strict_arrays,
    "each block once": _blocks_once,
    "clean text": _clean_text,
}
