"""A student's Markdown in the notebook that a person grades: looks alike, and nothing in it runs or loads."""

import re
from functools import cache
from html.parser import HTMLParser

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from targets._choices import Choices

from grader.records import Diagnosis, ItemResult
from grader.report import graded_cell
from grader.report.inert import inert

#: What Markdown may become: text, emphasis, lists, tables, headings, code, lines.
_ALLOWED = {
    "p", "br", "em", "strong", "del", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote",
    "hr", "code", "pre", "table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "a", "img",
}  # fmt: skip
_ATTRIBUTES = {"href", "src", "alt", "id", "class", "start", "align", "style"}
_LINK = re.compile(r"https?://|data:image/png;base64,AAAA$|#")
PICTURES = {"fig.png": {"image/png": "AAAA"}}
_MARKS = (
    "<b>", "</", "<!--", "[a](javascript:x)", "![a](x)", "![](attachment:fig.png)", "[a]: x", "[a]", "](",
    "![", "`", "```", "~~~", "    ", "\t", "\n", "\n\n", "- ", "1. ", "> ", "# ", "|", "|-|-|\n", "$", "$$",
    "\\", "\\(", "\\[", "\\href{javascript:x}{y}", "\\require{html}", "{", "}", "&lt;", "&#60;", "&", "*",
    "_", "http://a.b/c", "<http:x>", "<a@b.c>", "x", "\\begin{align}", "\\end{align}", "^[x]", "[^1]", ":-:|",
    "==", "--", "~", "~~", '"', "'", "(", ")", "javascript:x", "\\\\", "é", "\u00a0", "\x0b", "\x0c",
    "\u2028", "\x85", "!",
)  # fmt: skip


def seeds():
    for start in range(20):
        yield bytes([0]) + bytes((start * 29 + 7 * k) % len(_MARKS) for k in range(30))
    yield b"\x01*Is* $x<y$? <b>[here](javascript:x)\n\n    code\n\n| a | b |\n|---|---|\n| `x` | $x^2$ |\n"
    yield b"\x01![p](attachment:fig.png) https://example.org/x_y?z=1&a=b"


def check(data):
    choices = Choices(data)
    if choices.below(2):
        text = choices.rest().decode("utf-8", "replace")
    else:
        text = "".join(choices.pick(_MARKS) for _ in range(len(data)))
    for made in (inert(text, PICTURES), comment(text)):
        check_rendered(made)


def comment(text):
    """What nbgrader shows a student, of a sentence that may quote the student."""
    return graded_cell.comment(ItemResult("roi_pool", "Pool", "error", 0.0, 1.0, text, ()), Diagnosis())


def check_rendered(made):
    page = renderer().render(made)
    elements = Elements()
    elements.feed(page)
    elements.close()
    assert elements.names <= _ALLOWED, (elements.names, made, page)
    assert elements.attributes <= _ATTRIBUTES, (elements.attributes, made, page)
    for link in elements.links:
        assert _LINK.match(link), (link, made, page)


@cache
def renderer():
    """nbconvert's own: what feedback pages and the formgrader are made with."""
    return MarkdownWithMath(IPythonRenderer(escape=False, attachments=PICTURES))


class Elements(HTMLParser):
    def __init__(self):
        super().__init__()
        self.names, self.attributes, self.links = set(), set(), []

    def handle_starttag(self, tag, attributes):
        self.names.add(tag)
        self.attributes |= {name for name, _ in attributes}
        self.links += [value or "" for name, value in attributes if name in ("href", "src")]
