# expect: error|crashed|correct
import sys
class Everything(type(sys)):
    def __getattr__(self, name): raise SystemExit(0)
    def __getattribute__(self, name): raise SystemExit(0)
sys.modules[__name__].__class__ = Everything
