/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * System calls by an allow-list: what is not in seccomp.def kills the process, at once and with all its
 * threads. Numbers differ between architectures, so libseccomp is asked by name when the program runs.
 */
#define _GNU_SOURCE /* CLONE_THREAD, F_ADD_SEALS */
#include "capture/seccomp.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

enum when { ALWAYS, READS, WRITES, LIVE, SENDS, THREADS };

struct row {
	const char *name;
	enum when when;
	int error; /* 0: allowed */
	bool asks; /* for an argument */
	unsigned argument;
	uint64_t mask, value;
};

static const struct row rows[] = {
#define CALL(name, when) { #name, when, 0, false, 0, 0, 0 },
#define CALL_IF(name, when, argument, mask, value) { #name, when, 0, true, argument, mask, value },
#define CALL_FAILS(name, error) { #name, ALWAYS, error, false, 0, 0, 0 },
#include "capture/seccomp.def"
#undef CALL
#undef CALL_IF
#undef CALL_FAILS
};

static bool writes(const struct sandbox_wants *wants)
{
	for (size_t i = 0; i < wants->places; i++) {
		if (wants->place[i].use == SANDBOX_WRITE)
			return true;
	}
	return false;
}

static bool applies(const struct sandbox_wants *wants, enum when when)
{
	switch (when) {
	case ALWAYS:
		return true;
	case READS:
		return !writes(wants);
	case WRITES:
		return writes(wants);
	case LIVE:
		return wants->live;
	case SENDS:
		return wants->sends;
	case THREADS:
		return wants->threads;
	}
	return false;
}

static int add(scmp_filter_ctx filter, const struct row *row)
{
	const uint32_t action =
		row->error != 0 ? SCMP_ACT_ERRNO((uint32_t)row->error) : SCMP_ACT_ALLOW;
	const struct scmp_arg_cmp asked =
		SCMP_CMP64(row->argument, SCMP_CMP_MASKED_EQ, row->mask, row->value);
	int number = seccomp_syscall_resolve_name(row->name);

	if (number == __NR_SCMP_ERROR)
		return 0;
	return seccomp_rule_add_array(filter, action, number, row->asks ? 1 : 0, &asked);
}

/* abort() raises a signal by it; others' processes are not for this one to end. */
static int add_own_signals(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
				SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
}

/*
 * Optimized: a binary tree, as a list of seventy is searched in vain by what is called most. Kernels
 * before 5.16 slow down all memory access of a process with a filter (SSB); that guards a process which
 * runs others' programs within itself, and this one does not. Older than 4.17, they cannot be asked.
 */
static int set_up(scmp_filter_ctx filter)
{
	int error = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);

	seccomp_attr_set(filter, SCMP_FLTATR_CTL_SSB, 1);
	if (error == 0)
		error = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (error == 0)
		error = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	return error;
}

bool seccomp_enter(const struct sandbox_wants *wants)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int error;

	if (filter == NULL) {
		errno = ENOTSUP; /* it asks the kernel for the action; a little memory there always is */
		return false;
	}
	error = set_up(filter);
	for (size_t i = 0; error == 0 && i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (applies(wants, rows[i].when))
			error = add(filter, &rows[i]);
	}
	if (error == 0)
		error = add_own_signals(filter);
	if (error == 0)
		error = seccomp_load(filter);
	seccomp_release(filter);
	errno = -error;
	return error == 0;
}
