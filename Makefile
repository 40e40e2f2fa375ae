# What a newcomer needs: `make run` and `make test`. `make` alone lists everything.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run test lint types check bench lock assets messages migrate clean screenshots

help:  ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.run-ready  ## start the portal with the demo PBX (PBX=real: with your own) and print the address
	@exec $(PY) manage.py run

test: $(VENV)/.test-ready  ## run every test; installs what the machine lacks where it may
	@scripts/test

check: lint types  ## everything .ci/run checks before the tests

lint: $(VENV)/.dev-ready  ## style, layers, templates, missing migrations
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports
	$(VENV)/bin/djlint --check --quiet templates
	$(PY) manage.py makemigrations --check --dry-run

types: $(VENV)/.dev-ready  ## mypy --strict
	$(VENV)/bin/mypy .

bench: $(VENV)/.test-ready  ## measure against the peers, write docs/performance.md
	$(PY) -m tests.bench

screenshots: $(VENV)/.test-ready  ## take the pictures of docs/screenshots anew
	$(PY) -m tests.e2e.screenshots

assets: static-build/.ready  ## bundle the browser libraries

messages: $(VENV)/.ready  ## compile the translations
	$(PY) scripts/compile_messages.py

lock: $(VENV)/.dev-ready  ## write requirements*.txt anew from requirements*.in
	for name in requirements requirements-dev; do \
	  $(VENV)/bin/pip-compile --quiet --upgrade --strip-extras --no-header --no-emit-index-url --no-emit-trusted-host \
	    --no-emit-find-links -o $$name.txt $$name.in; done

clean:  ## remove what the other targets made (not var/, which holds your data)
	rm -rf $(VENV) node_modules static-build .mypy_cache .ruff_cache .pytest_cache

# --- set-up, each step once until its input changes -----------------------------------------------------------------
$(VENV)/bin/python:
	@scripts/create-venv $(PYTHON) $(VENV)

$(VENV)/.ready: requirements.txt | $(VENV)/bin/python
	@echo "installing the product's packages…"
	@$(VENV)/bin/pip install --quiet -r requirements.txt
	@touch $@

$(VENV)/.dev-ready: requirements-dev.txt $(VENV)/.ready
	@echo "installing what tests and checks need…"
	@$(VENV)/bin/pip install --quiet -r requirements-dev.txt
	@touch $@

static-build/.ready: package.json package-lock.json scripts/build-assets $(wildcard */static/*/*.js) | $(VENV)/.ready
	@scripts/build-assets
	@mkdir -p static-build && touch $@

$(VENV)/.messages: $(wildcard locale/*/LC_MESSAGES/*.po) | $(VENV)/.ready
	@$(PY) scripts/compile_messages.py
	@touch $@

$(VENV)/.run-ready: $(VENV)/.ready static-build/.ready $(VENV)/.messages
	@touch $@

$(VENV)/.test-ready: $(VENV)/.dev-ready $(VENV)/.run-ready
	@touch $@
