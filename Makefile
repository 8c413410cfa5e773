# The newcomer's two commands:  make demo   make test
# Everything happens in .venv; system packages are seen to by .ci/system-packages.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
WHEEL   = $(wildcard dist/roikit-*.whl)
FUZZ_SECONDS ?= 300
# Arguments of the kernels' benchmark: BENCH='--only W1 --peer-python torchvision=/some/venv/bin/python'
BENCH ?=
# The same of the operations' benchmark: BENCH_OPERATIONS='--only crop --peer-python tensorflow=/some/venv/bin/python'
BENCH_OPERATIONS ?=
SOURCES := $(shell git ls-files --cached --others --exclude-standard roikit grader assignments 2>/dev/null) \
           setup.py pyproject.toml MANIFEST.in

.PHONY: help demo test test-gpu lint bench bench-scale bench-gpu instructions fuzz soak wheel develop clean

help:  ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(VENV)/.installed  ## grade the sample class and say where the report lies
	$(BIN)/roikit demo --output demo-report

test: $(VENV)/.installed-dev  ## everything, against the installed wheel
	$(BIN)/pytest tests

test-gpu: $(VENV)/.installed-dev  ## the CUDA kernels on a GPU, and below compute-sanitizer; says what it lacks
	$(BIN)/python tests/roikit/gpu/on_a_gpu.py

lint: $(VENV)/.installed-dev  ## ruff, cython-lint, mypy
	$(BIN)/ruff check .
	PATH="$(CURDIR)/$(BIN):$$PATH" cython-lint roikit/cpu
	cd $$(mktemp -d) && $(CURDIR)/$(BIN)/mypy --config-file $(CURDIR)/pyproject.toml

bench: $(VENV)/.installed-bench  ## ratios against peers, all in one run each; diagnosis and checks of wrong programs
	$(BIN)/python tests/benchmarks/kernels $(BENCH)
	$(BIN)/python tests/benchmarks/operations $(BENCH_OPERATIONS)
	$(BIN)/python tests/benchmarks/bench_grader.py
	$(BIN)/python tests/benchmarks/bench_diagnosis.py
	$(BIN)/python tests/benchmarks/bench_check.py

bench-scale: $(VENV)/.installed-dev  ## a large class: submissions a minute, two processes, Dask, nbgrader, memory, gradebook
	$(BIN)/python tests/benchmarks/bench_scale.py $(BENCH)

bench-gpu: $(VENV)/.installed-dev  ## the CUDA kernels beside torchvision and the memory; says what it lacks
	$(BIN)/python tests/benchmarks/gpu $(BENCH)

instructions: $(VENV)/.installed-dev  ## instructions of the kernels against those recorded; needs valgrind
	$(BIN)/python tests/benchmarks/kernels/instructions.py

fuzz: $(VENV)/.installed-dev  ## random input to the kernels and to all that reads strangers' bytes, FUZZ_SECONDS=300 a target
	$(BIN)/python tests/roikit/fuzz_builds.py --calls 1000000
	$(BIN)/python tests/fuzz/run.py --seconds $(FUZZ_SECONDS) --jobs $$(nproc)

soak: $(VENV)/.installed-dev  ## kill the grader 300 times while it grades a class of 1000 (an hour)
	$(BIN)/python tests/soak/kills.py --students 1000 --kills 300 --jobs 1,4 --random $$$$

wheel: dist/.built  ## sdist and wheel in dist/

develop: $(VENV)/.tools  ## for working on roikit itself: an editable install
	$(BIN)/pip install -q --no-build-isolation -e '.[dev]'
	rm -f $(VENV)/.installed $(VENV)/.installed-dev $(VENV)/.installed-bench

clean:  ## what make made
	rm -rf $(VENV) build dist *.egg-info roikit/cpu/*.c roikit/cpu/*.so roikit/cpu/*/*.so demo-report bench-results

$(VENV)/.tools: .ci/system-packages
	.ci/system-packages $(PYTHON)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --upgrade pip build 'setuptools>=68' wheel 'Cython>=3.0.8,<4'
	touch $@

# The sdist first, then the wheel out of the sdist: what is tested is what a user would get.
dist/.built: $(VENV)/.tools $(SOURCES)
	rm -rf dist build
	$(BIN)/python -m build --no-isolation --outdir dist . > build.log 2>&1 || { cat build.log; exit 1; }
	rm -f build.log
	touch $@

$(VENV)/.installed: dist/.built
	$(BIN)/pip install -q --upgrade --force-reinstall --no-deps $(shell pwd)/dist/*.whl
	$(BIN)/pip install -q "roikit[nbgrader] @ file://$$(ls $(CURDIR)/dist/*.whl)"
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	.ci/system-packages --tests
	$(BIN)/pip install -q "roikit[dev] @ file://$$(ls $(CURDIR)/dist/*.whl)"
	touch $@

$(VENV)/.installed-bench: $(VENV)/.installed-dev
	$(BIN)/pip install -q "roikit[bench] @ file://$$(ls $(CURDIR)/dist/*.whl)"
	touch $@
