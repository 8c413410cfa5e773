"""A folder of this process; run.py clears away those of fuzzers, which end without doing so."""

import atexit
import tempfile
from pathlib import Path

_folder = tempfile.TemporaryDirectory()
atexit.register(_folder.cleanup)
PATH = Path(_folder.name)
