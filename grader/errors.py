"""What can go wrong in the grader, as one tree. None of these is ever a student's wrong answer."""


class GraderError(Exception):
    """The grader cannot go on; the message is one sentence for the person at the terminal."""


class AssignmentError(GraderError):
    """An assignment's folder, its toml or its tests are not what they must be."""


class SubmissionError(GraderError):
    """A submission cannot be read; it is reported as ``refused`` with this sentence."""


class SandboxError(GraderError):
    """The sandbox itself failed or cannot be had: our fault or the machine's, never a student's zero."""
