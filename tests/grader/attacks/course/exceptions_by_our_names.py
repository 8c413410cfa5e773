# expect: error
# why: exceptions called like those that mean "skipped", "not graded" or "correct" in the grader and in pytest
def raises(name, base=Exception):
    kind = type(name, (base,), {"__module__": "grader.testing", "outcome": "returned", "status": "correct"})
    def call(*args):
        raise kind("not graded: the sandbox could not start a process")
    return call

quantize_roi = raises("StudentFailure")
bin_edges = raises("Mismatch", AssertionError)
pool_bins = raises("SandboxError")
roi_pool = raises("AssignmentError")
roi_pool_caffe = raises("Skipped", BaseException)
bin_edges_overlap = raises("SkipTest")
bin_edges_truncate = raises("Exit", BaseException)
quantize_roi_caffe = raises("Refused", ValueError)
