# Two commands are enough: `make run` and `make test`. Each sets up what it needs first.
PY := .venv/bin/python
export OPENBLAS_NUM_THREADS ?= 1
export PYTHONUTF8 := 1
# Where Python may not keep what it compiles, every start and every test compiles it again.
unexport PYTHONDONTWRITEBYTECODE

LOCK := .tools/bin/uv pip compile -q --no-config --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11 --universal

.PHONY: run test check static lint format types architecture docs pages drill bench load screens lock changelog wheel clean distclean setup setup-run
.DEFAULT_GOAL := run

run: setup-run  ## the report of the Chenzhou chain, then the workbench with that chain in it, until Ctrl-C
	@$(PY) -m liantu report chenzhou --out build/report
	@LIANTU_HOME="$${LIANTU_HOME:-$(CURDIR)/.liantu}" $(PY) -m liantu serve

test: setup  ## the whole test suite, and what the workbench stores once more on PostgreSQL
	@$(PY) -m pytest -q -n 3 --dist loadscope
	@tools/postgres.sh $(PY) -m pytest -q -n 3 --dist loadscope tests/web --ignore tests/web/browser --ignore tests/web/config --ignore tests/web/api/test_description.py --ignore tests/web/test_rights.py

check: static test  ## everything a change must pass

static: setup lint types architecture docs  ## everything but the tests

lint: setup
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .

format: setup  ## lay the code out
	@$(PY) -m ruff check -q --fix-only .
	@$(PY) -m ruff format .

types: setup
	@$(PY) -m mypy

architecture: setup
	@.venv/bin/lint-imports --no-cache

docs: setup  ## the manual, in build/docs/index.html
	@$(PY) -m sphinx -q -W --keep-going -b html docs build/docs

pages: setup  ## renew what the commands on the pages print; read the change before you keep it
	@$(PY) tools/pages.py

drill: setup  ## kills server, worker and jobs a hundred times at random; TIMES=10 for fewer
	@$(PY) -m tools.kills $(TIMES)

bench: setup  ## ours against peers, measured in one run
	@$(PY) -m benchmarks

load: setup  ## how fast the workbench answers when it is full and many ask at once (`make load ON=postgres`)
	@$(if $(filter postgres,$(ON)),tools/postgres.sh) $(PY) -m benchmarks.load

screens: setup  ## renew the pictures of the workbench in the manual; look at each before you keep it
	@$(PY) -m tools.screens

wheel: setup  ## build/dist/liantu-*.whl
	@.tools/bin/uv build -q --no-config --wheel --no-build-isolation --python $(PY) -o build/dist .

lock: setup  ## renew requirements/*.txt (`make lock UPGRADE=-U` for newer versions)
	@$(LOCK) $(UPGRADE) pyproject.toml -o requirements/core.txt
	@$(LOCK) $(UPGRADE) pyproject.toml --extra web -o requirements/web.txt
	@$(LOCK) $(UPGRADE) --group build -o requirements/build.txt
	@$(LOCK) $(UPGRADE) pyproject.toml --extra web --group dev -o requirements/dev.txt

changelog: setup  ## gather changelog.d into CHANGELOG.md
	@.venv/bin/towncrier build --yes --version $$($(PY) -c 'import liantu; print(liantu.__version__)')

setup:
	@tools/setup.sh test

setup-run:
	@tools/setup.sh run

clean:  ## what was built
	rm -rf build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

distclean: clean  ## and what was installed
	rm -rf .venv .tools node_modules src/liantu/report/assets/echarts.min.js
