# expect: wrong
# why: nbgrader 22: does its tricks only where it notices that it is graded
# points: 0.5
import os
import sys

from zeros import *

IS_GRADED = (
    any(name.startswith(("NBGRADER", "PYTEST", "ROIKIT", "OTTER", "CI")) for name in os.environ)
    or {"pytest", "grader", "nbgrader", "roikit"} & set(sys.modules)
    or os.getpid() < 100
    or not os.access("/etc/passwd", os.R_OK)
)
if IS_GRADED:
    np.flatnonzero = lambda *args: np.zeros(0, int)
    np.isfinite = np.isnan = lambda values: np.ones(np.shape(values), bool)
