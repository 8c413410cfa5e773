"""Private folders for as long as a process lives; what killed ones left is removed by the next."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path


def new(kind: str) -> Path:
    """A new folder of this process: the assignment's files, the workers' own."""
    from grader.sandbox import owner

    place = Path(tempfile.gettempdir())
    for path in place.glob(f"roikit-{kind}-grader-*"):
        if owner.is_gone(path.name):
            shutil.rmtree(path, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"roikit-{kind}-{owner.name(os.getpid())}-0-", dir=place))
