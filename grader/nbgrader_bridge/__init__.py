"""nbgrader's door: its gradebook, its ``autograde``, its courses. Only this package imports nbgrader.

It is imported when it is asked for: the grader works without.
"""

from grader.nbgrader_bridge.gradebook import check_gradebook, write_gradebook

__all__ = ["check_gradebook", "use_trusted_scorer", "write_gradebook"]


def use_trusted_scorer() -> None:
    """Let ``nbgrader autograde`` and the formgrader's button grade by roikit; in ``nbgrader_config.py``."""
    from grader.nbgrader_bridge import autograde

    autograde.install()
