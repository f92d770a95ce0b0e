# Two targets do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
LOCK := .ci/requirements.lock
EXAMPLE := artifacts_example/runs
NOW := 2026-11-09T12:00:00Z

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test lint types layers unit browser fuzz bench format example lock clean

help:  ## say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(STAMP): pyproject.toml $(LOCK)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

setup: $(STAMP)  ## make the virtual environment from the lock file

demo: $(STAMP)  ## build the example into site/ and say where it is
	$(BIN)/replaybook build $(EXAMPLE) --config artifacts_example/replaybook.yml \
	  --history .replaybook/demo --site site --backfill 5 --now $(NOW) --exit-zero
	@echo "Look at it: make serve, then http://127.0.0.1:8000/"

serve: $(STAMP)  ## serve site/ on this machine
	$(BIN)/replaybook serve --site site

test: lint types layers audit unit  ## everything that CI checks

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

layers: $(STAMP)
	$(BIN)/lint-imports

unit: $(STAMP)
	bash .ci/browser
	$(BIN)/pytest -n auto

unit: actionlint

.PHONY: actionlint workflows audit
actionlint:
	bash .ci/actionlint/install

workflows: $(STAMP) actionlint  ## check the workflows, ours and the documented ones
	$(BIN)/pytest tests/test_workflows.py

audit: $(STAMP)  ## ask whether something is known against the pinned packages
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python .ci/audit.py

fuzz: $(STAMP)  ## make 5 000 hostile cases for each target of the fuzzer
	$(BIN)/python -m tests.fuzz

bench: $(STAMP)  ## print what reading and building cost
	$(BIN)/python -m tests.benchmarks.redaction
	$(BIN)/python -m tests.benchmarks.reading
	$(BIN)/python -m tests.benchmarks

format: $(STAMP)  ## put the sources into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

example: $(STAMP)  ## make artifacts_example/ anew from its story
	$(BIN)/python artifacts_example/make.py

lock: $(STAMP)  ## resolve the dependencies anew
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --upgrade --quiet --output-file $(LOCK)

clean:  ## remove what can be made again
	rm -rf $(VENV) .cache site .replaybook .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
