"""A class that does not fit on one page: pages by name, lists of everybody, and sizes that stay small."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest

from grader.records import Diagnosis, RubricItem, Signature
from grader.report import class_pages, html
from grader.report.class_pages import PER_PAGE, per_page, table_pages
from grader.report.files import page_names
from grader.report.overview import overview

MOST_BYTES = 300_000
HOSTILE = (
    "<script>alert(1)</script>",
    "\u202eevil\x1b[31m",
    "../../x",
    "1",
    "names",
    "list-1",
    "index",
    "CON",
)


def made(result):
    """The pages about a class, by path."""
    seen = overview(result)
    names = page_names(one.student for one in seen.submissions)
    rows = list(zip(seen.submissions, names, strict=True))
    return dict(class_pages.pages(seen, rows, html.templates().get_template))


def text_of(page):
    source = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", source).split())


def links_of(page):
    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: found.append(dict(attrs)["href"]) if tag == "a" else None
    parser.feed(page)
    return found


def cheap(count):
    """Rows of which the names alone are looked at."""
    return [(SimpleNamespace(student=f"s{k:05}"), f"s{k:05}") for k in range(count)]


# ------------------------------------------------------------------ which page has whom
@pytest.mark.parametrize(
    ("count", "sizes"),
    [
        (0, []),
        (1, []),
        (PER_PAGE, []),  # stands in index.html
        (PER_PAGE + 1, [PER_PAGE, 1]),
        (20_000, [PER_PAGE] * 100),
    ],
)
def test_everybody_is_on_one_page(make_class, count, sizes):
    rows = cheap(count)
    pages = table_pages(make_class({}), rows)
    assert [len(page.rows) for page in pages] == sizes
    assert [row for page in pages for row in page.rows] == (rows if pages else [])


def test_a_page_says_who_is_there(make_class):
    first, last = table_pages(make_class({}), cheap(PER_PAGE + 1))
    assert (first.label, last.label) == ("s00000 – s00199", "s00200")
    assert (first.path, last.path) == ("class/1.html", "class/2.html")
    assert [start for start, _ in first.tens][:3] == [1, 11, 21]
    assert last.tens == [(201, last.rows)]


def test_a_long_rubric_has_fewer_students_on_a_page(make_class):
    result = make_class({})
    rubric = tuple(RubricItem(f"item_{k}", f"Item {k}", 1.0) for k in range(12))
    assert per_page(result) == PER_PAGE
    assert per_page(replace(result, assignment=replace(result.assignment, rubric=rubric))) == 100


def test_a_class_that_fits_has_no_further_pages(make_class):
    pages = made(make_class({f"s{k}": {} for k in range(PER_PAGE)}))
    assert list(pages) == ["identical.html", "index.html"]
    assert pages["index.html"].count("feedback/") == PER_PAGE


# ------------------------------------------------------------------ what the pages say
@pytest.fixture(scope="module")
def pages(make_many):
    return made(make_many(f"s{k:04}" for k in range(1000)))


def test_the_class_page_leads_to_the_others(pages):
    links = links_of(pages["index.html"])
    assert links[:2] == ["class/1.html", "class/names.html"]
    assert "s0200 – s0399" in text_of(pages["index.html"])
    assert "feedback/" not in pages["index.html"]


def test_from_page_to_page(pages):
    first, middle, last = (links_of(pages[f"class/{number}.html"]) for number in (1, 3, 5))
    ends = {"1.html", "2.html", "4.html", "5.html"}
    assert ends <= set(middle)
    assert middle[:6] == ["../index.html", "names.html", "1.html", "2.html", "4.html", "5.html"]
    assert first[:4] == ["../index.html", "names.html", "2.html", "5.html"]
    assert last[:4] == ["../index.html", "names.html", "1.html", "4.html"]
    assert "Students 401 to 600 of 1,000, by name" in text_of(pages["class/3.html"])
    assert "Page 3 of 5: go to another" in text_of(pages["class/3.html"])


def test_every_name_stands_on_one_page_and_leads_to_its_row(pages):
    page = pages["class/names.html"]
    assert re.findall(r"s\d{4}\b", text_of(page)) == [f"s{k:04}" for k in range(1000)]
    address = next(link for link in links_of(page) if link.startswith("3.html#"))
    assert address == "3.html#s401"
    rows = pages["class/3.html"].split('<tbody id="s401">')[1].split("</tbody>")[0]
    assert re.findall(r">(s\d{4})</a>", rows) == [f"s{k:04}" for k in range(400, 410)]


def test_what_is_cut_short_leads_to_a_list_of_all(pages):
    text = text_of(pages["index.html"])
    assert "s0014 , s0032 , s0050 , s0068 , s0086 , s0104 , s0122 , s0140 and 47 more" in text
    (path,) = (
        path for path, page in pages.items() if "Not graded: the test itself failed" in text_of(page)[:90]
    )
    assert path.startswith("class/list-")
    assert path in links_of(pages["index.html"])
    named = re.findall(r">(s\d{4})</a>", pages[path])
    assert named == [f"s{k:04}" for k in range(14, 1000, 18)]


def test_of_many_reasons_all_students(make_many):
    """Everyone is refused for a reason of their own."""
    result = make_many(f"s{k:03}" for k in range(300))
    refused = [
        replace(
            one, outcome="refused", score=0.0,
            items=tuple(
                replace(item, cases=(), outcome="refused", score=0.0, sentence=f"no {one.student}")
                for item in one.items
            ),
        )
        for one in result.submissions
    ]  # fmt: skip
    pages = made(replace(result, submissions=tuple(refused)))
    assert "and 280 more reasons: all students" in text_of(pages["index.html"])
    assert pages["class/list-1.html"].count("students/") == 300


def test_groups_beyond_a_page_have_pages_of_their_own(make_many):
    """150 pairs."""
    result = make_many(f"s{k:03}" for k in range(300))
    paired = [
        replace(one, diagnosis=Diagnosis((), (), (Signature("roi_pool", f"d{k // 2}", 9, False),)))
        for k, one in enumerate(result.submissions)
    ]
    pages = made(replace(result, submissions=tuple(paired)))
    assert "and 50 more groups" in text_of(pages["identical.html"])
    assert "class/identical-2.html" in links_of(pages["identical.html"])
    assert pages["class/identical-2.html"].count("<tr><td>") == 50
    assert "../identical.html" in links_of(pages["class/identical-2.html"])
    assert "class/explained-2.html" not in pages


# ------------------------------------------------------------------ names that strangers chose
@pytest.fixture(scope="module")
def hostile(make_many, tmp_path_factory):
    """A whole report of 32, twenty on a page."""
    names = [f"{name}{k or ''}" for k in range(4) for name in HOSTILE]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(class_pages, "PER_PAGE", 20)
        return html.write(make_many(names), tmp_path_factory.mktemp("hostile") / "report").parent


def test_hostile_names_are_text(hostile):
    for path in hostile.rglob("*.html"):
        source = path.read_text(encoding="utf-8")
        assert not any(bad in source for bad in ("\x1b", "\u202e", "<script", "alert(1)<"))


def test_hostile_names_take_no_other_page_s_place(hostile):
    paths = {
        str(path.relative_to(hostile)) for path in hostile.rglob("*.html") if "students" not in path.parts
    }
    assert {path for path in paths if not path.startswith("feedback/")} == {
        "index.html", "identical.html", "class/1.html", "class/2.html", "class/names.html",
        *(f"class/list-{k}.html" for k in range(1, len(list(hostile.glob("class/list-*"))) + 1)),
    }  # fmt: skip
    assert len(list(hostile.glob("students/*.html"))) == 4 * len(HOSTILE)


def test_every_link_leads_to_a_page_and_a_row(hostile):
    for path in hostile.rglob("*.html"):
        for link in links_of(path.read_text(encoding="utf-8")):
            file, _, anchor = link.partition("#")
            target = path.parent / file
            assert target.is_file(), (path.name, link)
            assert not anchor or f'id="{anchor}"' in target.read_text(encoding="utf-8")


def test_a_student_s_page_leads_to_the_page_of_the_class(hostile, make_many, tmp_path):
    of_class = [path for path in hostile.glob("students/*.html") if "../class/2.html" in path.read_text()]
    assert len(of_class) == 12
    small = html.write(make_many(["ada", "bob"]), tmp_path).parent / "students" / "ada.html"
    assert links_of(small.read_text())[:3] == ["../index.html", "../feedback/ada.html", "bob.html"]


# ------------------------------------------------------------------ a second report
def test_pages_that_lost_their_place_are_removed(make_many, tmp_path, monkeypatch):
    """Our own, and nobody else's."""
    monkeypatch.setattr(class_pages, "PER_PAGE", 4)
    html.write(make_many(f"s{k}" for k in range(9)), tmp_path)
    assert (tmp_path / "class" / "3.html").exists()
    (tmp_path / "class" / "9.html").write_text("mine", encoding="utf-8")
    html.write(make_many(f"s{k}" for k in range(5)), tmp_path)
    assert not (tmp_path / "class" / "3.html").exists()
    assert (tmp_path / "class" / "2.html").exists()
    html.write(make_many(["ada"]), tmp_path)
    assert [path.name for path in (tmp_path / "class").iterdir()] == ["9.html"]
    assert [path.name for path in (tmp_path / "students").iterdir()] == ["ada.html"]


# ------------------------------------------------------------------ sizes
def test_of_twenty_thousand_every_page_is_small(make_many):
    """With names of 16 characters; of the hundred pages of the table three are looked at."""
    result = overview(make_many(f"student.{k:08}" for k in range(20_000)))
    rows = [(one, one.student) for one in result.submissions]
    templates = html.templates()

    def template(name):
        found = templates.get_template(name)
        if name != "class.html":
            return found
        return SimpleNamespace(
            render=lambda shared, page, **rest: (
                found.render(shared, page=page, **rest) if page.number in (1, 50, 100) else ""
            )
        )

    sizes = {path: len(page.encode()) for path, page in class_pages.pages(result, rows, template)}
    assert max(sizes.values()) < MOST_BYTES
    assert sizes["index.html"] < 60_000
    assert sizes["class/50.html"] > 100_000
    assert "class/names-2.html" in sizes


def test_long_names_make_no_large_page(make_many):
    """Names as long as they can be, of a character that takes five bytes in a page."""
    names = (f"{k:04}{'&' * 200}" for k in range(2400))
    assert max(len(page.encode()) for page in made(make_many(names)).values()) < 2 * MOST_BYTES
