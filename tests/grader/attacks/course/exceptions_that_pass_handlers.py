# expect: crashed
# why: exceptions that an "except Exception" lets through, and those of a skipped test
def raises(error):
    def call(*args):
        raise error
    return call

def roi_pool_caffe(*args):
    import asyncio
    raise asyncio.CancelledError

quantize_roi = raises(KeyboardInterrupt())
bin_edges = raises(type("SkipTest", (Exception,), {"__module__": "unittest.case"})("not graded"))
pool_bins = raises(GeneratorExit())
roi_pool = raises(BaseException("passed"))
bin_edges_overlap = raises(StopIteration())
bin_edges_truncate = raises(AssertionError())
quantize_roi_caffe = raises(SystemExit("correct"))
