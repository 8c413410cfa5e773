"""What can go wrong with a kernel, each kind with its own class; the message is a sentence for its author."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from roikit.simt.findings import Finding
    from roikit.simt.kernel import Report


class SimtError(Exception):
    """The base of all of them."""


class NoCompiler(SimtError):
    """This machine has no C++ compiler that `roikit.simt` can use."""


class CompileError(SimtError):
    """The kernel's text was refused, with the author's own file name and line."""


class LaunchError(SimtError, ValueError):
    """The grid, the block, the shared memory or an argument was refused; nothing ran."""


class KernelFault(SimtError):
    """The kernel ran, and something it did is wrong: `findings` says what, each with its line and thread."""

    def __init__(self, report: Report) -> None:
        self.report = report
        sentences = (finding.sentence for finding in report.findings)
        super().__init__("\n".join([*sentences, *(f"(note) {note}" for note in report.notes)]))

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.report.findings


class KernelTimeout(SimtError):
    """The kernel did not come to its end in time."""


class KernelCrash(SimtError):
    """The program that ran the kernel died, and left no report of why."""
