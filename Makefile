.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

STACK ?= local
PYTHON ?= python3
BIN := .venv/bin
# Packages are kept where the toolchain is, so that a second clone downloads nothing.
export PIP_CACHE_DIR := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/gitops-platform/pip
LOCAL := $(BIN)/python -m local

.PHONY: help up status down env preview rotate-password check-security cost test check docs bench clean

help: ## This list
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS=$$'\t' read -r name text; do \
		printf '  make %-15s %s\n' "$$name" "$$text"; done

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

rotate-password: .venv/stamp ## A new password for Argo CD's admin, all older sessions end: make rotate-password STACK=…; YES=1 does not ask
	@$(BIN)/python -m operations.rotate_password $(STACK) $(if $(YES),--yes)

check-security: .venv/stamp .venv-checkov/stamp ## The plans of dev, staging and prod against the rules of auditors, without credentials; JSON=1 for programs
	@$(BIN)/python -m operations.security $(if $(JSON),--json)

cost: .venv/stamp ## Monthly estimate of a stack with its NAT profiles side by side: make cost STACK=dev|staging|prod; JSON=1 for programs
	@$(BIN)/python -m operations.cost $(STACK) $(if $(JSON),--json)

test: check ## Everything: checks, unit, component and GitOps tests, the whole program on the local environment
	@$(BIN)/pytest

check: .venv/stamp ## Format, lint, types, import directions, cluster metadata, tables of the documentation
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy .
	@$(BIN)/lint-imports
	@$(BIN)/python -m operations.contract
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

# What pins packages that the project has left behind, each in a virtual environment of its own.
.venv-checkov/stamp: requirements-checkov.txt
policy/.venv/stamp: policy/requirements.txt
.venv-checkov/stamp policy/.venv/stamp:
	@test -x $(@D)/bin/pip || $(PYTHON) -m venv --clear $(@D)
	@echo "Installing Python packages of $< …" >&2
	@$(@D)/bin/pip install --quiet --disable-pip-version-check -r $< || \
		{ echo "Python packages could not be installed: is the Python package registry of your pip settings reachable? Then run make again." >&2; exit 1; }
	@touch $@
