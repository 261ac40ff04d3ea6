/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <pcap/dlt.h>

#include "tests/dissect/ways.h"

#define MACS "020000000001 020000000002 020000000003"
#define SNAP "aaaa03 000000 0800"
#define WLAN(control, sequence) control "3000" MACS sequence
#define ZEROS_32 "00000000000000000000000000000000 00000000000000000000000000000000"
#define ZEROS_136 ZEROS_32 ZEROS_32 ZEROS_32 ZEROS_32 "0000000000000000"

static const struct way ways[] = {
	{ "data", DLT_IEEE802_11, 0, WLAN("0801", "1000") SNAP, "wlan", "none" },
	{ "data from an access point", DLT_IEEE802_11, 0, WLAN("0802", "1000") SNAP, "wlan",
	  "none" },
	{ "data with quality", DLT_IEEE802_11, 0, WLAN("8801", "1000") "0000" SNAP, "wlan",
	  "none" },
	{ "data between access points", DLT_IEEE802_11, 0, WLAN("0803", "1000") "020000000004" SNAP,
	  "wlan", "none" },
	{ "data with quality between access points", DLT_IEEE802_11, 0,
	  WLAN("8803", "1000") "020000000004 0700" SNAP, "wlan", "none" },
	{ "data with control of the channel", DLT_IEEE802_11, 0,
	  WLAN("8881", "1000") "0000 00000000" SNAP, "wlan", "none" },
	{ "the order bit without quality", DLT_IEEE802_11, 0, WLAN("0881", "1000") SNAP, "wlan",
	  "none" },
	{ "several frames in one", DLT_IEEE802_11, 0,
	  WLAN("8801", "1000") "8000 020000000001 020000000002 0033" SNAP, "wlan amsdu", "none" },
	{ "several frames in one between access points", DLT_IEEE802_11, 0,
	  WLAN("8803", "1000") "020000000004 8000 020000000001 020000000002 0033" SNAP,
	  "wlan amsdu", "none" },
	{ "encrypted", DLT_IEEE802_11, 0, WLAN("0841", "1000") "01000020 00000000", "",
	  "wlan_protected" },
	{ "encrypted, with a counter that begins like LLC", DLT_IEEE802_11, 0,
	  WLAN("0841", "1000") "aaaa0320 00000000", "", "wlan_protected" },
	{ "a first fragment", DLT_IEEE802_11, 0, WLAN("0805", "1000") SNAP, "", "wlan_fragment" },
	{ "a later fragment", DLT_IEEE802_11, 0, WLAN("0801", "1100") SNAP, "", "wlan_fragment" },
	{ "no data", DLT_IEEE802_11, 0, WLAN("4801", "1000") SNAP, "", "not_ip" },
	{ "a beacon", DLT_IEEE802_11, 0, WLAN("8000", "1000") SNAP, "", "not_ip" },
	{ "an acknowledgment", DLT_IEEE802_11, 0, "d400 0000 020000000001", "", "not_ip" },
	{ "radiotap", DLT_IEEE802_11_RADIO, 0, "0000 0800 00000000" WLAN("0801", "1000") SNAP,
	  "radiotap wlan", "none" },
	{ "radiotap that says nothing of padding", DLT_IEEE802_11_RADIO, 0,
	  "0000 0a00 04000000 20 00" WLAN("8801", "1000") "0000" SNAP, "radiotap wlan", "none" },
	{ "radiotap with padding", DLT_IEEE802_11_RADIO, 0,
	  "0000 0900 02000000 20" WLAN("8801", "1000") "0000 0000" SNAP, "radiotap wlan", "none" },
	{ "radiotap with padding that is not needed", DLT_IEEE802_11_RADIO, 0,
	  "0000 0900 02000000 20" WLAN("0801", "1000") SNAP, "radiotap wlan", "none" },
	{ "radiotap with a clock and padding", DLT_IEEE802_11_RADIO, 0,
	  "0000 1100 03000000 0000000000000000 20" WLAN("8801", "1000") "0000 0000" SNAP,
	  "radiotap wlan", "none" },
	{ "radiotap with more bits, a clock and padding", DLT_IEEE802_11_RADIO, 0,
	  "0000 1900 03000080 00000000 00000000 0000000000000000 20" WLAN("8801",
									  "1000") "0000 0000" SNAP,
	  "radiotap wlan", "none" },
	{ "radiotap of another version", DLT_IEEE802_11_RADIO, 0,
	  "0100 0800 00000000" WLAN("0801", "1000") SNAP, "", "link_header" },
	{ "radiotap shorter than itself", DLT_IEEE802_11_RADIO, 0,
	  "0000 0700 00000000" WLAN("0801", "1000") SNAP, "", "link_header" },
	{ "Prism", DLT_PRISM_HEADER, 0, "00000044 00000090" ZEROS_136 WLAN("0801", "1000") SNAP,
	  "prism wlan", "none" },
	{ "AVS called Prism", DLT_PRISM_HEADER, 0,
	  "80211001 00000010 0000000000000000" WLAN("0801", "1000") SNAP, "prism wlan", "none" },
	{ "AVS", DLT_IEEE802_11_RADIO_AVS, 0,
	  "80211001 00000010 0000000000000000" WLAN("0801", "1000") SNAP, "avs wlan", "none" },
	{ "AVS shorter than itself", DLT_IEEE802_11_RADIO_AVS, 0,
	  "80211001 00000007 0000000000000000" WLAN("0801", "1000") SNAP, "", "link_header" },
};

Test(dissect_wlan, each_header_leads_to_the_segment_behind_it)
{
	expect_ways(ways, sizeof(ways) / sizeof(ways[0]));
}

/* Of a cut body nobody can tell, so this is no row of the table. */
Test(dissect_wlan, a_frame_that_the_adapter_decrypted_is_read)
{
	static const struct {
		const char *header;
		enum skip why;
	} rows[] = {
		{ WLAN("0841", "1000") SNAP, SKIP_NONE },
		{ WLAN("0841", "1000") "661583 00" SNAP, SKIP_NONE },           /* WEP */
		{ WLAN("0841", "1000") "010000 20 00000000" SNAP, SKIP_NONE },  /* CCMP */
		{ WLAN("0841", "1000") "661583 20" SNAP, SKIP_wlan_protected }, /* too short */
		{ WLAN("0841", "1000") "010000 00 00000000" SNAP, SKIP_wlan_protected },
		{ WLAN("0841", "1000") "661583 00 aaaa03 000001", SKIP_wlan_protected },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct way way = { "decrypted", DLT_IEEE802_11, 0, rows[i].header, "", "" };
		struct packet packet;
		struct bytes b;

		cr_expect_eq(follow(&way, &packet, &b), rows[i].why, "row %zu", i);
		bytes_free(b);
	}
}
