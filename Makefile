# Everything stands on this one file: `make demo` to see Monomi, `make test` to trust it.
# `make setup` is the first half of both: .venv/ with the command `monomi`.

SHELL := /bin/sh
VENV := .venv
READY := $(VENV)/.ready
ARGS ?=
# The newest Python from 3.11 to 3.13 that is here, `python3` before the others.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && \
	{ $$p -c 'import sys; print(sys.executable)'; break; }; done)
UV_HOME := .make/uv
UV = $$(command -v uv || echo $(UV_HOME)/bin/uv)
SYSTEM_PACKAGES := chromium fonts-noto-cjk libfaketime postgresql

.PHONY: help setup demo test soak lint packages lock clean

help:
	@echo 'make demo [ARGS="--duration 90"]   see a simulated clerk being caught'
	@echo 'make test [ARGS="-k replay"]       run all checks and tests'
	@echo 'make soak [ARGS="--duration 240"]  faults under load, compared with replay (10 min)'
	@echo 'make setup                         only prepare .venv/, with the command monomi'
	@echo 'make lint                          only style, types and imports'
	@echo 'make lock                          take newer versions into the locks'
	@echo 'make clean                         remove what these made here'

setup: $(READY)

$(READY): requirements-dev.txt requirements-uv.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo 'Monomi needs Python 3.11, 3.12 or 3.13: install one, or name it: make PYTHON=/path/to/python3.12' >&2; exit 1; }
	@command -v uv >/dev/null 2>&1 || test -x $(UV_HOME)/bin/uv || { \
		echo 'bringing uv ...' >&2; \
		rm -rf $(UV_HOME); \
		{ "$(PYTHON)" -m venv $(UV_HOME) && $(UV_HOME)/bin/python -m pip install --quiet \
			--disable-pip-version-check --require-hashes -r requirements-uv.txt; } >&2 || { \
		rm -rf $(UV_HOME); \
		echo 'Could not bring uv: install it, or the venv module of Python (Debian: python3-venv).' >&2; \
		exit 1; }; }
	@echo 'preparing $(VENV) ...' >&2
	@rm -rf $(VENV)
	@$(UV) venv --quiet --no-python-downloads --python "$(PYTHON)" $(VENV) >&2
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(UV) pip install --quiet --compile-bytecode --no-deps --require-hashes -r requirements-dev.txt >&2
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(UV) pip install --quiet --no-build-isolation --no-deps --editable . >&2
	@touch $@

demo: $(READY)
	@$(VENV)/bin/monomi demo $(ARGS)

test: $(READY) packages lint
	@$(VENV)/bin/python -m pytest $(ARGS)

soak: $(READY)
	@$(VENV)/bin/python -m tests.faults $(ARGS)

lint: $(READY)
	@$(VENV)/bin/ruff format --quiet --check .
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/mypy --no-error-summary

# A browser and a database for the console's tests, where they may be installed; else those skip
# and name what they lack.
packages:
	@for p in $(SYSTEM_PACKAGES); do \
		command -v dpkg >/dev/null 2>&1 && dpkg -s $$p >/dev/null 2>&1 && continue; \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
			echo "installing $$p ..." >&2; \
			apt-get -qq update >/dev/null 2>&1; \
			DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends $$p >/dev/null 2>&1 || \
			echo "could not install $$p" >&2; \
		fi; done

lock: $(READY)
	$(VENV)/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 --override requirements-overrides.txt --extra dev -o requirements-dev.txt pyproject.toml
	$(VENV)/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 -c requirements-dev.txt -o requirements.txt pyproject.toml
	grep -A99 '^uv==' requirements-dev.txt | head -1 | sed 's/ .*//' | $(VENV)/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 -o requirements-uv.txt -

clean:
	rm -rf $(VENV) .make .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
