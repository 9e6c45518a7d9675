# The two commands come first: `make run` and `make test`. Each does all set-up.

SHELL := /bin/bash -o pipefail
MARTLET := .build/release/martlet

.PHONY: run test build setup setup-tests quick format conformance fuzz bench clean help

run: build ## build, run the shop on seven nodes, stay up until Ctrl-C; OPTIONS as in its help
	@$(MARTLET) demo shop --check --stay $(OPTIONS)

test: setup-tests build ## build, then run every test
	@scripts/test

build: setup ## build the release binary .build/release/martlet
	@scripts/build -c release --product martlet

setup:
	@scripts/setup

setup-tests:
	@scripts/setup --tests

quick: setup ## the unit tests alone, in a debug build
	@swift test

format: ## format the Swift sources in place
	@swift format -i -r Package.swift Sources Tests

conformance: build ## run Ethereum's official suites, and count what passes
	@scripts/conformance

fuzz: setup ## run every fuzz target for SECONDS each (default 60)
	@scripts/fuzz $${SECONDS_EACH:-60}

bench: setup-tests build ## run the benchmarks and write docs/performance.md
	@Benchmarks/run

clean: ## remove what was built; keys and chains under .martlet stay
	@rm -rf .build .deps

help: ## show this table
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12
