# Two commands: `make run` and `make test`. Everything they install stays in this checkout (.venv, .cache),
# except the system packages that the tests need.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test test-postgres lint format lock soak clean install install-test

PORT ?= 8300
# The first Python from 3.11 to 3.14 that answers; PYTHON=… overrides.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null && echo "$$p" && exit; \
	done; echo python3)
# Maintainers only: the resolver that writes the lock files.
UV ?= uv
PY := .venv/bin/python

help: ## this list
	@echo "Donghaeng (동행). Targets:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24
	@echo "Variables: PORT=$(PORT)  PYTHON=$(PYTHON)"

run: install ## install what is missing and start: page, console and sandbox city on PORT (8300)
	@echo "Starting Donghaeng at http://localhost:$(PORT)/ (console: http://localhost:$(PORT)/console/). Ctrl+C ends it."
	@exec .venv/bin/donghaeng serve --port $(PORT)

test: install-test ## install what the tests need (system packages too) and run every check
	@$(PY) -m tools.system_packages
	@$(PY) -m tools.checks all

lint: install-test ## style, types and import rules
	@$(PY) -m tools.checks lint

format: install-test ## bring all Python into the house style
	@$(PY) -m ruff check --fix --quiet .
	@$(PY) -m ruff format .

test-postgres: install-test ## every test again with its records in PostgreSQL
	@$(PY) -m tools.system_packages
	@$(PY) -m tools.checks postgres

soak: install-test ## the tests again with many more generated cases (an hour or so)
	@$(PY) -m tools.system_packages
	@$(PY) -m tools.checks soak

lock: ## write requirements/*.txt anew from pyproject.toml (needs uv)
	@UV="$(UV)" sh requirements/lock.sh

clean: ## remove what was installed and derived; records in data/ stay
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

install:
	@$(PYTHON) -m tools.bootstrap run

install-test:
	@$(PYTHON) -m tools.bootstrap test
