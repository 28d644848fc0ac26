# Every target makes what it needs. `make demo` and `make test` are all that a newcomer has to know.
.DEFAULT_GOAL := help
.PHONY: help demo test quick test-setup test-long lint format docs lock clean runtime dev
BIN := .venv/bin
OUT ?= demo
WITNESS := .boot/bin/uv pip compile --quiet --no-header --generate-hashes --universal --python-version 3.11
PYTEST := $(BIN)/python -m pytest
export PYTHON

help:  ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

runtime:
	@sh tools/setup.sh runtime

dev:
	@sh tools/setup.sh dev

demo: runtime  ## the whole job on a bundled replay of the site; leaves its results in ./demo
	@$(BIN)/amtsblick demo --out $(OUT)

test: dev  ## all tests but the long fault runs
	@$(PYTEST) -n auto --dist worksteal -m "not long"

quick: dev  ## a contributor's loop: under a minute
	@$(PYTEST) -n auto --dist worksteal -q -m "not slow and not long"

test-long: dev  ## the long fault runs: a hundred kills and more
	@$(PYTEST) -n auto -m long

test-setup: dev  ## add what some tests need (Chromium, Postfix, other programs for archives); may ask for root
	@sh tools/test-setup.sh

lint: dev  ## style, types, import contracts, generated docs
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python tools/cli_reference.py --check

format: dev  ## put the code into form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: dev  ## write the generated pages anew
	@$(BIN)/python tools/cli_reference.py

lock: dev  ## resolve the dependencies anew and export them with hashes
	@.boot/bin/uv lock --upgrade --quiet
	@.boot/bin/uv export --quiet --no-header --no-emit-project --no-default-groups --output-file requirements.lock
	@.boot/bin/uv export --quiet --no-header --no-emit-project --all-groups --output-file requirements-dev.lock
	@echo "uv==0.13.9" | .boot/bin/uv pip compile --quiet --no-header --generate-hashes --output-file requirements-boot.lock -
	@echo "pywb==2.10.0" | $(WITNESS) --output-file requirements-witness-pywb.lock -
	@printf "wacz==0.6.0\nfastwarc>=2\n" | $(WITNESS) --output-file requirements-witness-wacz.lock -

clean:  ## remove what the other targets made
	@rm -rf .venv .boot .witness uv.lock demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
