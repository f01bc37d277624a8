# GNU make and any Python from 3.11 to 3.13 are all that is needed.
#
#   make demo    build the environment, load the demo data, serve on http://127.0.0.1:8000 (PORT=8001 changes it)
#   make test    every test on SQLite and on PostgreSQL (ARGS="-k verdict" passes arguments to pytest)
#   make bench   what the register costs with 10,000 claims, on both engines (docs/performance.md);
#                bench-full asks for the same with 100,000, and for what grows with up to a million
#   make torture what the register survives (docs/operations.md)
#   make node clients    the linters of the OpenAPI document and the generators of clients, which `make test` uses where
#                they are there
#   make python-client   the types of clients/python anew, after a change of the API
#   make sbom SBOM=FILE  what the register is made of, as a list in CycloneDX; make audit asks for known weaknesses of it
#   make check   what CI runs: linters, types, directions, migrations, OpenAPI, deployment settings, tests

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# Many processes read the same modules: compiled once for all of them.
unexport PYTHONDONTWRITEBYTECODE

PORT ?= 8000
ARGS ?=
# pytest-xdist; 0 runs the tests in one process. A module stays with one worker, so that what it sets up once is set up
# once; tests/conftest.py begins with the longest, so that all end together. One more on PostgreSQL, whose server works
# while a worker waits.
WORKERS ?= 2
SPREAD := --dist loadfile --no-loadscope-reorder
sqlite_WORKERS = $(WORKERS)
postgres_WORKERS = $(if $(filter 2,$(WORKERS)),3,$(WORKERS))

# The first that runs and is of a supported version: a name on the PATH may be a shim that leads nowhere.
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3 python; do \
	if "$$python" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
		>/dev/null 2>&1; then command -v "$$python"; break; fi; done)

RUN := .venv/bin/python
DEV := .venv-dev/bin/python
# On an empty database that is gone afterwards: a check leaves the data of the demo alone.
ON_SQLITE := $(DEV) -m tests.engine sqlite --

.PHONY: help demo test test-sqlite test-postgres bench bench-full torture check lint types migrations description \
	deployment format lock clean

help:
	@sed -n 's/^#   //p' Makefile

# --- environments: one to run the register, one to work on it ---

define build_environment
	@if [ -z "$(PYTHON)" ]; then \
		echo 'No Python from 3.11 to 3.13 with the venv module was found; name one with PYTHON=/path/to/python3.' >&2; \
		exit 1; fi
	@echo 'Building $(1) with $(PYTHON) (under a minute)'
	@rm -rf $(1)
	@"$(PYTHON)" -m venv $(1)
	@$(1)/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r $(2)
	@touch $(1)/.installed
endef

.venv/.installed: requirements.lock
	$(call build_environment,.venv,requirements.lock)

.venv-dev/.installed: requirements-dev.lock
	$(call build_environment,.venv-dev,requirements-dev.lock)

# Programs of others that read the OpenAPI document. Without them their tests are skipped and say so.
.PHONY: node clients
node: .node/.installed
clients: .venv-clients/.installed
.venv-clients/.installed: tests/openapi/requirements.lock
	$(call build_environment,.venv-clients,tests/openapi/requirements.lock)
.node/.installed: tests/openapi/package.json
	@mkdir -p .node && cp tests/openapi/package.json .node/
	@cd .node && npm install --no-audit --no-fund --no-package-lock --loglevel=error
	@touch $@

# The types of the Python client, from the document of this register.
.PHONY: python-client
python-client: .venv-dev/.installed
	@mkdir -p build
	@$(ON_SQLITE) $(DEV) manage.py spectacular --format openapi-json --file build/openapi.json
	@$(DEV) clients/python/make_types.py build/openapi.json clients/python/src/factcheck_client/types.py

# What the register is made of, from the lock: the same lock gives the same file.
SBOM ?= build/sbom.json
.PHONY: sbom audit
.venv-supply/.installed: tests/supply/requirements.lock
	$(call build_environment,.venv-supply,tests/supply/requirements.lock)

sbom: .venv-supply/.installed
	@mkdir -p "$(dir $(SBOM))"
	@.venv-supply/bin/cyclonedx-py requirements --output-reproducible --pyproject pyproject.toml \
		--output-file "$(SBOM)" requirements.lock
	@echo "$(SBOM)"

# It asks a service on the network for each package. `--strict`: what could not be asked for is no good news.
audit: .venv-supply/.installed
	@.venv-supply/bin/pip-audit --strict --disable-pip --require-hashes --progress-spinner off \
		--requirement requirements.lock || { \
		echo 'Either a package has a known weakness, which is named above, or the service that knows them was not' >&2; \
		echo 'reached: then nothing is known, and `make audit` has to be run where the network allows it.' >&2; exit 1; }

# --- to see it ---

# The addresses that the demo prints, and those in its report.
demo: export FACTCHECK_BASE_URL ?= http://127.0.0.1:$(PORT)
demo: .venv/.installed
	@$(RUN) manage.py demo
	@exec $(RUN) -m factcheck.serve --port $(PORT)

# --- to work on it ---

# The second engine runs even if the first one failed: half of the faults show on one of them only.
test: .venv-dev/.installed
	@status=0; \
	for run in "sqlite $(sqlite_WORKERS)" "postgres $(postgres_WORKERS)"; do \
		set -- $$run; echo "== tests on $$1"; \
		$(DEV) -m tests.engine $$1 -- $(DEV) -m pytest -n $$2 $(SPREAD) $(ARGS) || status=1; \
	done; exit $$status

test-sqlite test-postgres: .venv-dev/.installed
	@$(DEV) -m tests.engine $(@:test-%=%) -- $(DEV) -m pytest -n $($(@:test-%=%)_WORKERS) $(SPREAD) $(ARGS)

# What was filled is kept in var/benchmarks. A bound that is broken does not keep the next command from running.
bench: .venv-dev/.installed
	$(DEV) -m benchmarks.speed --claims 10000 --rounds 3

# What it survives, on both engines, some minutes each: kills, guessed passwords, altered trails, backups while others write.
torture: .venv-dev/.installed
	$(DEV) -m benchmarks.torture --full

bench-full: .venv-dev/.installed
	@status=0; \
	$(DEV) -m benchmarks.speed --claims 100000 --write || status=1; \
	$(DEV) -m benchmarks.growth --write || status=1; \
	$(DEV) -m benchmarks.commands --write || status=1; \
	$(DEV) -m benchmarks.writers --write || status=1; \
	$(DEV) -m benchmarks.space --write || status=1; \
	$(DEV) -m benchmarks.plans --claims 100000 || status=1; exit $$status

lint: .venv-dev/.installed
	$(DEV) -m ruff check .
	$(DEV) -m ruff format --check .
	.venv-dev/bin/lint-imports

types: .venv-dev/.installed
	$(DEV) -m mypy

# All that is told without a test, side by side: each of them keeps one core busy. Then the tests.
check: .venv-dev/.installed
	@$(MAKE) --no-print-directory --jobs=2 types lint migrations description deployment
	@$(MAKE) --no-print-directory test

migrations: .venv-dev/.installed
	$(ON_SQLITE) $(DEV) manage.py makemigrations --check --dry-run

description: .venv-dev/.installed
	$(ON_SQLITE) $(DEV) manage.py spectacular --validate --fail-on-warn --file /dev/null

deployment: .venv-dev/.installed
	$(ON_SQLITE) env FACTCHECK_ENV=production FACTCHECK_ALLOWED_HOSTS=register.example.org \
		FACTCHECK_BASE_URL=https://register.example.org \
		FACTCHECK_SECRET_KEY="$$($(DEV) -c 'import secrets; print(secrets.token_urlsafe(64))')" \
		$(DEV) manage.py check --deploy --fail-level WARNING

format: .venv-dev/.installed
	$(DEV) -m ruff check --fix .
	$(DEV) -m ruff format .

# Versions and hashes for every supported Python, and no address.
COMPILE := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet
lock:
	$(COMPILE) -o requirements.lock
	$(COMPILE) --extra dev --constraint requirements.lock -o requirements-dev.lock
	$(subst pyproject.toml,tests/openapi/requirements.in,$(COMPILE)) -o tests/openapi/requirements.lock
	$(subst pyproject.toml,tests/supply/requirements.in,$(COMPILE)) -o tests/supply/requirements.lock

# Leaves var/, where the register's data are.
clean:
	rm -rf .venv .venv-dev .venv-supply .node .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
