# build.mk - libraries, the command `sse`, examples, `sse-chat`.
#
# SPDX-License-Identifier: MIT

obj := $(BUILD)/obj
lib := $(BUILD)/lib
objects = $(patsubst %.c,$(obj)/%.o,$1)

# Objects.  `extra` is what a folder needs beyond the common flags.
thread_flags := -pthread
$(obj)/adapters/% $(obj)/tools/% $(obj)/examples/% $(obj)/tests/%: \
    extra = $(thread_flags)
$(obj)/libsse/% $(obj)/adapters/%: building_flag := -DSSE_BUILDING
$(obj)/adapters/curl/% $(obj)/examples/common/%: \
    extra = $(thread_flags) $(curl_cflags)

$(obj)/%.o: %.c $(stamp)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(base_flags) $(building_flag) $(extra) \
	    -MMD -MP $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

-include $(patsubst %.o,%.d,$(wildcard $(obj)/*/*.o $(obj)/*/*/*.o \
    $(obj)/*/*/*/*.o $(obj)/*/*/*/*/*.o))

# Which adapters there are: asked for, with sources, and curl where libcurl
# is; what the hub needs comes along.  The tools link every adapter that needs
# nothing beyond the system.
unknown := $(filter-out llm sock hub curl,$(ADAPTERS))
$(if $(unknown),$(error ADAPTERS names llm sock hub curl, and no $(unknown)))
asked := $(ADAPTERS) $(if $(filter sock,$(ADAPTERS)),,$(if $(filter \
    hub,$(ADAPTERS)),sock))
present = $(foreach name,$1,$(if $(wildcard adapters/$(name)/*.c),$(name)))
adapters := $(filter-out $(if $(curl_libs),,curl),$(call present,$(asked)))
linked := $(sort $(call present,llm sock hub) $(filter curl,$(adapters)))

# Libraries.  What each is linked against comes after it on a command line.
libs_core := libsse
needs_libsse-llm := libsse
needs_libsse-sock := libsse
needs_libsse-hub := libsse-sock libsse
needs_libsse-curl := libsse
system_libsse-curl = $(curl_libs)
libraries := libsse $(adapters:%=libsse-%)
archive = $(1:%=$(lib)/%.a)

# Link order of all of them: each before what it needs.
order := libsse-hub libsse-curl libsse-sock libsse-llm libsse
link_libs := $(filter $(linked:%=libsse-%) libsse,$(order))

# $1 library, $2 its sources.
define library
$(lib)/$1.a: $(call objects,$2) $$(sources) $$(stamp)
	@mkdir -p $$(@D)
	$$(call say,AR,$$@)rm -f $$@ && $$(AR) rcs $$@ $$(filter %.o,$$^)

$(lib)/$1.so.$(ABI): $(lib)/$1.so.$(VERSION)
	$(Q)ln -sf $1.so.$(VERSION) $$@
$(lib)/$1.so: $(lib)/$1.so.$(ABI)
	$(Q)ln -sf $1.so.$(ABI) $$@
$(lib)/$1.so.$(VERSION): $(call objects,$2) $(BUILD)/gen/$1.map \
    $(needs_$1:%=$(lib)/%.so) $$(sources) $$(stamp)
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)$$(CC) -shared -Wl,-soname,$1.so.$(ABI) \
	    -Wl,--version-script=$(BUILD)/gen/$1.map \
	    $$(if $$(SAN),,-Wl,-z,defs) $$(sanitize) $(call library_pthread,$1) \
	    $$(CFLAGS) $$(LDFLAGS) -o $$@ $$(filter %.o,$$^) \
	    $(needs_$1:%=$(lib)/%.so) $$(system_$1)
endef
library_pthread = $(if $(filter libsse,$1),,$(thread_flags))
$(eval $(call library,libsse,$(wildcard libsse/*.c)))
# What stands in adapters/ itself, rules that clients share, goes into each
# library with a client.
clients := curl $(if $(wildcard adapters/sock/client*.c),sock)
adapter_sources = $(wildcard adapters/$1/*.c \
    $(if $(filter $1,$(clients)),adapters/*.c))
$(foreach name,$(sort $(linked) $(adapters)),$(eval \
    $(call library,libsse-$(name),$(call adapter_sources,$(name)))))

# Symbol versions carry the library's name and SONAME number, so that
# another library's functions of the same name do not meet ours.
$(BUILD)/gen/%.map: $(stamp)
	@mkdir -p $(@D)
	@printf '%s_%s {\n    global: sse_*;\n    local: *;\n};\n' \
	    $$(printf '%s' $* | tr a-z- A-Z_) $(ABI) >$@

## libs: the libraries alone
.PHONY: libs
libs: $(call archive,$(libraries)) $(if $(shared),$(libraries:%=$(lib)/%.so))
ifneq ($(building),)
ifeq ($(curl_libs),)
libs: no-curl
endif
endif

.PHONY: no-curl
no-curl:
	@echo 'libcurl $(if $(filter curl,$(ADAPTERS)),not found,not asked for):' \
	    'building without the curl adapter'

# Programs: $1 file, $2 objects, $3 further archives, $4 system libraries.
define program
$1: $2 $3 $$(call archive,$$(link_libs)) $$(stamp)
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)$$(CC) $$(sanitize) $$(thread_flags) $$(CFLAGS) \
	    $$(LDFLAGS) -o $$@ $2 $3 $$(call archive,$$(link_libs)) $4
endef

# Glue that the tools and examples share.  Files named curl_* need libcurl.
common_sources := $(wildcard examples/common/*.c)
ifeq ($(curl_libs),)
common_sources := $(filter-out examples/common/curl_%,$(common_sources))
endif
common := $(obj)/libcommon.a
$(common): $(call objects,$(common_sources)) $(sources) $(stamp)
	@mkdir -p $(@D)
	$(call say,AR,$@)rm -f $@ && $(AR) rcs $@ $(filter %.o,$^)

## tools: the command build/bin/sse
.PHONY: tools
sse_sources := $(wildcard tools/sse/*.c)
have_flags := $(foreach name,$(linked),-DSSE_HAVE_$(shell echo $(name) | \
    tr a-z A-Z)=1)
$(obj)/tools/sse/%: extra = $(thread_flags) $(curl_cflags) $(have_flags)
ifneq ($(sse_sources),)
tools: $(BUILD)/bin/sse
$(eval $(call program,$(BUILD)/bin/sse,$(call objects,$(sse_sources)), \
    $(common),$$(curl_libs)))
endif

## examples: the small examples, build/examples/*
.PHONY: examples
# Two of them need another loop's library, and libcurl, one needs another HTTP
# server; what is missing is told and left out.
$(eval $(call lazy_probe,libuv,libuv,setup-test))
$(eval $(call lazy_probe,libevent,libevent_pthreads,setup-test))
$(eval $(call lazy_probe,microhttpd,libmicrohttpd,setup-test))
example_sources := $(wildcard examples/*.c)
example_loop = $(filter libuv libevent,$(patsubst %_client.c,%,$(notdir $1)))
example_libs = $(if $(or $(findstring curl,$1),$(call example_loop,$1)), \
    $$(curl_libs)) $(foreach name,$(call example_loop,$1),$$($(name)_libs)) \
    $(if $(findstring microhttpd,$1),$$(microhttpd_libs))
ifeq ($(curl_libs),)
example_lacks := $(filter examples/curl_% examples/lib%,$(example_sources))
else ifneq ($(filter examples check%,$(MAKECMDGOALS)),)
example_lacks := $(if $(call probe,libuv,libs),,examples/libuv_client.c) \
    $(if $(call probe,libevent_pthreads,libs),,examples/libevent_client.c)
endif
ifneq ($(filter examples check%,$(MAKECMDGOALS)),)
example_lacks += $(if $(call \
    probe,libmicrohttpd,libs),,examples/microhttpd_server.c)
endif
example_sources := $(filter-out $(example_lacks),$(example_sources))
examples: $(if $(strip $(example_lacks)),lacking-examples) \
    $(example_sources:examples/%.c=$(BUILD)/examples/%)
.PHONY: lacking-examples
lacking-examples:
	@echo 'examples: for want of a library these are left out:' \
	    '$(strip $(example_lacks))'
$(obj)/examples/%_client.o: extra = $(thread_flags) $(curl_cflags) \
    $(foreach name,$(call example_loop,$*_client.c),$($(name)_cflags))
$(obj)/examples/microhttpd_server.o: extra = $(thread_flags) \
    $(microhttpd_cflags)
$(foreach source,$(example_sources),$(eval $(call program, \
    $(source:examples/%.c=$(BUILD)/examples/%),$(call objects,$(source)), \
    $(common),$(call example_libs,$(source)))))

# sse-chat.  All but main.c is an archive, which the unit tests link too.
## chat: the example server build/bin/sse-chat
.PHONY: chat
chat_sources := $(sort $(wildcard $(foreach depth,* */* */*/* */*/*/*, \
    examples/chat/$(depth).c)))
chat_page := $(sort $(filter-out $(patsubst %/,%,$(wildcard \
    examples/chat/page/*/)),$(wildcard examples/chat/page/* \
    examples/chat/page/*/*)))
chat_lib := $(obj)/libchat.a
chat_system = $(curl_libs) $(sqlite3_libs) $(jansson_libs) $(libcrypto_libs) \
    -lm
$(obj)/examples/chat/% $(obj)/gen/% $(obj)/tests/chat/%: extra = \
    $(thread_flags) $(curl_cflags) $(sqlite3_cflags) $(jansson_cflags) \
    $(libcrypto_cflags) -Iexamples/chat -Iexamples -I$(BUILD)/gen
$(call objects,$(chat_sources)): | $(BUILD)/gen/page_files.h
$(chat_lib): $(call objects,$(filter-out %/main.c,$(chat_sources))) \
    $(obj)/gen/page_files.o $(sources) $(stamp)
	@mkdir -p $(@D)
	$(call say,AR,$@)rm -f $@ && $(AR) rcs $@ $(filter %.o,$^)

chat: $(BUILD)/bin/sse-chat
$(eval $(call program,$(BUILD)/bin/sse-chat, \
    $(call objects,$(filter %/main.c,$(chat_sources))), \
    $(chat_lib) $(common),$$(chat_system)))
ifneq ($(building),)
ifeq ($(curl_libs),)
$(BUILD)/bin/sse-chat: need-curl
endif
endif
.PHONY: need-curl
need-curl:
	@echo 'sse-chat needs libcurl (`make setup-build` gets it)' >&2; exit 1

# The page travels in the program.  The tool that packs it runs here, also
# when everything else is compiled for another machine.
$(BUILD)/gen/embed: tools/embed/embed.c $(stamp)
	@mkdir -p $(@D)
	$(call say,HOSTCC,$<)$(HOSTCC) -std=c99 -O1 $(warnings) \
	    $(if $(filter 1,$(WERROR)),-Werror) -o $@ $<
$(BUILD)/gen/page_files.c: $(BUILD)/gen/embed $(chat_page) \
    $(wildcard examples/chat/page)
	$(call say,EMBED,$@)$(BUILD)/gen/embed examples/chat/page $@ \
	    $(BUILD)/gen/page_files.h $(chat_page)
$(BUILD)/gen/page_files.h: $(BUILD)/gen/page_files.c ;
$(obj)/gen/page_files.o: $(BUILD)/gen/page_files.c $(stamp)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(base_flags) $(extra) $(CPPFLAGS) $(CFLAGS) \
	    -c -o $@ $<
