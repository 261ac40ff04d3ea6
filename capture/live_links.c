/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Links that go down, come up and vanish. libpcap says nothing of a link that is down: its ring just
 * stays empty, as on a quiet night. The kernel tells whoever listens on rtnetlink (rtnetlink(7)).
 */
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capture/live_inside.h"

/* One datagram of the kernel holds many messages; it makes none longer than this for links. */
#define NEWS_MAX 32768

/*
 * The carrier, as it is: IFF_RUNNING follows up to a second later. From <linux/if.h>, which does not go
 * together with <net/if.h>.
 */
#define LOWER_UP 0x10000u

int links_open(void)
{
	const struct sockaddr_nl here = { .nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

	if (fd >= 0 && bind(fd, (const struct sockaddr *)&here, sizeof(here)) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

void links_ask(struct live *l)
{
	const struct {
		struct nlmsghdr head;
		struct ifinfomsg link;
	} question = {
		.head = { .nlmsg_len = sizeof(question),
			  .nlmsg_type = RTM_GETLINK,
			  .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.link = { .ifi_family = AF_UNSPEC },
	};

	for (size_t i = 0; i < l->lanes; i++)
		l->lane[i].listed = false;
	/* Without an answer links count as up until there is news. */
	if (l->links_fd >= 0)
		(void)!send(l->links_fd, &question, sizeof(question), 0);
}

static void set_down(struct lane *lane, bool down)
{
	const int64_t now_ns = live_monotonic_ns();

	if (lane->is_down && !down)
		lane->down_ns += now_ns - lane->down_since_ns;
	if (!lane->is_down && down)
		lane->down_since_ns = now_ns;
	lane->is_down = down;
}

static void take_state(struct lane *lane, unsigned flags)
{
	lane->listed = true;
	set_down(lane, (flags & IFF_UP) == 0 || (flags & LOWER_UP) == 0);
}

/* The end of a list of all links. */
static void miss_some(struct live *l)
{
	for (size_t i = 0; i < l->lanes; i++) {
		if (l->lane[i].index != 0 && !l->lane[i].listed)
			l->lane[i].gone = true;
	}
}

static void take(struct live *l, const struct nlmsghdr *head)
{
	struct ifinfomsg link;

	if ((head->nlmsg_type != RTM_NEWLINK && head->nlmsg_type != RTM_DELLINK) ||
	    head->nlmsg_len < NLMSG_LENGTH(sizeof(link)))
		return;
	memcpy(&link, NLMSG_DATA(head), sizeof(link));
	for (size_t i = 0; i < l->lanes; i++) {
		struct lane *lane = &l->lane[i];

		if (lane->index == 0 || (unsigned)link.ifi_index != lane->index)
			continue;
		/* A bridge that lets go of a port says "deleted", too, of its own family. */
		if (head->nlmsg_type == RTM_DELLINK && link.ifi_family == AF_UNSPEC)
			lane->gone = true;
		else if (head->nlmsg_type == RTM_NEWLINK)
			take_state(lane, link.ifi_flags);
	}
}

static void take_all(struct live *l, const struct nlmsghdr *head, size_t len)
{
	for (; NLMSG_OK(head, len); head = NLMSG_NEXT(head, len)) {
		if (head->nlmsg_type == NLMSG_DONE)
			miss_some(l);
		else
			take(l, head);
	}
}

void links_read(struct live *l)
{
	/* The kernel's own structures: nothing of this comes from a wire. */
	union {
		struct nlmsghdr head;
		char room[NEWS_MAX];
	} news;
	ssize_t len;

	while ((len = recv(l->links_fd, &news, sizeof(news), 0)) > 0 || errno == ENOBUFS) {
		if (len > 0)
			take_all(l, &news.head, (size_t)len);
		else /* news was lost: ask for all of it */
			links_ask(l);
	}
}
