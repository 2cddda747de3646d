# quality.mk - what is measured and proved beyond the tests.
#
# SPDX-License-Identifier: MIT

## amalgam: the core as two files, build/amalgam/sse.h and sse.c
.PHONY: amalgam
amalgam: $(BUILD)/amalgam/sse.c
$(BUILD)/amalgam/sse.c: libsse/amalgam.sh LICENSE $(wildcard libsse/*.[ch] \
    include/sse/*.h)
	$(call say,GEN,$(@D))libsse/amalgam.sh $(@D)

## size: what the core takes of a microcontroller
.PHONY: size
size:
	$(Q)scripts/sizes $(BUILD)/sizes

## check-machines: the tests of the core on other machines (gets cross compilers)
.PHONY: check-machines
check-machines:
	$(Q)scripts/setup build machines
	$(Q)scripts/machines $(BUILD)/machines

## coverage: every branch of the core, the source and the JSON cursor is tested
.PHONY: coverage
coverage:
	$(Q)scripts/coverage $(BUILD)/coverage
