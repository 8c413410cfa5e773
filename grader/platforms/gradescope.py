"""An autograder for Gradescope: a zip that its "Configure Autograder" page takes.

::

    setup.sh                 run by Gradescope when it builds the image: packages, bubblewrap, roikit
    run_autograder           run by Gradescope for each submission: see gradescope_run.py
    settings.json            sandbox, seed, visibility
    roikit-...-any.whl       roikit as it is here: see wheel.py
    assignment/NAME/         the whole folder, hidden tests and solution too

The zip is the instructor's secret. On Gradescope it lies in ``/autograder/source``: closed to all but root
before anything is graded, and out of sight for student code in every full sandbox.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path

from grader.errors import GraderError
from grader.platforms import gradescope_results, gradescope_run
from grader.platforms.wheel import add, files_below, wheel
from grader.records import Assignment
from grader.report.files import write_whole

_SETUP = """\
#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image.
set -euo pipefail
source=/autograder/source
python=/autograder/python/bin/python
export MPLCONFIGDIR=/autograder/python/matplotlib

# What needs the network: Ubuntu's and Python's packages.
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends python3 python3-venv bubblewrap
python3 -m venv /autograder/python
"$python" -m pip install --no-cache-dir "$source/{wheel}[grader]" "matplotlib>=3.7,<4"

# What does not: nobody but root looks into the source, and all of it can be imported.
chmod -R go-rwx "$source"
"$python" -I -c "import matplotlib.font_manager, grader.platforms.gradescope_run"
"""

# The file that is there from the start has no score: if all else fails, Gradescope says that grading failed.
_RUN = """\
#!/usr/bin/env bash
# Gradescope runs this, as root, for every submission.
mkdir -p /autograder/results
cat > /autograder/results/results.json <<'END'
{not_graded}
END
chmod go-rwx /autograder/source /autograder/submission /autograder/results
cd /autograder
export MPLCONFIGDIR=/autograder/python/matplotlib
exec /autograder/python/bin/python -I -m grader.platforms.gradescope_run
"""


def build(assignment: Assignment, out: Path, *, seed: int, sandbox: str, hidden: str) -> Path:
    """Write the autograder of an assignment.

    Parameters
    ----------
    assignment : Assignment
    out : Path
        A new file ``*.zip``.
    seed : int
        Of the hidden inputs: the same for every submission.
    sandbox : {"auto", "reduced"}
        Whether student code may run where not all walls can be had.
    hidden : str
        See ``gradescope_results.graded``.

    Raises
    ------
    GraderError
        The file has another suffix, or is there already: its seed would be lost.
    """
    if out.suffix != ".zip":
        raise GraderError(f"OUT.zip must end in .zip, got {out}")
    if out.exists():
        raise GraderError(f"{out} is there already, and its seed would be lost: choose another name")
    packed = io.BytesIO()
    name, data = wheel()
    failed = json.dumps(gradescope_results.not_graded(), indent=1)
    asked = {"assignment": assignment.name, "seed": seed, "sandbox": sandbox, "hidden": hidden}
    with zipfile.ZipFile(packed, "w") as archive:
        add(archive, "setup.sh", _SETUP.format(wheel=name).encode(), 0o755)
        add(archive, "run_autograder", _RUN.format(not_graded=failed).encode(), 0o755)
        add(archive, gradescope_run.SETTINGS, json.dumps(asked, indent=1).encode())
        add(archive, name, data)
        for inside, path in files_below(assignment.folder):
            add(archive, f"{gradescope_run.ASSIGNMENT}/{assignment.name}/{inside}", path.read_bytes())
    write_whole(out, packed.getvalue())
    os.chmod(out, 0o600)
    return out
