# config.mk - compiler flags, and what the system has.
#
# SPDX-License-Identifier: MIT

#= CC CFLAGS: compiler and its options (-O2); CPPFLAGS, LDFLAGS, AR alike
#= BUILD: where everything goes (build)
#= SAN: sanitizers, such as SAN=address,undefined
#= WERROR: WERROR=1 makes warnings errors
#= SHARED STATIC: yes or no: which kinds of library to build and install
#= ADAPTERS: which of llm sock hub curl to build and install; hub brings sock
#= V: V=1 shows whole commands

# Output: `CC file`, or the commands themselves.
Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-7s %s\n' $1 '$(patsubst \
    $(BUILD)/%,%,$2)';)

# A value as one word of a shell command.
quote = '$(subst ','\'',$1)'

enabled = $(filter-out no 0 off false,$1)
system := $(shell uname -s 2>/dev/null)

# Shared libraries are made where objects are ELF.
ifneq ($(filter Darwin CYGWIN% MINGW% MSYS%,$(system)),)
shared :=
else
shared := $(call enabled,$(SHARED))
endif
static := $(call enabled,$(STATIC))

warnings := -Wall -Wextra -pedantic -Wconversion -Wsign-conversion -Wshadow \
    -Wcast-qual -Wcast-align -Wstrict-prototypes -Wmissing-prototypes \
    -Wundef -Wvla -Wwrite-strings -Wswitch-enum -Wc++-compat
sanitize := $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all \
    -fno-omit-frame-pointer -g)

# Objects are compiled once, for both kinds of library.
base_flags := -std=c99 $(warnings) $(if $(filter 1,$(WERROR)),-Werror) \
    -fvisibility=hidden -fPIC -fno-semantic-interposition $(sanitize) \
    -Iinclude -I.

# Libraries of the system.  scripts/probe answers with options; it keeps
# a found one in $(BUILD)/probe and looks again for a missing one.
probe = $(shell CC=$(call quote,$(CC)) \
    FLAGS=$(call quote,$(CPPFLAGS) $(CFLAGS) $(sanitize) $(LDFLAGS)) \
    PKG_CONFIG=$(call quote,$(PKG_CONFIG)) \
    scripts/probe $(call quote,$(BUILD)/probe) $1 $2)

# Looked for when a recipe first asks: $1 prefix of the variables, $2 name.
define lazy_probe
$1_cflags = $$(eval $1_cflags := $$(call probe,$2,cflags))$$($1_cflags)
$1_libs = $$(eval $1_libs := $$(or $$(call probe,$2,libs),$$(error \
    $2 is not installed (`make $3` gets it))))$$($1_libs)
endef
$(eval $(call lazy_probe,sqlite3,sqlite3,setup-build))
$(eval $(call lazy_probe,jansson,jansson,setup-build))
$(eval $(call lazy_probe,libcrypto,libcrypto,setup-build))
$(eval $(call lazy_probe,cmocka,cmocka,setup-test))

# libcurl decides what is built, so it is looked for at once.
ifneq ($(building),)
curl_libs := $(if $(filter curl,$(ADAPTERS)),$(call probe,libcurl,libs))
curl_cflags := $(if $(curl_libs),$(call probe,libcurl,cflags))
endif

# Files that are rewritten only when what they say is no longer true: objects
# depend on the flags they were compiled with, what is made of many objects on
# the list of sources, so that a file taken away leaves nothing behind.
flags_now = $(CC) $(base_flags) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) \
    $(curl_cflags) $(curl_libs) abi=$(ABI) version=$(VERSION)
sources_now = $(wildcard libsse/*.c adapters/*.c adapters/*/*.c tools/*/*.c \
    examples/*/*.c examples/*/*/*.c examples/*/*/*/*.c tests/support/*.c)
stamp := $(BUILD)/flags
sources := $(BUILD)/sources
$(stamp): FORCE
	@command -v $(firstword $(CC)) >/dev/null 2>&1 || { echo '$(firstword \
	    $(CC)): no such compiler (`make setup-build` gets one)' >&2; exit 1; }
	@mkdir -p $(@D)
	@$(call rewrite,$(flags_now))
$(sources): FORCE
	@mkdir -p $(@D)
	@$(call rewrite,$(sources_now))
rewrite = printf '%s\n' $(call quote,$1) | cmp -s - $@ || \
    printf '%s\n' $(call quote,$1) >$@

.PHONY: FORCE
FORCE:
