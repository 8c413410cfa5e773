"""Pictures of pages for people to look at: at two widths, light and dark."""

WIDTHS = (1280, 390)
SCHEMES = ("light", "dark")
#: What is above is laid out only as it comes near, and moves what is below.
INTO_VIEW = """async it => {
  for (let top = NaN; top !== it.getBoundingClientRect().top;) {
    top = it.getBoundingClientRect().top;
    it.scrollIntoView({block: "center"});
    await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  }
}"""
WINDOW = {"width": 1280, "height": 900}


class Camera:
    """Takes pictures of one page, or of a part of it."""

    def __init__(self, page, folder):
        self.page, self.folder = page, folder
        folder.mkdir(exist_ok=True)

    def take(self, name, part=None, height=900, schemes=SCHEMES, ready=lambda scheme: None):
        """Write ``name-1280-light.png`` and so on; `ready` waits until a page has followed the scheme."""
        for scheme in schemes:
            self.page.emulate_media(color_scheme=scheme)
            ready(scheme)
            for width in WIDTHS:
                self.page.set_viewport_size({"width": width, "height": height})
                target = {"path": self.folder / f"{name}-{width}-{scheme}.png", "animations": "disabled"}
                if part is None:
                    self.page.screenshot(full_page=True, **target)
                else:
                    part.evaluate(INTO_VIEW)
                    part.screenshot(**target)
        self.page.set_viewport_size(WINDOW)
        self.page.emulate_media(color_scheme="light")
