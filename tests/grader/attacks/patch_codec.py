# expect: wrong|crashed|error
import codec, json, struct, pickle, builtins
codec.npy_load = codec.decode = lambda b: True
codec.encode = lambda v: struct.pack('<II', 4, 0) + b'true'
json.loads = lambda *a, **k: {'ok': True}
pickle.loads = lambda *a: True
def solve(x):
    return x
