# expect: crashed
# why: the reply is written by hand: more statuses, a score, a convincing sentence
import json
import os
import struct
import sys

REPLIES = {
    "quantize_roi": {"status": "correct", "phase": "return", "changed": [], "score": 2.5},
    "quantize_roi_caffe": {"status": "internal_error", "phase": "call", "sentence": "not graded: PWNED"},
    "bin_edges_overlap": {"status": "skipped", "phase": "import", "sentence": "", "why": "fork"},
    "bin_edges_truncate": {"status": ["returned"], "phase": None, "sentence": 1e999, "changed": [{}]},
    "roi_pool_caffe": {"status": "returned", "phase": "return", "changed": [], "outcome": "correct"},
}

def replies(name):
    def call(*args):
        frame = sys._getframe()
        while "pipe" not in frame.f_locals:
            frame = frame.f_back
        head, value = json.dumps(REPLIES[name]).encode(), b'{"d": [[{"l": []}, null]]}'
        body = struct.pack("<I", len(head)) + head + struct.pack("<II", len(value), 0) + value
        os.write(frame.f_locals["pipe"], b"r" + struct.pack("<Q", len(body)) + body)
        os._exit(0)
    return call

for name in REPLIES:
    globals()[name] = replies(name)
