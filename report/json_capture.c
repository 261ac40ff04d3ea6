/* SPDX-License-Identifier: BSD-3-Clause */
/* capture: what a live capture saw, and what it may have missed. Of files nobody knows. */
#include "base/clock.h"
#include "report/json.h"
#include "report/live_counts.h"

void json_capture(cJSON *object, const struct totals *totals)
{
	const struct live_counts *c = totals->capture;
	cJSON *capture;

	if (c == NULL) {
		json_null(object, "capture");
		return;
	}
	capture = json_object(object, "capture");
	json_count(capture, "seen", c->seen);
	json_count(capture, "dropped_by_kernel", c->dropped_by_kernel);
	if (c->dropped_by_interface_known)
		json_count(capture, "dropped_by_interface", c->dropped_by_interface);
	else
		json_null(capture, "dropped_by_interface");
	json_span(capture, "link_down_s", c->link_down_ns, NS_PER_S);
}
