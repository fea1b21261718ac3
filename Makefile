# Every target does its own set-up: in .venv and node_modules, nowhere else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
LAB := jupyter_extension/labextension
LAB_FILES := $(wildcard $(addprefix $(LAB)/,*.json src/* schema/* style/*.* style/icons/*))

# An editable install leaves what runs inside JupyterLab to the target below: the demo needs no Node.
export HATCH_JUPYTER_BUILDER_SKIP_NPM := 1

.PHONY: help demo test test-lowest lint bench docs pictures clean

help:
	@echo "make demo    the main job, run for real: link, click, edit, update, click"
	@echo "make test    all tests"
	@echo "make test-lowest   the tests with the oldest versions that pyproject.toml allows"
	@echo "make lint    ruff, mypy --strict, import-linter, tsc"
	@echo "make bench   measured figures, as ratios to a floor"
	@echo "make docs    the documentation, in docs/_build/html"
	@echo "make pictures   the screenshots in docs/images, anew"
	@echo "make clean   remove what these made"

$(VENV)/.installed: pyproject.toml
	@tools/need python-venv
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group demo
	@touch $@

$(VENV)/.developed: $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	@touch $@

node_modules/.installed: package.json
	@tools/need node
	@npm install --silent --no-progress
	@touch $@

$(LAB)/node_modules/.installed: $(LAB)/package.json
	@tools/need node
	@cd $(LAB) && npm install --silent --no-progress
	@touch $@

$(LAB)/dist/package.json: $(LAB_FILES) $(LAB)/node_modules/.installed $(VENV)/.developed
	@cd $(LAB) && PATH="$(abspath $(BIN)):$$PATH" npm run --silent build >/dev/null
	@touch $@

# The labextension where this environment's Jupyter looks for it, as a wheel would put it there.
$(VENV)/.labextension: $(LAB)/dist/package.json $(LAB)/install.json $(VENV)/.developed
	@rm -rf $(VENV)/share/jupyter/labextensions/nbpull
	@mkdir -p $(VENV)/share/jupyter/labextensions
	@cp -R $(LAB)/dist $(VENV)/share/jupyter/labextensions/nbpull
	@cp $(LAB)/install.json $(VENV)/share/jupyter/labextensions/nbpull
	@touch $@

demo: $(VENV)/.installed
	@$(BIN)/nbpull demo

# What would change the Jupyter of every other test (tests/sphinx/test_text_notebooks.py).
.venv-jupytext/.installed: tools/aside | $(VENV)/.developed
	@tools/aside jupytext >/dev/null && touch $@

# What cannot live in one environment with the others: themes (tests/sphinx/test_theme_versions.py),
# and an older hub (tests/hub/test_hub5.py).
.venv-%/.installed: tools/theme_venv
	@tools/theme_venv $* >/dev/null && touch $@

test: $(VENV)/.labextension node_modules/.installed .venv-hub5/.installed .venv-jb1/.installed .venv-jupytext/.installed .venv-pydata/.installed
	@tools/need chromium
	@tools/need git-lfs
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n $(WORKERS) --dist=worksteal
	$(BIN)/coverage combine --quiet
	$(BIN)/python tools/coverage_gate.py
	node --test tests/web/*.test.mjs

# An environment of its own, made anew whenever the bounds change.
.venv-lowest/.developed: pyproject.toml tools/lowest.py
	@tools/need python-venv
	rm -rf .venv-lowest
	$(PYTHON) -m venv .venv-lowest
	.venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1" tomli
	.venv-lowest/bin/python tools/lowest.py > .venv-lowest/lowest.txt
	.venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check \
		--constraint .venv-lowest/lowest.txt --editable . --group test-lowest
	@touch $@

# All but what needs a tool that itself asks for newer versions.
test-lowest: .venv-lowest/.developed
	@tools/need chromium
	@tools/need git-lfs
	.venv-lowest/bin/python -m pytest -n $(WORKERS) --dist=worksteal $$(grep -rLE \
		'^(import|from) (docutils|schemathesis|hub)\b' --include='test_*.py' \
		tests/links tests/cli tests/merge tests/network tests/server tests/sync)

lint: $(VENV)/.developed node_modules/.installed $(LAB)/node_modules/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	node_modules/.bin/tsc --project tsconfig.json
	$(LAB)/node_modules/.bin/tsc --project $(LAB) --noEmit

bench: $(VENV)/.developed node_modules/.installed
	@tools/need chromium
	$(BIN)/python -m bench

# The pictures of the README and the documentation, made from the running software.
pictures: $(VENV)/.labextension
	@tools/need chromium
	$(BIN)/python tools/pictures.py

docs: $(VENV)/.developed
	$(BIN)/sphinx-build -W -n --keep-going -b html docs docs/_build/html

clean:
	rm -rf $(VENV) .venv-* node_modules docs/_build dist $(addprefix $(LAB)/,node_modules lib dist) .coverage* .hypothesis
