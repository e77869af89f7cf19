# Everything is run by make; "make help" lists what there is.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell scripts/python.sh)
PORT ?= 8000
LEADERS ?= 250
YEARS ?= 3
SEED ?= 1
VAR ?= var
# Days and hours on which what reckons with dates goes wrong: turns of a year, a quarter and a leap day; midnight, which
# is another day elsewhere; summer, and the hours before the clock is put forward and back.
DATES ?= 2027-01-01T00 2027-03-31T09 2028-02-29T09 2027-12-30T09 2027-06-27T00 2027-03-28T00 2027-10-31T01
export PORT
# Compiled modules are kept, whatever the environment says: reading them anew doubles the start of each process.
export PYTHONDONTWRITEBYTECODE :=
export LEDER_VAR := $(abspath $(VAR))

BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
# tests/conftest.py says how many processes share them, and what goes together.
PYTEST := $(BIN)/pytest -n auto --no-loadscope-reorder
UV_INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes
UV_COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

MIGRATIONS := $(wildcard leder/migrations/*.py lorenskog_intranet/migrations/*.py lorenskog_intranet/home/migrations/*.py)
STATIC_FILES := $(shell find static leder/static -type f 2>/dev/null)

## Try it
.PHONY: demo
demo: .venv/.demo $(VAR)/leder-keys $(VAR)/seal-test.pem $(VAR)/.static $(VAR)/.loaded ## Set up the demo and serve it (PORT=8000)
	@echo "Starting …"
	@exec $(BIN)/gunicorn --config scripts/demo_server.py

.PHONY: clean
clean: ## Begin the demo anew: remove its data
	rm -rf $(VAR)

.PHONY: distclean
distclean: clean ## Remove everything that make has made
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

## Develop
.PHONY: test
test: .venv/.dev ## Run all tests, in a browser too (ARGS= goes to pytest)
	@CHROMIUM="$$(scripts/chromium.sh)" && export CHROMIUM && $(PYTEST) $(ARGS)

.PHONY: quick
quick: .venv/.dev ## Run the tests that answer soon: no browser, canary, random lives, access matrix, attacks, races
	@$(PYTEST) -m "not (browser or canary or lives or slow)" $(ARGS)

.PHONY: nightly
nightly: .venv/.dev ## Test at length what chance decides, the tests themselves, and other days
	@CHROMIUM="$$(scripts/chromium.sh)" && export CHROMIUM && export LIFE_EXAMPLES=400 RACE_ROUNDS=100 KILLS=50 && \
	$(PYTEST) -o faulthandler_timeout=0 tests/agreements/test_life.py tests/concurrency tests/browser/test_killed.py $(ARGS)
	@$(MAKE) --no-print-directory --keep-going mutants coverage dates

.PHONY: dates
dates: $(DATES:%=as-of-%) ## Run the tests as of other days, on a slow machine (DATES=, ARGS=)

as-of-%: .venv/.dev
	@echo "As of $*:"
	@AS_OF=$* SLOW=70 RACE_ROUNDS=1 $(PYTEST) -q --ignore=tests/browser $(ARGS)

.PHONY: coverage
coverage: .venv/.dev ## Run all tests and tell which branches of leder/ none of them takes
	@CHROMIUM="$$(scripts/chromium.sh)" && export CHROMIUM && \
	$(BIN)/coverage erase && $(BIN)/coverage run -m pytest -n auto --no-loadscope-reorder -q $(ARGS)
	@$(BIN)/coverage combine --quiet && $(BIN)/coverage report

.PHONY: mutants
mutants: .venv/.dev ## Break each guard in a copy and see its tests fail (SAMPLE=12, AREA=vault)
	@$(BIN)/python -m tests.mutants $(if $(AREA),--area $(AREA)) $(if $(SAMPLE),--sample $(SAMPLE)) $(ARGS)

.PHONY: lint
lint: .venv/.dev ## Check code, types, templates, imports, migrations, translations
	@scripts/lint.sh

.PHONY: format
format: .venv/.dev ## Lay out code and templates
	$(BIN)/ruff check --fix --quiet . && $(BIN)/ruff format .
	git ls-files '*.html' | xargs $(BIN)/djhtml --tabwidth 2

.PHONY: bench
bench: .venv/.dev ## Measure comparisons, and every page at 1,000, 10,000 and 100,000 agreements
	$(BIN)/python -m bench.comparing
	$(BIN)/python -m bench $(ARGS)

.PHONY: messages
messages: .venv/.dev ## Gather texts to translate, and compile translations
	@scripts/messages.sh

.PHONY: lock
lock: .venv/.demo ## Resolve dependencies anew (after changes of pyproject.toml)
	$(UV_COMPILE) --upgrade requirements/uv.in --output-file requirements/uv.txt
	$(UV_COMPILE) --upgrade --extra site --extra test pyproject.toml --output-file requirements/lock-dev.txt
	$(UV_COMPILE) --constraint requirements/lock-dev.txt --extra site pyproject.toml --output-file requirements/lock.txt

.PHONY: help
help: ## Show this list
	@awk -F':.*## ' '/^## /{print "\n" substr($$0, 4)} /^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# -- How it is made; stamps make the second run quick --------------------------------------------------
.venv/bin/uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed.")'
	@echo "Making .venv …"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/.demo: .venv/bin/uv requirements/lock.txt
	@echo "Installing packages …"
	@$(UV_INSTALL) -r requirements/lock.txt
	@touch $@

.venv/.dev: .venv/bin/uv requirements/lock-dev.txt
	@echo "Installing packages, tests and checks …"
	@$(UV_INSTALL) -r requirements/lock-dev.txt
	@touch $@ .venv/.demo

# Stamps speak of the file under var/; another database, or none yet, is looked at each time.
ifneq ($(DATABASE_URL)$(if $(wildcard $(VAR)/db.sqlite3),,missing),)
.PHONY: $(VAR)/.migrated $(VAR)/.loaded
endif

$(VAR)/leder-keys: | .venv/.demo
	@mkdir -p -m 700 $(VAR)
	@(umask 077 && $(MANAGE) leder_keys generate > $@.new && mv $@.new $@)

$(VAR)/seal-test.pem: | .venv/.demo $(VAR)/leder-keys
	@(umask 077 && $(MANAGE) leder_seal test > $@.new && mv $@.new $@)

$(VAR)/.static: $(STATIC_FILES) requirements/lock.txt | .venv/.demo $(VAR)/leder-keys
	@echo "Gathering style sheets, scripts and pictures …"
	@$(MANAGE) collectstatic --noinput --clear --verbosity 0
	@touch $@

$(VAR)/.migrated: $(MIGRATIONS) requirements/lock.txt | .venv/.demo $(VAR)/leder-keys
	@echo "Making the database …"
	@$(MANAGE) migrate --noinput --verbosity 0
	@touch $@

# Loaded once: afterwards what people have written is kept.
$(VAR)/.loaded: | $(VAR)/.migrated
	@echo "Writing texts, organisation and agreements …"
	@$(MANAGE) site_demo --leaders $(LEADERS) --years $(YEARS) --seed $(SEED)
	@touch $@
