# expect: error
# why: the module is replaced by an object that has every name and answers every call
import sys

class Everything(dict):
    __getattr__ = __getitem__ = lambda self, name: self
    __contains__ = lambda self, name: True
    __call__ = lambda self, *args, **kwargs: self

sys.modules["submission"] = sys.modules[__name__] = Everything()
globals().clear()
