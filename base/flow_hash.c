/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/flow_hash.h"

#include <stdlib.h>
#include <sys/random.h>

struct flow_hash_key flow_hash_random_key(void)
{
	struct flow_hash_key key;

	if (getrandom(&key, sizeof(key), 0) != (ssize_t)sizeof(key))
		abort(); /* the kernel promises 256 bytes without interruption */
	key.spread |= 1;
	return key;
}
