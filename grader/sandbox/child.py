"""Inside the sandbox: one call, in a process forked for it. From the first line of the student's source on,
nothing that this process says is trusted.

It writes into its pipe ``i`` when the import is over, then ``r``, the length of the reply, and the reply
(``protocol.pack``). Imports the standard library, NumPy and its neighbours here.
"""

import contextlib
import os
import resource
import signal
import struct
import sys
import types
from typing import NamedTuple

import codec
import landlock
import loader
import numpy as np
import protocol

IMPORTED, REPLY = b"i", b"r"
LENGTH = struct.Struct("<Q")
PR_SET_DUMPABLE = 4
MAX_TRACEBACK = 4000


def run(call, arguments, source, setup, pipe, libc):
    """Imports the source, calls the function, writes the reply. The caller ends the process."""
    libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)  # the student's own tools may look at this process
    if setup["rules"] is not None:
        landlock.enter(setup["rules"])
    _close_others(pipe, setup["held"])
    resource.setrlimit(resource.RLIMIT_NPROC, (setup["processes"],) * 2)
    resource.setrlimit(resource.RLIMIT_AS, (setup["address_space"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (setup["cpu_seconds"], setup["cpu_seconds"] + 1))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    sys.stdout.reconfigure(line_buffering=True)  # what was printed before a kill is not lost
    sys.argv = [loader.MODULE]
    args, kwargs = codec.decode(arguments)
    for name in source.modules:  # one of the sandbox's own may have this name
        sys.modules.pop(name, None)
    seed_generators(source, call["seed"])
    head, payload = _answer(call["function"], args, kwargs, source, pipe)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):  # the student may have closed it
            stream.flush()
    reply = protocol.pack(head, payload)
    protocol.write_all(pipe, REPLY + LENGTH.pack(len(reply)), reply)


def _close_others(pipe, held):
    first = 3
    for fd in sorted([pipe, *held]):
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


def prepare(cells, modules, is_notebook):
    """Compiles the source, which runs nothing of it, and imports what it is likely to want."""
    uses_random = any("random" in text for _, text in cells + modules)
    labels = {label for label, _ in cells + modules}
    compiled = loader.compile_cells(cells, is_notebook)
    source = Source(cells, compiled, loader.Modules(modules), labels, uses_random)
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
    _answer("same", args[:1], kwargs, source, pipe)
    del sys.modules[loader.MODULE]


def _answer(name, args, kwargs, source, pipe):
    """``(head, payload)`` of the reply: what came of importing the source and calling the function."""
    phase, failures, what = "import", [], "importing the file"
    try:
        module = sys.modules[loader.MODULE] = types.ModuleType(loader.MODULE)
        failures = loader.run(source.compiled, module.__dict__, source.modules)
        os.write(pipe, IMPORTED)
        if name not in module.__dict__:
            if any(failure.kind == "MemoryError" for failure in failures):
                raise MemoryError
            sentence = loader.missing_sentence(name, failures, source.cells)
            return {"status": "error", "phase": "import" if failures else "lookup", "sentence": sentence}, b""
        phase, what = "call", name
        arrays = [(k, arg) for k, arg in enumerate(args) if isinstance(arg, np.ndarray)]
        before = [codec.dump_array(arg) for _, arg in arrays]
        value = module.__dict__[name](*args, **kwargs)
        phase = "return"
        changed = [k for (k, arg), old in zip(arrays, before, strict=True) if codec.dump_array(arg) != old]
        return {"status": "returned", "phase": "return", "changed": changed}, codec.encode(value)
    except codec.Refused as error:
        sentence = loader.unreturnable_sentence(name, error)
        return {"status": "error", "phase": phase, "sentence": sentence}, b""
    except MemoryError as error:
        detail = loader.message_of(error)
        return {"status": "memory", "phase": phase, "sentence": f"{what} ran out of memory ({detail})"}, b""
    except SystemExit as error:
        sentence = loader.ended_sentence(what, error)
        return {"status": "crashed", "phase": phase, "sentence": sentence}, b""
    except BaseException as error:
        sentence = loader.error_sentence(name, error, source.labels, failures)
        text = loader.own_traceback(error, source.labels)[-MAX_TRACEBACK:]
        return {"status": "error", "phase": phase, "sentence": sentence, "traceback": text}, b""
