# Two commands do everything on a fresh Debian 12 machine: `make run` and `make test`.
# The build itself is CMake's (CMakePresets.json); this file only names the common ways to call it.
BUILD := build/release
JOBS ?= $(shell nproc)
PREFIX ?= /usr/local

# Of `make fuzz-raft` and `make fuzz-libraft`.
FUZZ_ARGS ?= --seconds 600

.PHONY: run test build setup install fuzz-raft fuzz-libraft format check-format check-style clean

# Installs what is missing, builds, checks examples/Lease.tla and shows its counterexample.
run:
	@scripts/setup
	@$(MAKE) --no-print-directory build
	@scripts/demo $(BUILD)/fathom

test:
	@scripts/setup
	@$(MAKE) --no-print-directory build
	@ctest --test-dir $(BUILD) -j $(JOBS) --output-on-failure

build:
	@test -f $(BUILD)/build.ninja || cmake --preset release >/dev/null
	@cmake --build $(BUILD) -j $(JOBS) $(if $(MAKE_TERMOUT),,-- --quiet)

setup:
	@scripts/setup

# Fuzzes our Raft; MISTAKE=1 to 12 builds it with one; MODEL=1 holds each event against Raft.tla.
# Findings go to build/findings.
MISTAKE ?= 0
MODEL ?=
fuzz-raft:
	@scripts/setup
	@$(MAKE) --no-print-directory build
	@protocols/raft/build-raft $(BUILD) $(MISTAKE)
	@$(BUILD)/fathom fuzz --out build/findings $(FUZZ_ARGS) \
	    $(if $(MODEL),protocols/raft/RaftMap.tla) \
	    $(BUILD)/raft$(if $(filter-out 0,$(MISTAKE)),-$(MISTAKE)).so

# Fuzzes Debian 12's libraft, each event held against Raft.tla; MODEL=0: its properties only. Findings go to
# build/findings.
fuzz-libraft:
	@scripts/setup --libraft
	@$(MAKE) --no-print-directory build
	@protocols/raft/build-libraft $(BUILD)
	@$(BUILD)/fathom fuzz --out build/findings $(FUZZ_ARGS) \
	    $(if $(filter 0,$(MODEL)),,protocols/raft/LibraftMap.tla) $(BUILD)/libraft.so

install: build
	@cmake --install $(BUILD) --prefix $(PREFIX)

format:
	@scripts/check-format --fix

check-format:
	@scripts/check-format

check-style:
	@scripts/check-style

clean:
	rm -rf build
