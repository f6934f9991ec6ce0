.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

STACK ?= local
PYTHON ?= python3
BIN := .venv/bin
# Packages are kept where the toolchain is, so that a second clone downloads nothing.
export PIP_CACHE_DIR := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/gitops-platform/pip
LOCAL := $(BIN)/python -m local

.PHONY: help up status down env preview test check docs bench clean

help: ## This list
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS=$$'\t' read -r name text; do \
		printf '  make %-8s %s\n' "$$name" "$$text"; done

up: .venv/stamp ## Build what is missing, start the local environment, deploy stack local, wait until all is Synced and Healthy
	@$(LOCAL) up

status: .venv/stamp ## Processes and Applications of the local environment
	@$(LOCAL) status

down: .venv/stamp ## Stop the local environment; its state stays
	@$(LOCAL) down

env: .venv/stamp ## Settings for a shell: eval "$(make -s env)"
	@$(LOCAL) env

preview: .venv/stamp ## The plan of a stack, without credentials: make preview STACK=dev|staging|prod
	@$(LOCAL) preview $(STACK)

test: check ## Everything: checks, unit, component and GitOps tests, the whole program on the local environment
	@$(BIN)/pytest

check: .venv/stamp ## Format, lint, types, import directions, tables of the documentation
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy .
	@$(BIN)/lint-imports
	@$(BIN)/python -m operations.documentation --check

docs: .venv/stamp ## Write the tables of the documentation, which come from the code
	@$(BIN)/python -m operations.documentation

bench: .venv/stamp ## Times and memory of the local environment; COLD=1 also with empty caches
	@$(BIN)/python -m tests.bench $(if $(COLD),--cold)

clean: .venv/stamp ## Stop the local environment and forget its state
	@$(LOCAL) clean

# A failed or interrupted installation leaves no stamp, and the next run completes it.
.venv/stamp: requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is older than 3.11. Name a newer one: make PYTHON=python3.11" >&2; exit 2; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear .venv
	@echo "Installing Python packages …" >&2
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt || \
		{ echo "Python packages could not be installed: is the Python package registry of your pip settings reachable? Then run make again." >&2; exit 1; }
	@touch $@
