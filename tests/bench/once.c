/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * once COMMAND...: runs it, its output thrown away, and prints its seconds on the wall and of the
 * processor, its peak KiB and its status.
 *
 * A child begins with the memory of its parent, and its peak counts that: so the parent is small.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static void run(char **command)
{
	int null = open("/dev/null", O_RDWR);

	for (int fd = 0; fd <= 2; fd++)
		dup2(null, fd);
	execvp(command[0], command);
	_exit(127);
}

int main(int argc, char **argv)
{
	double began = now();
	struct rusage usage;
	int status;
	pid_t pid;

	if (argc < 2)
		return 2;
	pid = fork();
	if (pid == 0)
		run(argv + 1);
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
		return 1;
	printf("%.6f %.6f %ld %d\n", now() - began,
	       seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss,
	       WIFEXITED(status) ? WEXITSTATUS(status) : 128);
	return 0;
}
