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

#= RUNS ROWS: how often (3) and which rows `make bench-server` measures
# Servers of streams beside a floor; Linux alone.
bench_servers := load floor streams
bench_server_load := $(wildcard bench/server/load*.c)
bench_server_floor := $(wildcard bench/server/floor*.c)
bench_server_streams := bench/server/streams.c
server_programs := $(bench_servers:%=$(BUILD)/bench/sse-bench-%)
$(foreach name,$(bench_servers),$(eval $(call program, \
    $(BUILD)/bench/sse-bench-$(name),$(call \
    objects,$(bench_server_$(name))),,$$(curl_libs))))

# tests/cli/bench_server.sh asks whether they are right.
ifeq ($(system),Linux)
check-programs: $(server_programs)
endif

## bench-server: the floor and `sse serve` under load: deliveries, CPU, memory
.PHONY: bench-server bench-rivals-server
bench-server: $(server_programs) tools
	$(Q)bench/server/run $(BUILD) floor serve

## bench-rivals-server: the same with nginx + nchan and Go's fasthttp (gets them)
bench-rivals-server: $(server_programs) tools
	$(Q)scripts/setup rivals-server
	+$(Q)$(MAKE) $(BUILD)/bench/fasthttp
	$(Q)bench/server/run $(BUILD) floor serve nchan fasthttp

# With the packages of the system alone.
$(BUILD)/bench/fasthttp: bench/server/rivals/fasthttp.go
	@mkdir -p $(@D)
	$(call say,GO,$<)GOPATH=/usr/share/gocode GO111MODULE=off GOFLAGS= \
	    GOCACHE=$(call quote,$(build_dir)/go) go build -o $@ $<

## bench-rivals: parsers, writers and servers of other languages, too
.PHONY: bench-rivals bench-rivals-core
bench-rivals: bench-rivals-core
	+$(Q)$(MAKE) bench-rivals-server

## bench-rivals-core: parsers and writers alone
bench-rivals-core: $(bench)
	$(Q)scripts/setup rivals || echo 'bench-rivals: going on with what is there'
	$(Q)bench/rivals/run $(bench) $(BUILD)/rivals

## bench-plot: draw build/performance.svg, the picture of docs/performance.md
.PHONY: bench-plot
bench-plot: $(bench)
	$(Q)bench/plot $(bench) >$(BUILD)/performance.svg
	@echo $(BUILD)/performance.svg

# Thousands of streams in one thread, and thousands of connections one after
# another; tests/cli/bench_clients.sh runs both for a moment.
streams_sources := $(wildcard bench/streams/*.c)
$(obj)/bench/streams/%: extra = $(thread_flags) $(curl_cflags) $(have_flags)
$(eval $(call program,$(BUILD)/bench/sse-bench-clients,$(call \
    objects,$(streams_sources)),$(common),$$(curl_libs)))
check-programs: $(BUILD)/bench/sse-bench-clients

#= STREAMS RECONNECTS: how many for bench-streams (5000) and soak-client (10000)
STREAMS ?= 5000
RECONNECTS ?= 10000
.PHONY: bench-streams soak-client
## bench-streams: memory of a stream and time of an event, 5,000 in a thread
bench-streams: $(BUILD)/bench/sse-bench-clients
	$(Q)$< --streams $(STREAMS)

## soak-client: 10,000 reconnects; files and heap have to stay flat
soak-client: $(BUILD)/bench/sse-bench-clients
	$(Q)$< --soak $(RECONNECTS)
