# bench.mk - how fast the core is, and that it does not get slower.
#
# SPDX-License-Identifier: MIT

bench_objects := $(call objects,$(wildcard bench/*.c))
bench := $(BUILD)/bin/sse-bench
$(bench): $(bench_objects) $(lib)/libsse.a $(stamp)
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(sanitize) $(CFLAGS) $(LDFLAGS) -o $@ \
	    $(bench_objects) $(lib)/libsse.a

# tests/cli/bench.sh asks it questions.
check-programs: $(bench)

## bench: build and run build/bin/sse-bench: tables of the parser and writer
.PHONY: bench
bench: $(bench)
	$(Q)bench/tables $(bench)

## bench-check: nothing takes more instructions than bench/baseline.txt says
.PHONY: bench-check bench-baseline
bench-check: $(bench)
	$(Q)scripts/setup bench
	$(Q)bench/instructions check $(bench)

## bench-baseline: write bench/baseline.txt anew, for this compiler
bench-baseline: $(bench)
	$(Q)scripts/setup bench
	$(Q)bench/instructions renew $(bench)
