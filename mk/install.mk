# install.mk - install, uninstall, dist.
#
# SPDX-License-Identifier: MIT

#= PREFIX: where to install (/usr/local); LIBDIR, INCLUDEDIR, BINDIR,
#= PKGCONFIGDIR MANDIR: below PREFIX unless given; lower-case names as well
#= DESTDIR: put before all of them: a staging directory

PREFIX ?= $(or $(prefix),/usr/local)
LIBDIR ?= $(or $(libdir),$(PREFIX)/lib)
BINDIR ?= $(or $(bindir),$(PREFIX)/bin)
INCLUDEDIR ?= $(or $(includedir),$(PREFIX)/include)
PKGCONFIGDIR ?= $(or $(pkgconfigdir),$(LIBDIR)/pkgconfig)
MANDIR ?= $(or $(mandir),$(PREFIX)/share/man)
CMAKEDIR ?= $(LIBDIR)/cmake/libsse
INSTALL ?= install

# To make a space is the end of a word.  So one in these names stands as a
# mark until a command gets it.
empty :=
space := $(empty) $(empty)
mark := @SPACE@
unmarked = $(subst $(mark),$(space),$1)
$(foreach name,PREFIX LIBDIR BINDIR INCLUDEDIR PKGCONFIGDIR MANDIR CMAKEDIR, \
    $(eval override $(name) := $$(subst $$(space),$$(mark),$$($(name)))))

# An adapter brings its headers; what is nobody's is the core's.
headers_llm := llm.h json.h
headers_sock := sock.h client.h
headers_hub := hub.h
headers_curl := curl.h
adapter_headers := $(headers_llm) $(headers_sock) $(headers_hub) \
    $(headers_curl)
core_headers := $(filter-out $(adapter_headers),$(notdir \
    $(wildcard include/sse/*.h)))
installed_headers := $(core_headers) $(foreach name,$(adapters),$(filter \
    $(notdir $(wildcard include/sse/*.h)),$(headers_$(name))))

# Directories as the .pc files and the CMake files name them: from the prefix
# where they lie below it, so that an installed tree can be moved.
below_prefix = $(patsubst $(PREFIX)/%,$${prefix}/%,$1)
cmake_depth := $(foreach part,$(subst /, ,$(patsubst \
    $(PREFIX)/%,%,$(CMAKEDIR))),..)
cmake_prefix := $(if $(filter $(PREFIX)/%,$(CMAKEDIR)),$${CMAKE_CURRENT_LIST_DIR}/$(subst \
    $(space),/,$(cmake_depth)),$(PREFIX))
cmake_below = $(patsubst $(PREFIX)/%,$${libsse_PREFIX}/%,$1)

# In a .pc file a backslash keeps a space from ending an option.
fill = sed -e 's|@VERSION@|$(VERSION)|g' -e 's|@ABI@|$(ABI)|g' \
    $(call put,PREFIX,$(call pc,$(PREFIX))) \
    $(call put,LIBDIR,$(call pc,$(call below_prefix,$(LIBDIR)))) \
    $(call put,INCLUDEDIR,$(call pc,$(call below_prefix,$(INCLUDEDIR)))) \
    $(call put,CMAKE_PREFIX,$(cmake_prefix)) \
    $(call put,CMAKE_LIBDIR,$(call cmake_below,$(LIBDIR))) \
    $(call put,CMAKE_INCLUDEDIR,$(call cmake_below,$(INCLUDEDIR)))
put = -e $(call quote,s|@$1@|$(call unmarked,$2)|g)
pc = $(subst $(mark),\\$(mark),$1)

# Manual pages: those of what is installed.  A page of functions answers to the
# name of each, as NAME:PAGE here.
pages_llm := sse_llm.3 sse_json.3
pages_sock := sse_loop.3 sse_server.3 sse_stream.3 sse_client.3
pages_hub := sse_hub.3
pages_curl := sse_curl.3
absent_pages := sse-chat.1 $(if $(sse_sources),,sse.1) $(foreach \
    name,$(filter-out $(adapters),llm sock hub curl),$(pages_$(name)))
manuals := $(filter-out $(absent_pages:%=docs/man/%),$(wildcard \
    docs/man/*.[1-9]))
manual_path = $(MANDIR)/man$(patsubst .%,%,$(suffix $1))/$(notdir $1)
manual_names = $(shell awk '/^\.Sh / { here = $$2 == "NAME" } \
    here && $$1 == ".Nm" { n = split(FILENAME, part, "/"); \
    if ($$2 ".3" != part[n]) print $$2 ":" part[n] }' $(filter %.3,$(manuals)))

# Every file that install makes, which is what uninstall takes away.
cmake_files := libsseConfig.cmake libsseConfigVersion.cmake
installed = $(installed_headers:%=$(INCLUDEDIR)/sse/%) \
    $(if $(static),$(libraries:%=$(LIBDIR)/%.a)) \
    $(if $(shared),$(foreach name,$(libraries),$(LIBDIR)/$(name).so \
        $(LIBDIR)/$(name).so.$(ABI) $(LIBDIR)/$(name).so.$(VERSION))) \
    $(libraries:%=$(PKGCONFIGDIR)/%.pc) $(cmake_files:%=$(CMAKEDIR)/%) \
    $(if $(sse_sources),$(BINDIR)/sse) \
    $(foreach manual,$(manuals),$(call manual_path,$(manual))) \
    $(foreach name,$(manual_names),$(MANDIR)/man3/$(firstword \
        $(subst :, ,$(name))).3)

# Commands of one line each: $1 is a word or name.
define newline


endef
to = $(call quote,$(DESTDIR)$(call unmarked,$1))

## install: install libraries, headers, build/bin/sse (PREFIX=, DESTDIR=)
.PHONY: install
install: all
	$(Q)$(INSTALL) -d $(call to,$(INCLUDEDIR)/sse) $(call to,$(LIBDIR)) \
	    $(call to,$(PKGCONFIGDIR)) $(call to,$(CMAKEDIR)) \
	    $(call to,$(BINDIR))
	$(Q)$(INSTALL) -m 644 $(installed_headers:%=include/sse/%) \
	    $(call to,$(INCLUDEDIR)/sse)
	$(if $(static),$(Q)$(INSTALL) -m 644 $(call archive,$(libraries)) \
	    $(call to,$(LIBDIR)))
	$(if $(shared),$(foreach name,$(libraries),$(newline)	$(Q)$(INSTALL) \
	    -m 755 $(lib)/$(name).so.$(VERSION) $(call to,$(LIBDIR)) && \
	    ln -sf $(name).so.$(VERSION) $(call to,$(LIBDIR)/$(name).so.$(ABI)) && \
	    ln -sf $(name).so.$(ABI) $(call to,$(LIBDIR)/$(name).so)))
	$(foreach name,$(libraries),$(newline)	$(Q)$(fill) \
	    pkgconfig/$(name).pc.in >$(call to,$(PKGCONFIGDIR)/$(name).pc))
	$(foreach name,$(cmake_files),$(newline)	$(Q)$(fill) \
	    pkgconfig/$(name).in >$(call to,$(CMAKEDIR)/$(name)))
	$(if $(sse_sources),$(Q)$(INSTALL) -m 755 $(BUILD)/bin/sse \
	    $(call to,$(BINDIR)))
	$(foreach manual,$(manuals),$(newline)	$(Q)$(INSTALL) -d \
	    $(call to,$(dir $(call manual_path,$(manual)))) && \
	    $(INSTALL) -m 644 $(manual) $(call to,$(call manual_path,$(manual))))
	$(Q)for name in $(manual_names); do ln -sf "$${name#*:}" \
	    $(call to,$(MANDIR)/man3/)"$${name%:*}.3" || exit 1; done
	@echo 'Installed $(libraries) below' $(call to,$(PREFIX))

## uninstall: take away what install put there (same variables)
.PHONY: uninstall
uninstall:
	$(Q)rm -f -- $(foreach file,$(installed),$(call to,$(file)))
	$(Q)rmdir $(call to,$(INCLUDEDIR)/sse) $(call to,$(CMAKEDIR)) \
	    2>/dev/null || true

## installcheck: build programs against a staged installation
.PHONY: installcheck
installcheck: all
	$(Q)$(run_tests) tests/check_install.sh

## dist: a release archive of the last commit, the same bytes every time
.PHONY: dist
dist:
	@mkdir -p $(BUILD)/dist
	$(Q)git archive --format=tar --prefix=libsse-$(VERSION)/ \
	    -o $(BUILD)/dist/libsse-$(VERSION).tar HEAD
	$(Q)gzip -9nf $(BUILD)/dist/libsse-$(VERSION).tar
	@echo $(BUILD)/dist/libsse-$(VERSION).tar.gz
