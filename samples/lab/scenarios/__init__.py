# SPDX-License-Identifier: BSD-3-Clause
"""The scenarios, a file for each family of what can happen to a connection."""
