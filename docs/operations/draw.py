"""Draws the pages' pictures anew: ``figures/NAME.py`` is what draws ``NAME.svg``."""

import runpy
from pathlib import Path

FOLDER = Path(__file__).parent

if __name__ == "__main__":
    for script in sorted((FOLDER / "figures").glob("*.py")):
        drawn = runpy.run_path(str(script))["figure"]()
        (FOLDER / f"{script.stem}.svg").write_text(f"{drawn.svg}\n", encoding="utf-8")
