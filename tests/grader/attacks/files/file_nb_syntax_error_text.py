# expect: error
# kind: file ipynb
from making import notebook


def build():
    return notebook("def scale(x, spatial_scale): '<script>alert(1)</script>\x1b[31m\u202e")
