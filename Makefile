# make ask Q="is Dalian Machine Tool flagged?"   sets up what is missing and answers
# make test                                     sets up what is missing and runs the tests

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export Q

.PHONY: ask chat init sync serve socket doctor test check lint types format bench bench-matching clean

ask: $(VENV)/.ready
	@$(BIN)/python -m bot init --quiet
	@$(BIN)/python -m bot ask -- "$$Q"

chat: $(VENV)/.ready
	@$(BIN)/python -m bot init --quiet
	@$(BIN)/python -m bot chat

init: $(VENV)/.ready
	$(BIN)/python -m bot init

sync: $(VENV)/.ready
	@$(BIN)/python -m bot init --quiet
	@$(BIN)/python -m bot sync

serve socket: $(VENV)/.ready
	@$(BIN)/python -m bot init --quiet
	@exec $(BIN)/python -m bot $@

doctor: $(VENV)/.ready
	@$(BIN)/python -m bot init --quiet
	@$(BIN)/python -m bot doctor

test: $(VENV)/.ready-dev
	$(BIN)/python -m pytest -n auto --dist worksteal

check: lint types test

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.ready-dev
	$(BIN)/mypy

format: $(VENV)/.ready-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench-matching: $(VENV)/.ready-dev
	$(BIN)/python -m tests.bench.retrieval
	$(BIN)/python -m tests.bench.pairs
	$(BIN)/python -m tests.bench.persons
	$(BIN)/python -m tests.bench.spans
	$(BIN)/python -m tests.bench.speed

bench: $(VENV)/.ready-dev
	$(BIN)/python -m tests.bench.answers
	$(BIN)/python -m tests.bench.slack

clean:
	rm -rf $(VENV)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Flagpost needs Python 3.11 or newer; set PYTHON=python3.12 or so" >&2; exit 2; }
	@echo "Setting up $(VENV) (once, about a minute)" >&2
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: requirements.txt | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.ready-dev: requirements-dev.txt $(VENV)/.ready
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
