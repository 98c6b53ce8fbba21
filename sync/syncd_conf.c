/* SPDX-License-Identifier: Apache-2.0 */
#include "syncd_conf.h"

#include "attr.h"
#include "uplink.h"

#define AT(field) offsetof(struct syncd_conf, field)
#define SIZE(field) sizeof(((struct syncd_conf *)0)->field)
#define INT(section, key, field, min, max, preset, help)                                           \
    {                                                                                              \
        section, key, CONF_INT, min, max, preset, AT(field), help, NULL                            \
    }
#define TEXT(section, key, field, min, preset, help)                                               \
    {                                                                                              \
        section, key, CONF_TEXT, min, SIZE(field), preset, AT(field), help, NULL                   \
    }

static const char *const wires[] = {
    [SYNCD_WIRE_ZSTD] = "zstd", [SYNCD_WIRE_COLUMNS] = "columns", [SYNCD_WIRE_JSON] = "json", NULL};

static const struct conf_key keys[] = {
    TEXT("site", "folder", folder, 1, "/var/lib/vyapar",
         "Folder of journal.db, which is read, and of inbox.db and identity, which are written."),

    TEXT("relay", "url", url, 0, "",
         "https://HOST of the relay: certificates, large documents (http on loopback); empty: "
         "none."),
    TEXT("relay", "ca", ca, 0, "", "PEM file that the server is checked by; empty: the system's."),
    TEXT("relay", "claim", claim, 0, "/etc/vyapar/claim",
         "File with the claim code, laid there before or at commissioning; empty: none."),
    TEXT("relay", "brokers", brokers, 0, "",
         "HOST:PORT ..., the preferred first; empty: those that the relay gave."),
    INT("relay", "shard", shard, 0, 255, "0",
        "Shard of the topics, where the relay was not asked; it gives its own at enrolment."),

    INT("link", "flush_ms", flush_ms, 100, UPLINK_FLUSH_MAX_MS, "1000",
        "Milliseconds that entries may be gathered: 1000 on a LAN, 120000 where bytes cost."),
    INT("link", "flush_entries", flush_entries, 1, 512, "64", "Entries that go at once."),
    INT("link", "early_behind", early_behind, 0, 1000000, "512",
        "Entries that wait for the relay, beyond which those that a person must decide upon go "
        "ahead"
        " of them; 0: never."),
    INT("link", "keepalive_s", keepalive_s, 10, 3600, "300",
        "Seconds of silence after which the broker is asked whether it is there."),
    INT("link", "retry_s", retry_s, 1, 300, "300",
        "Longest pause, in seconds, between attempts to reach a broker."),
    {"link", "wire", CONF_CHOICE, 0, 0, "zstd", AT(wire),
     "Form of batches: zstd, columns, or json to be read by people.", wires},

    TEXT("clock", "source", clock, 1, "system",
         "system, or lapse:START_MS:SPEED_PERMILLE:ORIGIN_MONO_MS for simulations."),
};

const struct conf_table syncd_conf_table = {keys, ARRAY_LEN(keys)};
