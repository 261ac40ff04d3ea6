/* SPDX-License-Identifier: BSD-3-Clause */
/* What an ICMP error says, in words: "host unreachable (type 3, code 1)". */
#ifndef REPORT_ICMP_H
#define REPORT_ICMP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

void icmp_add_words(struct text *, bool is_v6, uint8_t type, uint8_t code);

#endif
