# install.mk - install, uninstall, dist.
#
# SPDX-License-Identifier: MIT
