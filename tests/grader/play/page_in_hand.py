"""The open page as a user sees it."""

import json

import numpy as np

ENDS = ("x1", "y1", "x2", "y2")


class Page:
    def __init__(self, browser):
        self.browser, self.js = browser, browser.js

    def all(self, selector, what="it.textContent"):
        """A list of something of each element: its text, if nothing else is asked for."""
        return self.js(f"[...document.querySelectorAll({json.dumps(selector)})].map(it => {what})")

    def one(self, selector, what="it.textContent"):
        (found,) = self.all(selector, what)
        return found

    def at(self, panel, x, y):
        """Where a place of a map, in cells, is in the window."""
        self.one(f"#{panel}-map", "it.scrollIntoView({block: 'center'})")
        edges = "(({left, top, width}) => [left, top, width])(it.getBoundingClientRect())"
        left, top, width = self.one(f"#{panel}-map", edges)
        cell = width / (len(self.plane) + 2)  # one more on each side
        return left + (x + 1) * cell, top + (y + 1) * cell

    @property
    def plane(self):
        return np.array(self.js("follow(situation).plane"))

    @property
    def box(self):
        return tuple(float(self.one(f"#{name}", "it.value")) for name in ENDS)

    def output(self, panel):
        """The exact numbers; those that are printed are rounded."""
        exact = "[...it.querySelectorAll('button')].map(cell => Number(cell.title))"
        rows = self.all(f"#{panel}-output tr", exact)
        return np.array(rows[1:])

    def choose(self, control, value):
        """Type into a field, or pick from a list."""
        events = "for (const kind of ['input', 'change']) it.dispatchEvent(new Event(kind));"
        self.one(f"#{control}", f"{{ it.value = {json.dumps(str(value))}; {events} }}")

    def choose_box(self, box):
        for name, end in zip(ENDS, box, strict=True):
            self.choose(name, end)

    def go(self, fragment):
        """Another address, as by a link or in the address line; returns when the page has seen it."""
        seen = "addEventListener('hashchange', () => done(), {once: true})"
        self.js(f"new Promise(done => {{ {seen}; location.hash = {json.dumps(fragment)}; }})")

    def go_to_preset(self, number):
        self.go(self.all("#presets a", "it.hash")[number])

    def drawn(self, selector):
        """x1, y1, x2, y2 of a rectangle on the pooling map, in cells."""
        names = json.dumps(["x", "y", "width", "height"])
        found = self.one(f"#pool-map {selector}", f"{names}.map(name => Number(it.getAttribute(name)))")
        x, y, width, height = np.array(found) / 40
        return [x - 1, y - 1, x - 1 + width, y - 1 + height]
