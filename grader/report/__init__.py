"""What came of a run, told four ways: ``results_json``, ``html``, ``terminal`` and ``../nbgrader_bridge.py``.

Each takes the finished :class:`grader.records.ClassResult` and changes nothing in it. ``summary`` holds what
they share: the numbers of a class, what a student may see, the signs and words of the outcomes.
"""
