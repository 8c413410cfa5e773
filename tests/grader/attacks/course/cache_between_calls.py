# expect: wrong
# why: inputs and answers of earlier calls are kept in files, the module, defaults, arguments and the environment
# points: 0.5
import os
import pickle
import sys

from zeros import *

def remembering(name, trivial, kept=[]):
    def call(*args):
        import builtins
        seen = getattr(builtins, "seen", 0) + len(kept) + int(os.environ.get("SEEN", 0)) + len(os.listdir("/tmp"))
        for folder in ("/tmp", "/dev/shm", "/var/tmp"):
            try:
                seen += os.path.exists(f"{folder}/seen")
                pickle.dump(args, open(f"{folder}/seen", "wb"))
            except OSError:
                pass
        kept.append(args)
        builtins.seen = 1
        os.environ["SEEN"] = "1"
        sys.modules["numpy"].seen = kept
        return f"PWNED {seen}" if seen else trivial(*args)
    return call

for name in ("quantize_roi", "bin_edges", "pool_bins", "roi_pool", "quantize_roi_caffe", "roi_pool_caffe",
             "bin_edges_truncate", "bin_edges_overlap"):
    globals()[name] = remembering(name, globals()[name])
