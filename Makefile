# Everything sets itself up: Odoo, Python, PostgreSQL. `make help` lists the targets.

PYTHON ?= $(shell command -v /usr/bin/python3 || command -v python3)
DEV := $(PYTHON) -m dev
export DEMO_DB DEMO_PORT

# one line per target: what follows the colon is what `make help` prints
.PHONY: help
help: ## this list
	@sed -nE 's/^([a-z0-9-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

.PHONY: demo
demo: ## a running Odoo with a believable book; prints URL, logins and mailbox (DEMO_PORT=, DEMO_DB=)
	@$(DEV) demo

.PHONY: test
test: ## every test, warnings included (ARGS="cobranza_management/tests/test_x.py -k word")
	@$(DEV) test $(ARGS)

.PHONY: test-odoo
test-odoo: ## the add-ons' tests under Odoo's own runner
	@$(DEV) test-odoo $(ARGS)

.PHONY: bench
bench: ## measure beside the alternatives (ARGS= is passed to the benchmarks)
	@$(DEV) bench $(ARGS)

.PHONY: lint
lint: ## style, formatting, pylint-odoo (ARGS=--fix repairs what can be)
	@$(DEV) lint $(ARGS)

.PHONY: shell
shell: ## Odoo's shell on the demo's database
	@$(DEV) shell $(ARGS)

.PHONY: shots
shots: ## pictures of the real screens, from the running demo
	@$(DEV) shots $(ARGS)

.PHONY: i18n
i18n: ## the add-ons' terms into their .pot and .po files
	@$(DEV) i18n

.PHONY: up
up: ## start PostgreSQL and keep it running
	@$(DEV) up

.PHONY: stop
stop: ## stop the demo and PostgreSQL
	@$(DEV) stop

.PHONY: clean
clean: ## stop everything and delete this clone's databases (the user's cache stays)
	@$(DEV) clean

.PHONY: lock
lock: ## resolve the three requirement files into requirements.lock again
	@$(DEV) lock

.PHONY: update-odoo
update-odoo: ## take the newest revision of Debian's package of Odoo
	@$(DEV) update-odoo
