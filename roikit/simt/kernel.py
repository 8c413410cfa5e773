"""`RawKernel`: a CUDA C kernel that runs on NumPy arrays, with the interface of cupy.RawKernel."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roikit.simt import arguments, processes
from roikit.simt.build import MODES, Order, Program, build
from roikit.simt.errors import KernelFault, KernelTimeout
from roikit.simt.findings import Finding, read_findings
from roikit.simt.launch import ORDERS, Launch, Outcome, launch, places
from roikit.simt.traffic import Traffic, read_traffic, sampling_notes, table

#: Options of NVRTC that change nothing here; "=" and a value may follow.
_IGNORED = re.compile(
    r"-I.*|--include-path=.*|-arch=.*|--gpu-architecture=.*|-lineinfo|--generate-line-info|-G|--device-debug"
    r"|-use_fast_math|--use_fast_math|--?(ftz|prec-sqrt|prec-div|fmad|maxrregcount|extra-device-vectorization"
    r"|restrict|device-as-default-execution-space|default-device|dopt|ptxas-options|diag-suppress)(=.*)?|-w"
)


#: A launch may take a day.
MOST_SECONDS = 86400


@dataclass(frozen=True)
class Report:
    """What is known of a launch after it."""

    findings: tuple[Finding, ...]  # faults; a report with any comes with a KernelFault
    traffic: tuple[Traffic, ...]  # mode "check": what each source line asked of the memory
    notes: tuple[str, ...]  # remarks that are no faults
    printed: str  # by the kernel's printf
    seconds: float  # from the first block to the last, without starting and checking arguments
    threads: int

    def table(self) -> str:
        """The traffic as text, one source line a line."""
        return table(self.traffic)


class RawKernel:
    """A kernel of the CUDA C text `code`; `name` may be a template's instance, such as ``"k<float, 4>"``.

    Mode "fast" runs it; "check" also finds its faults and counts its traffic, some ten times slower. `order`
    is the order in which blocks and threads run: "forward", "reverse" or "random:SEED". `timeout` is in
    seconds, `memory` the bytes that the launch may take beside its arrays. With `folder` all files lie there,
    and nothing is taken from the cache; `run` starts all processes.
    """

    #: Bytes of shared memory that a block may have, if more than CUDA gives without asking.
    max_dynamic_shared_size_bytes = 0

    def __init__(
        self,
        code: str,
        name: str,
        options: Sequence[str] = (),
        *,
        mode: str = "fast",
        order: str = "forward",
        filename: str = "kernel.cu",
        timeout: float = 60.0,
        memory: int | None = None,
        folder: Path | None = None,
        run: processes.Run | None = None,
    ) -> None:
        if mode not in MODES:
            raise ValueError(f'mode must be "fast" or "check"; got {mode!r}')
        if not re.fullmatch(r"forward|reverse|random:\d{1,18}", order):
            raise ValueError(f'order must be one of {", ".join(ORDERS[:2])} and "random:SEED"; got {order!r}')
        if not isinstance(code, str) or not isinstance(name, str):
            raise TypeError("code and name must be texts (str): the kernel's CUDA C, and its name in it")
        if not (isinstance(timeout, (int, float)) and 0 < timeout <= MOST_SECONDS):
            rule = f"more than 0 seconds, and at most {MOST_SECONDS}"
            raise ValueError(f"timeout must be {rule}; got {timeout!r}")
        if memory is not None and not (isinstance(memory, int) and 0 < memory < 2**62):
            raise ValueError(f"memory must be a number of bytes; got {memory!r}")
        if not re.fullmatch(r"[^\"\\\n/]+", filename):
            raise ValueError(f"filename must be a name without folders; got {filename!r}")
        if folder is None and run is not None:
            raise ValueError("run needs a folder, in which all that it starts finds its files")
        self.code = code
        self.name = name
        self.mode = mode
        self.order = order
        self.filename = filename
        self.timeout = timeout
        self.memory = memory
        self._folder = Path(folder) if folder is not None else None
        self._run = run if run is not None else processes.run
        self._to_build = Order(code, name, filename, mode, _compiler_options(options))
        self._program: Program | None = None

    def compile(self) -> Program:
        """Build the program now rather than at the first call."""
        if self._program is None:
            self._program = build(self._to_build, self._run, self._folder)
        return self._program

    def __call__(
        self,
        grid: Sequence[int] | int,
        block: Sequence[int] | int,
        args: Sequence[object],
        *,
        shared_mem: int = 0,
    ) -> Report:
        """Launch it; arrays behind pointers that are not const are changed in place."""
        program = self.compile()
        described = program.description
        wanted = Launch(
            grid=arguments.extent("grid", grid, arguments.MOST_GRID),
            block=arguments.block_extent(block),
            args=arguments.check_arguments(self.name, described.parameters, args),
            shared_mem=shared_mem,
            order=self.order,
            timeout=self.timeout,
            memory=self.memory,
            check=self.mode == "check",
        )
        arguments.check_shared(described, shared_mem, self.max_dynamic_shared_size_bytes)
        outcome = launch(program, wanted, self._run, self._folder, self.filename)
        for array in args:
            if isinstance(array, arguments.Unwritten):
                array.was_used = True
        report = self._report(program, outcome)
        if self._folder is None and report.printed:
            print(report.printed, end="", flush=True)
        if report.findings:
            raise KernelFault(report)
        return report

    def _report(self, program: Program, outcome: Outcome) -> Report:
        place = places(program, outcome, self._run, self.filename)
        for record in outcome.records:
            if record["kind"] == "timeout":
                raise KernelTimeout(_late(record, *place(record["pc"])))
        findings, notes = read_findings(outcome.records, place, self.filename)
        end = outcome.end or {"seconds": 0.0, "threads": 0}
        return Report(
            findings=findings,
            traffic=read_traffic(outcome.records, place),
            notes=(*notes, *sampling_notes(outcome.records)),
            printed=outcome.printed,
            seconds=float(end["seconds"]),
            threads=int(end["threads"]),
        )


def _late(record: Mapping[str, Any], file: str, line: int) -> str:
    where = f"{file}:{line}" if line else file
    thread, block = (",".join(map(str, record[name])) for name in ("thread", "block"))
    return (
        f"{where}: the kernel was not done after {record['seconds']:g} seconds; thread ({thread}) of block "
        f"({block}) was here. Does a loop never end, or wait for another block?"
    )


def _compiler_options(options: Sequence[str]) -> tuple[str, ...]:
    """Those of NVRTC's options that mean something to a C++ compiler."""
    if isinstance(options, str):
        raise ValueError(f"options must be a tuple of texts; got the text {options!r}")
    kept = []
    for option in options:
        standard = re.fullmatch(r"--?std=c\+\+(\d\d)", option)
        if standard:
            kept.append(f"-std=c++{max(standard[1], '17')}")  # the language above the kernel is C++17
        elif re.fullmatch(r"(-D|--define-macro=|-U|--undefine-macro=)\w+(=.*)?", option):
            kept.append(option.replace("--define-macro=", "-D").replace("--undefine-macro=", "-U"))
        elif not _IGNORED.fullmatch(option):
            raise ValueError(f"options holds {option!r}, which is none of NVRTC's that roikit.simt knows")
    return tuple(kept)
