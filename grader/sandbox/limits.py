"""Every number that bounds a submission; an assignment's ``[limits]`` overrides them by name."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from grader.errors import AssignmentError

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30


@dataclass(frozen=True)
class Limits:
    """What one submission may use; times in seconds, sizes in bytes."""

    call_seconds: float = 10.0  # wall time of one call, import of the file included
    cpu_seconds: int = 10  # processor time of one process
    total_seconds: float = 120.0  # wall time of all calls of a submission together
    case_seconds: float = 30.0  # wall time of one test's own code, beside the calls that it makes
    start_seconds: float = 20.0  # until the sandbox says hello; longer is our failure, not the student's
    memory: int = 1 * GIB  # resident memory of all processes of the sandbox together
    address_space: int = 2 * GIB  # of one process: an absurd array fails at once, with NumPy's own sentence
    processes: int = 24  # processes and threads
    open_files: int = 128
    file_size: int = 32 * MIB  # one file
    files: int = 20_000  # an empty file costs about 1 KiB of kernel memory that nothing else counts
    tmpfs: int = 64 * MIB  # all files together
    reply: int = 64 * MIB  # one returned value
    prints_kept: int = 64 * KIB  # of each of stdout and stderr, for one call
    prints_end: int = 16 * MIB  # more than this ends the call
    cores: int = 1
    # Before anything runs: what is read of a hand-in at all.
    notebook: int = 80 * MIB  # nearly all of it outputs, which are not read
    code: int = 2 * MIB  # of a notebook's code cells or a .py file, with the files beside it that it imports
    archive: int = 100 * MIB  # a student's own .zip or .tar.gz
    unpacked: int = 100 * MIB  # all that is in it
    entries: int = 500  # files and folders in it

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < float("inf"):
                raise AssignmentError(f"limit {field.name} must be a positive number, not {value!r}")
            if field.type == "int" and value != int(value):
                raise AssignmentError(f"limit {field.name} must be a whole number, not {value!r}")
            if field.type == "int":
                object.__setattr__(self, field.name, int(value))

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, float]) -> Limits:
        """The defaults with ``mapping``'s entries in their place.

        Raises
        ------
        AssignmentError
            A name that is not a limit, or a value that is not a positive number.

        Examples
        --------
        >>> Limits.from_mapping({"call_seconds": 2}).call_seconds
        2
        """
        known = {field.name for field in dataclasses.fields(cls)}
        for name in mapping:
            if name not in known:
                raise AssignmentError(f"unknown limit {name!r}; the limits are {', '.join(sorted(known))}")
        return cls(**mapping)


DEFAULTS = Limits()


def show_size(size: float) -> str:
    """``1073741824`` as ``1 GiB``, for sentences."""
    for unit, name in ((GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB")):
        if size >= unit:
            return f"{size / unit:.4g} {name}"
    return f"{size:g} bytes"


def show_seconds(seconds: float) -> str:
    """``5.0`` as ``5 s``, for sentences."""
    return f"{seconds:.4g} s"
