"""What pyproject.toml cannot say: the compiled kernels, and the assignments as data of the grader.

Without a C compiler the package still installs and runs on the NumPy definitions of ``roikit.reference``.
"""

import os
import runpy
from pathlib import Path

from setuptools import find_packages, setup

# By path, because importing roikit here would need NumPy.
build = runpy.run_path(str(Path(__file__).parent / "roikit" / "cpu" / "build.py"))

setup(
    packages=[*find_packages(include=["roikit*", "grader*"]), "grader.assignments"],
    # The assignments are data of the grader: beside it in the checkout, inside it once installed.
    package_dir={"grader.assignments": "assignments"},
    package_data={
        "roikit": [
            "py.typed", "**/*.pyi", "**/*.pyx", "**/*.pxd", "**/*.h", "**/*.cpp", "**/*.cu", "**/*.cuh",
            "simt/include/*",
        ],
        "grader": ["**/*.html", "**/*.css", "**/*.js", "**/*.json", "**/*.txt"],
        "grader.assignments": ["**/*"],
    },
    ext_modules=build["extensions"](),
    options={"build_ext": {"parallel": os.cpu_count()}},
)
