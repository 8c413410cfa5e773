# expect: wrong
# why: the modules that make the reply are rewritten: what they say is still only a value
# points: 0.5
import sys

from zeros import *

codec, loader = sys.modules.get("codec"), sys.modules.get("loader")
if codec:
    encode = codec.encode
    codec.encode = lambda value: encode(value)
    loader.error_sentence = loader.missing_sentence = lambda *args: "correct"
    codec.describe_type = lambda kind: "a right answer"
    codec.DTYPES["|O"] = np.dtype(object)
