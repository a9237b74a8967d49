# `make help` lists it all. Everything happens in this folder; the first set-up alone needs the network.

PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null && echo $$python && break; done)
HERE := .venv/bin/python
LOCK := PATH=".venv/bin:$$PATH" uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-annotate --no-header

.DEFAULT_GOAL := help
.PHONY: help run test check bench docs pictures words format lock clean base test-base

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: base  ## set up, load the demonstration network, and serve it on this machine
	@.venv/bin/inmind demo --if-empty
	@exec .venv/bin/inmind serve --demo-links

test: test-base  ## the whole suite, tier by tier; some of it: make test TIERS="rules browser"
	@$(HERE) -m tests.tiers $(TIERS)

check: test-base  ## lint, types, import contract, laws of the house, migrations, documents, words
	@$(HERE) -m tests.gates $(GATES)

bench: test-base  ## how fast it is, each beside a plain way of doing the same
	@$(HERE) -m bench

docs: test-base  ## write the generated pages of docs/reference
	@$(HERE) -m inmind.reference

pictures: test-base  ## take the pictures of the documents anew, from the story's pages
	@INMIND_TAKE_PICTURES=1 $(HERE) -m pytest --quiet --no-header -n 0 tests/story/test_pictures.py -k "pages_show"

words: test-base  ## gather the words of the screens, and compile their translations
	@$(HERE) -m inmind.words

format: test-base  ## bring all Python files into the house's form
	@$(HERE) -m ruff check --quiet --fix . ; $(HERE) -m ruff format --quiet .

lock: test-base  ## resolve the requirements anew, with hashes and without addresses
	@$(LOCK) --group pyproject.toml:setup --output-file requirements/setup.txt
	@$(LOCK) pyproject.toml --output-file requirements/base.txt
	@$(LOCK) pyproject.toml --extra test --constraint requirements/base.txt --output-file requirements/test.txt
	@$(LOCK) pyproject.toml --extra card --constraint requirements/base.txt --output-file requirements/card.txt
	@$(LOCK) pyproject.toml --extra spark --constraint requirements/base.txt --output-file requirements/spark.txt
	@$(LOCK) --group pyproject.toml:bench --constraint requirements/test.txt --output-file requirements/bench.txt

clean:  ## remove what was set up and made here, except your data in var
	@rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage*
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

base test-base:
	@python="$(PYTHON)"; \
	test -n "$$python" || { echo "InMind needs Python 3.11 to 3.14, and found none. Name one: make PYTHON=/path/to/python" >&2; exit 1; }; \
	$$python setup/environment.py $(subst test-base,test,$@)
