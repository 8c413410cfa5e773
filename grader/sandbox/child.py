"""Inside the sandbox: one call, in a process forked for it. From the first line of the student's source on,
nothing that this process says is trusted.

It writes into its pipe ``i`` when the import is over, then ``r``, the length of the reply, and the reply
(``protocol.pack``). Imports the standard library, NumPy and its neighbours here.
"""

import ast
import contextlib
import gc
import math
import os
import resource
import signal
import struct
import sys
import types
import warnings
from typing import NamedTuple

import cleaning
import codec
import landlock
import loader
import numpy as np
import protocol
import stateless

IMPORTED, REPLY = b"i", b"r"
LENGTH = struct.Struct("<Q")
PR_SET_DUMPABLE = 4
MAX_TRACEBACK = 4000
MOST_USED = 2  # seconds of processor time of a process before its last call


def run(call, arguments, source, setup, pipe, requests=None):
    """Imports the source, calls the function, writes the reply. The caller ends the process.

    With ``requests``, a pipe, it goes on to answer what comes there: calls that carry nothing along.
    """
    _enter(source, setup, [fd for fd in (pipe, requests) if fd is not None])
    running = Running(source, pipe)
    while True:
        args, kwargs = codec.decode(arguments)
        seed_generators(source, call["seed"])
        head, payload = running.answer(call["function"], args, kwargs)
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):  # the student may have closed it
                stream.flush()
        reply = protocol.pack(head, payload)
        protocol.write_all(pipe, REPLY + LENGTH.pack(len(reply)), reply)
        if requests is None:
            return
        del args, kwargs, head, payload, reply
        gc.collect()  # what only cycles hold: nothing of a call is the next one's burden
        _limit_cpu(setup, resource.getrusage(resource.RUSAGE_SELF))
        call, arguments = protocol.unpack(protocol.read_frame(requests)[2])


def _enter(source, setup, pipes):
    """The walls and limits of one process."""
    cleaning.libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)  # the student's own tools may look at this process
    if setup["rules"] is not None:
        landlock.enter(setup["rules"])
    _close_others([*pipes, *setup["held"]])
    resource.setrlimit(resource.RLIMIT_NPROC, (setup["processes"],) * 2)
    resource.setrlimit(resource.RLIMIT_AS, (setup["address_space"],) * 2)
    _limit_cpu(setup)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    sys.stdout.reconfigure(line_buffering=True)  # what was printed before a kill is not lost
    sys.argv = [loader.MODULE]
    for name in source.modules:  # one of the sandbox's own may have this name
        sys.modules.pop(name, None)


def _limit_cpu(setup, used=None):
    """For one call; what others used before it is not its own."""
    most = setup["cpu_seconds"] + MOST_USED
    before = math.ceil(used.ru_utime + used.ru_stime) if used else 0
    resource.setrlimit(resource.RLIMIT_CPU, (min(setup["cpu_seconds"] + before, most), most + 1))


def _close_others(kept):
    first = 3
    for fd in sorted(kept):
        os.closerange(first, fd)
        first = fd + 1
    os.closerange(first, 4096)


class Source(NamedTuple):
    """A submission, made ready in the worker for all its calls."""

    cells: list  # of [label, text]
    compiled: list
    modules: loader.Modules
    labels: set  # of cells and modules: what tracebacks show
    uses_random: bool  # importing NumPy's generators costs 25 ms, so only where the source speaks of them
    stateless: stateless.Stateless | tuple  # names of functions


def prepare(cells, modules, is_notebook):
    """Compiles the source, which runs nothing of it, and imports what it is likely to want."""
    uses_random = any("random" in text for _, text in cells + modules)
    labels = {label for label, _ in cells + modules}
    compiled = loader.compile_cells(cells, is_notebook)
    known = () if modules else stateless.Stateless(cells, loader.KEPT if is_notebook else ast.stmt)
    source = Source(cells, compiled, loader.Modules(modules), labels, uses_random, known)
    seed_generators(source, 0)
    return source


def seed_generators(source, seed):
    """Seeds the module-wide generators, which every fork would otherwise inherit in one same state."""
    if source.uses_random:
        import random

        random.seed(seed)
        np.random.seed(seed % (1 << 32))


def warm_up(pipe):
    """A call of nothing, in the worker: what it touches for the first time here, no fork has to copy."""
    text = "import numpy\nimport absent_here\ndef same(x):\n    return x\n"  # lists the path once for all
    source = prepare([("warm-up", text)], [], is_notebook=False)
    args, kwargs = codec.decode(codec.encode(((np.ones(2), [1.0, None]), {})))
    Running(source, pipe).answer("same", args[:1], kwargs)
    del sys.modules[loader.MODULE]


class Running:
    """A source that runs in this process: from its first line at the first call."""

    def __init__(self, source, pipe):
        self._source, self._pipe = source, pipe
        self._module, self._failures = None, []

    def answer(self, name, args, kwargs):
        """``(head, payload)`` of the reply: what came of importing the source and calling the function."""
        what = _Doing("import", "importing the file")
        try:
            return self._answer(what, name, args, kwargs)
        except codec.Refused as error:
            sentence = loader.unreturnable_sentence(name, error)
            return {"status": "error", "phase": what.phase, "sentence": sentence}, b""
        except MemoryError as error:
            sentence = f"{what.name} ran out of memory ({loader.message_of(error)})"
            return {"status": "memory", "phase": what.phase, "sentence": sentence}, b""
        except SystemExit as error:
            sentence = loader.ended_sentence(what.name, error)
            return {"status": "crashed", "phase": what.phase, "sentence": sentence}, b""
        except BaseException as error:
            labels = self._source.labels
            sentence = loader.error_sentence(name, error, labels, self._failures)
            text = loader.own_traceback(error, labels)[-MAX_TRACEBACK:]
            return {"status": "error", "phase": what.phase, "sentence": sentence, "traceback": text}, b""

    def _answer(self, what, name, args, kwargs):
        if self._module is None:
            module = sys.modules[loader.MODULE] = types.ModuleType(loader.MODULE)
            self._failures = loader.run(self._source.compiled, module.__dict__, self._source.modules)
            self._module = module
        with warnings.catch_warnings():  # which forgets what was told: or a warning is told once only
            pass
        os.write(self._pipe, IMPORTED)
        if name not in self._module.__dict__:
            if any(failure.kind == "MemoryError" for failure in self._failures):
                raise MemoryError
            sentence = loader.missing_sentence(name, self._failures, self._source.cells)
            phase = "import" if self._failures else "lookup"
            return {"status": "error", "phase": phase, "sentence": sentence}, b""
        what.phase, what.name = "call", name
        arrays = [(k, arg) for k, arg in enumerate(args) if isinstance(arg, np.ndarray)]
        before = [codec.dump_array(arg) for _, arg in arrays]
        value = self._module.__dict__[name](*args, **kwargs)
        what.phase = "return"
        changed = [k for (k, arg), old in zip(arrays, before, strict=True) if codec.dump_array(arg) != old]
        return {"status": "returned", "phase": "return", "changed": changed}, codec.encode(value)


class _Doing:
    """What is being done, for the sentence about an exception."""

    def __init__(self, phase, name):
        self.phase, self.name = phase, name
