# Every target does its own set-up: in .venv and node_modules, nowhere else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2

.PHONY: help demo test lint bench docs clean

help:
	@echo "make demo    the main job, run for real: link, click, edit, update, click"
	@echo "make test    all tests"
	@echo "make lint    ruff, mypy --strict, import-linter, tsc"
	@echo "make bench   measured figures, as ratios to a floor"
	@echo "make docs    the documentation, in docs/_build/html"

$(VENV)/.installed: pyproject.toml
	@tools/need python-venv
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.developed: $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	@touch $@

node_modules/.installed: package.json
	@tools/need node
	@npm install --silent --no-progress
	@touch $@

demo: $(VENV)/.installed
	@$(BIN)/nbpull demo

test: $(VENV)/.developed node_modules/.installed
	@tools/need chromium
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n $(WORKERS) --dist=worksteal
	$(BIN)/coverage combine --quiet
	$(BIN)/python tools/coverage_gate.py
	node --test tests/web/

lint: $(VENV)/.developed node_modules/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	node_modules/.bin/tsc --project tsconfig.json

bench: $(VENV)/.developed
	$(BIN)/python -m bench

docs: $(VENV)/.developed
	$(BIN)/sphinx-build -W -n --keep-going -b html docs docs/_build/html

clean:
	rm -rf $(VENV) node_modules docs/_build dist .coverage* .hypothesis
