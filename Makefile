# Makefile - builds, tests and installs libsse; `make help` says what there is.
#
# SPDX-License-Identifier: MIT
#
# GNU make, 3.82 or later.  Everything goes under $(BUILD); the tree itself is
# never written to.  Sources are found by wildcard: a new file in a folder
# below is part of what that folder makes.
#
#   mk/config.mk   compiler flags, what the system has
#   mk/build.mk    libraries, the command `sse`, examples, `sse-chat`
#   mk/test.mk     test programs, checks, fuzzing
#   mk/install.mk  install, uninstall, dist
#   mk/quality.mk  amalgamation, sizes, other machines, coverage
#   mk/bench.mk    benchmarks

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory

# The caller's.  Given ones are used as they are, after our own flags.
BUILD ?= build
CFLAGS ?= -O2
CPPFLAGS ?=
LDFLAGS ?=
SHARED ?= yes
STATIC ?= yes
ADAPTERS ?= llm sock hub curl
SAN ?=
WERROR ?=
PKG_CONFIG ?= pkg-config
HOSTCC ?= $(CC)
CXX ?= c++
V ?=

ifneq ($(words $(BUILD)),1)
$(error BUILD="$(BUILD)" is no name that make can use: empty, or with a space)
endif

# SONAME of every library here: raised on an incompatible change, separate
# from the release number.
ABI := 0

# The release number is written down in one header alone.
version_part = $(shell sed -n \
    's/^.define SSE_VERSION_$1 *//p' include/sse/version.h)
VERSION := $(call version_part,MAJOR).$(call version_part,MINOR).$(call \
    version_part,PATCH)

# These goals need no compiler, so that they work where none is yet.
unbuilt := help clean dist run check setup setup-build setup-test setup-ci \
    amalgam size check-machines coverage
building := $(filter-out $(unbuilt),$(or $(MAKECMDGOALS),all))

# The two whole commands use all processors, unless -j says otherwise.
parallel = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell \
    getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2))

include mk/config.mk
include mk/build.mk
include mk/test.mk
include mk/install.mk
include mk/quality.mk
include mk/bench.mk

## all: libraries and build/bin/sse (the default; needs only a C compiler)
.PHONY: all
all: libs tools

## run: get what building needs, build sse-chat and start it (ARGS=...)
.PHONY: run
run: setup-build
	+$(Q)$(MAKE) $(parallel) chat
	$(Q)exec $(BUILD)/bin/sse-chat $(ARGS)

## check: get what testing needs, build everything and run every test
.PHONY: check
check: setup-test
	+$(Q)$(MAKE) $(parallel) check-all

## setup-build: get the packages that building sse-chat needs
.PHONY: setup setup-build setup-test setup-ci
setup setup-build:
	$(Q)scripts/setup build

## setup-test: get the packages that the tests need as well
setup-test:
	$(Q)scripts/setup build test

## setup-ci: get the packages for a second compiler and fuzzing as well
setup-ci:
	$(Q)scripts/setup build test ci

## clean: remove everything that was built
.PHONY: clean
clean:
	$(Q)rm -rf -- $(BUILD)

## help: this list
.PHONY: help
help:
	@echo 'Targets:'
	@sed -n 's/^## \([a-z-]*\): /\1\t/p' Makefile mk/*.mk | \
	    awk -F '\t' '{ printf "  %-20s%s\n", $$1, $$2 }'
	@echo 'Variables (make NAME=VALUE):'
	@sed -n 's/^#= \([A-Z][A-Z_ ]*\): /\1\t/p' mk/*.mk | \
	    awk -F '\t' '{ printf "  %-20s%s\n", $$1, $$2 }'
