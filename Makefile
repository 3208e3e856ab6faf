# Two commands to begin with: `make demo` and `make test`. The others: `make help`.

SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
export UV_SYSTEM_CERTS := true
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# A step is done again only when what it depends on has changed: its stamp is named after a digest of that.
digest = $(shell cat $(1) | cat - <(pwd) | sha256sum | cut -c1-16)
RUN_STAMP := .venv/run-$(call digest,requirements/tool.txt requirements/run.txt pyproject.toml)
DEV_STAMP := .venv/dev-$(call digest,requirements/tool.txt requirements/dev.txt pyproject.toml)

##@ Use
.PHONY: demo
demo: setup ## Essaim with fictitious data on http://127.0.0.1:8000 (PORT= and ESSAIM_DATA_DIR= to change)
	@exec .venv/bin/essaim serve --demo

.PHONY: setup
setup: $(RUN_STAMP) ## The environment: .venv and its packages

##@ Check
.PHONY: test
test: $(DEV_STAMP) ## Everything: lint, types, architecture, unit, database, browser, accessibility
	@.ci/test

.PHONY: lint
lint: $(DEV_STAMP) ## The quick part of `make test`: style, types, imports, templates
	@.ci/test --lint

.PHONY: format
format: $(DEV_STAMP) ## Write the code in the style that `make lint` wants
	@.venv/bin/ruff check --quiet --fix . ; .venv/bin/ruff format .

.PHONY: drill
drill: $(DEV_STAMP) ## The long and rough tests: kills, simultaneous starts, volumes
	@.ci/test --drill

.PHONY: bench
bench: $(DEV_STAMP) ## Benchmarks, with ratios (SCALE=full for 10 million facts)
	@.ci/test --bench

##@ Maintain
.PHONY: requirements
requirements: $(DEV_STAMP) ## Compile the hashed requirement files after a change of the .in files
	@for name in tool run dev; do .venv/bin/uv pip compile --quiet --generate-hashes --universal \
	    --python-version 3.11 requirements/$$name.in -o requirements/$$name.txt; done

.PHONY: clean
clean: ## Remove the environment (the data folder stays)
	rm -rf .venv

.PHONY: help
help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	    /^[a-z]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile; echo

$(RUN_STAMP):
	@.ci/environment run && touch $@

$(DEV_STAMP):
	@.ci/environment dev && touch $@
	@touch $(RUN_STAMP)
