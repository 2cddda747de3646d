# test.mk - test programs, checks, fuzzing.
#
# SPDX-License-Identifier: MIT

#= ONLY: run only the tests whose name contains one of these words
#= JOBS: how many tests run at a time (2)
#= LIMIT: seconds one test program may take (600; with SAN 900)
#= SOAK_SECONDS: how long `make soak` goes on (600)
#= FUZZ_SECONDS: how long `make fuzz` gives each target (60)

# Relative names work in the tree, absolute ones in any folder a test is in.
build_dir := $(abspath $(BUILD))

# What tests share.  An archive, so that a program gets only what it uses.
support := $(obj)/libsupport.a
support_sources := $(wildcard tests/support/*.c)
$(support): $(call objects,$(support_sources)) $(sources) $(stamp)
	@mkdir -p $(@D)
	$(call say,AR,$@)rm -f $@ && $(AR) rcs $@ $(filter %.o,$^)

# tests/core is plain C; tests/ and tests/chat use cmocka.
core_tests := $(wildcard tests/core/test_*.c)
unit_tests := $(wildcard tests/test_*.c)
chat_tests := $(wildcard tests/chat/test_*.c)
ifeq ($(curl_libs),)
unit_tests := $(filter-out tests/test_curl%,$(unit_tests))
chat_tests :=
endif
tests_in = $(1:%.c=$(BUILD)/%)

$(obj)/tests/%: extra = $(thread_flags) -Itests $(cmocka_cflags)
$(obj)/tests/core/% $(obj)/tests/support/%: extra = $(thread_flags) -Itests
$(obj)/tests/test_curl%: extra = $(thread_flags) -Itests $(cmocka_cflags) \
    $(curl_cflags)
$(obj)/tests/chat/%: extra = $(thread_flags) -Itests $(cmocka_cflags) \
    $(curl_cflags) $(sqlite3_cflags) $(jansson_cflags) \
    $(libcrypto_cflags) -Iexamples/chat -Iexamples -I$(BUILD)/gen
$(call objects,$(chat_tests)): | $(BUILD)/gen/page_files.h

define core_test
$(BUILD)/$(1:.c=): $(call objects,$1) $(support) $(lib)/libsse.a $$(stamp)
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)$$(CC) $$(sanitize) $$(CFLAGS) $$(LDFLAGS) -o $$@ \
	    $(call objects,$1) $(support) $(lib)/libsse.a
endef
$(foreach source,$(core_tests),$(eval $(call core_test,$(source))))
$(foreach source,$(unit_tests),$(eval $(call program,$(source:%.c=$(BUILD)/%), \
    $(call objects,$(source)),$(support) $(common), \
    $$(cmocka_libs) $(if $(findstring curl,$(source)),$$(curl_libs)))))
$(foreach source,$(chat_tests),$(eval $(call program,$(source:%.c=$(BUILD)/%), \
    $(call objects,$(source)),$(support) $(chat_lib) $(common), \
    $$(cmocka_libs) $$(chat_system))))

# Fuzz targets.  Any compiler makes the replay of a corpus out of them; the
# search itself needs clang's libFuzzer.
fuzz_targets := $(filter-out $(if $(curl_libs),,curl_%), \
    $(patsubst fuzz/fuzz_%.c,%,$(wildcard fuzz/fuzz_*.c)))
fuzz_shared := $(obj)/libfuzz.a
$(fuzz_shared): $(call objects,$(filter-out fuzz/fuzz_%.c \
    fuzz/standalone.c,$(wildcard fuzz/*.c))) $(stamp)
	@mkdir -p $(@D)
	$(call say,AR,$@)rm -f $@ && $(AR) rcs $@ $(filter %.o,$^)
fuzz_needs := $(fuzz_shared) $(support) $(call archive,$(link_libs))
fuzz_system = $(thread_flags) $(if $(filter curl_%,$1),$(curl_libs))
$(obj)/fuzz/%: extra = -Itests $(curl_cflags)

define fuzz_target
$(BUILD)/fuzz/replay_$1: $(obj)/fuzz/fuzz_$1.o $(obj)/fuzz/standalone.o \
    $(fuzz_needs) $$(stamp)
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)$$(CC) $$(sanitize) $$(CFLAGS) $$(LDFLAGS) -o $$@ \
	    $$(filter %.o,$$^) $(fuzz_needs) $$(call fuzz_system,$1)
$(BUILD)/fuzz/fuzz_$1: $(obj)/fuzz/fuzz_$1.o $(fuzz_needs) $$(stamp)
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)$$(CC) -fsanitize=fuzzer $$(sanitize) $$(CFLAGS) \
	    $$(LDFLAGS) -o $$@ $$(filter %.o,$$^) $(fuzz_needs) \
	    $$(call fuzz_system,$1)
endef
$(foreach target,$(fuzz_targets),$(eval $(call fuzz_target,$(target))))
fuzz_replays := $(fuzz_targets:%=$(BUILD)/fuzz/replay_%)

.PHONY: fuzz-programs
fuzz-programs: $(fuzz_targets:%=$(BUILD)/fuzz/fuzz_%)

## fuzz: search for inputs that break a property (clang; FUZZ_SECONDS=60 each)
.PHONY: fuzz
FUZZ_CC ?= clang
FUZZ_SECONDS ?= 60
fuzz:
	+$(Q)$(MAKE) BUILD=$(BUILD)/fuzzing CC=$(FUZZ_CC) \
	    SAN=fuzzer-no-link,address,undefined fuzz-programs
	$(Q)scripts/fuzz $(BUILD)/fuzzing $(FUZZ_SECONDS) $(fuzz_targets)

## soak-server: churn at the hub under AddressSanitizer (SOAK_SECONDS=600)
.PHONY: soak-server
soak-server:
	+$(Q)$(MAKE) BUILD=$(BUILD)/soak SAN=address,undefined \
	    $(BUILD)/soak/tests/test_hub_soak
	$(Q)SOAK_SECONDS=$(or $(SOAK_SECONDS),600) $(BUILD)/soak/tests/test_hub_soak

# Running.  Scripts are run by what they are written in; those that listen,
# load or draw come one at a time after the others.
JOBS ?= 2
LIMIT ?= $(if $(SAN),900,600)
ONLY ?=
script_tests := $(sort $(wildcard tests/check_*.sh tests/cli/*.sh))
slow_tests := $(sort $(wildcard tests/net/*.sh tests/net/*.mjs))
web_tests := $(sort $(wildcard tests/web/*.mjs tests/web/*.sh))
test_programs = $(call tests_in,$(core_tests) $(unit_tests) $(chat_tests))

export_env = BUILD=$(call quote,$(build_dir)) TOP=$(call quote,$(CURDIR)) \
    CC=$(call quote,$(CC)) CXX=$(call quote,$(CXX)) \
    AR=$(call quote,$(AR)) MAKE=$(call quote,$(MAKE)) \
    PKG_CONFIG=$(call quote,$(PKG_CONFIG)) \
    SAN_FLAGS=$(call quote,$(sanitize)) LIMIT=$(LIMIT) JOBS=$(JOBS) \
    ONLY=$(call quote,$(ONLY))
run_tests = $(export_env) scripts/run-tests

.PHONY: check-all check-programs
check-programs: all examples $(test_programs) $(fuzz_replays) \
    $(if $(curl_libs),chat)
check-all: check-programs node-modules
	$(Q)$(run_tests) $(test_programs) $(script_tests) \
	    -- $(slow_tests) $(web_tests)

## check-quick: what `check` runs but for servers and browser; no set-up
.PHONY: check-quick
check-quick: check-programs
	$(Q)$(run_tests) $(test_programs) $(script_tests)

## check-core: the tests of the core alone; needs only a C compiler
.PHONY: check-core
check-core: $(call tests_in,$(core_tests))
	$(Q)$(run_tests) $(call tests_in,$(core_tests))

# Every test program with threads of its own, under the thread sanitizer.
thread_tests := $(call tests_in,$(filter tests/test_%threads.c \
    tests/test_curl_storm.c tests/test_sock_client_storm.c \
    tests/test_curl_loop.c tests/test_loop_calls.c tests/chat/test_store.c, \
    $(unit_tests) $(chat_tests)))
.PHONY: check-threads check-threads-built
## check-threads: the tests with threads under TSan, in build/tsan; no set-up
check-threads:
	+$(Q)$(MAKE) BUILD=$(BUILD)/tsan SAN=thread check-threads-built
check-threads-built: $(thread_tests)
	$(Q)$(run_tests) $(thread_tests)

## check-net: the tests against real servers and clients; no set-up
.PHONY: check-net check-web
check-net: check-programs node-modules
	$(Q)$(run_tests) -- $(slow_tests)

## check-web: the tests of the page in a browser; no set-up
check-web: check-programs node-modules
	$(Q)$(run_tests) -- $(web_tests)

## soak: sse-chat under 200 clients for ten minutes (SOAK_SECONDS=600)
.PHONY: soak
SOAK_SECONDS ?= 600
soak_results := $(build_dir)/tests/results/tests:net:chat_soak.mjs.out
soak: chat node-modules
	@echo '$(SOAK_SECONDS) seconds ...'
	$(Q)status=0; sums=$$($(export_env) SOAK_SECONDS=$(SOAK_SECONDS) \
	    LIMIT=$$(($(SOAK_SECONDS) + 120)) ONLY= scripts/run-tests -- \
	    tests/net/chat_soak.mjs) || status=$$?; \
	    sed -n 's/^# //p' $(call quote,$(soak_results)); \
	    printf '%s\n' "$$sums"; exit $$status

# Packages of the scripts in JavaScript.  Node looks for them beside the file
# it runs, so the scripts are run from copies and nothing is written here.
node := $(BUILD)/node
.PHONY: node-modules
node-modules:
ifneq ($(wildcard tests/package-lock.json),)
node-modules: $(node)/installed
endif
$(node)/installed: tests/package.json tests/package-lock.json
	@mkdir -p $(node)
	@cp tests/package.json tests/package-lock.json $(node)/
	$(call say,NPM,tests/package-lock.json)cd $(node) && \
	    { test -w "$$HOME" || export npm_config_cache="$$PWD/cache"; } && \
	    npm ci --include=dev --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
