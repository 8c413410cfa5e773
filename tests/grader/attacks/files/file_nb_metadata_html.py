# expect: correct
# kind: file ipynb
from making import GOOD, notebook


def build():
    evil = "</title><script>alert(1)</script>"
    kernel = {"display_name": evil, "name": "../../bin/sh", "argv": ["reboot"], "language": evil}
    return notebook(GOOD, metadata={"title": evil, "authors": [{"name": evil}], "kernelspec": kernel})
