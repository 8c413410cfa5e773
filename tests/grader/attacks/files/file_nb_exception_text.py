# expect: error
# kind: file ipynb
# why: what a student's exception says is shown to instructors
from making import notebook


def build():
    return notebook("""
    def scale(x, spatial_scale):
        raise type("</pre><script>", (ValueError,), {})("<svg onload=alert(1)> \\x1b[31m \\u202e =cmd|' /C calc'!A0 [x](javascript:alert(1))")

    def span(start, size):
        print("<script>alert(2)</script>\\x1b[2J")
        raise ValueError("=HYPERLINK(\\"http://127.0.0.1:9/\\")\\n\\n<iframe src=//127.0.0.1:9>")
    """)
