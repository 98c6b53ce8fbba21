/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relayd_conf.h"

#include <stddef.h>

#include "attr.h"

#define AT(field) offsetof(struct relayd_conf, field)
#define SIZE(field) sizeof(((struct relayd_conf *)0)->field)
#define INT(section, key, field, min, max, preset, help)                                           \
    {                                                                                              \
        section, key, CONF_INT, min, max, preset, AT(field), help, NULL                            \
    }
#define TEXT(section, key, field, min, preset, help)                                               \
    {                                                                                              \
        section, key, CONF_TEXT, min, SIZE(field), preset, AT(field), help, NULL                   \
    }

static const char *const safe_names[] = {"backup", "standby", "commit", NULL};

static const struct conf_key keys[] = {
    TEXT("relay", "store", store, 1, "sqlite:/var/lib/vyapar-relay",
         "Where the data is: sqlite:FOLDER (a file a tenant) or postgres:CONNINFO."),
    TEXT("relay", "role", role, 1, "ingest,agents",
         "What this process does, joined by a comma: ingest, agents, api, send."),
    INT("relay", "workers", workers, 1, 64, "2",
        "Threads that share the tenants; each holds a connection a tenant."),
    INT("relay", "queue", queue, 64, 65536, "1024",
        "Messages that wait for a worker; more are dropped, and appliances send them again."),
    {"relay", "safe", CONF_CHOICE, 0, 0, "backup", AT(safe),
     "What appliances may delete: what the last verified backup holds (backup, by relayctl store "
     "secured), "
     "all that is committed on a synchronous standby too (standby), or all that is committed "
     "(commit: what they delete is then lost with this disk).",
     safe_names},

    TEXT("clock", "source", clock, 1, "system",
         "system, or lapse:START_MS:SPEED_PERMILLE:ORIGIN_MONO_MS for simulations."),

    TEXT("mqtt", "name", name, 1, "relay",
         "Client name, and with TLS the name in the certificate; each relayd has its own."),
    TEXT("mqtt", "broker1", brokers[0], 1, "127.0.0.1:8883", "HOST:PORT of the broker."),
    TEXT("mqtt", "broker2", brokers[1], 0, "", "Broker when the first does not answer."),
    TEXT("mqtt", "broker3", brokers[2], 0, "", "Third broker."),
    TEXT("mqtt", "broker4", brokers[3], 0, "", "Fourth broker."),
    TEXT(
        "mqtt", "ca", ca, 0, "",
        "PEM file of the root that brokers are checked against; empty: no TLS, on loopback alone."),
    TEXT("mqtt", "certificate", certificate, 0, "", "PEM file of this relayd's certificate."),
    TEXT("mqtt", "key", key, 0, "", "PEM file of its key."),
    INT("mqtt", "keepalive_s", keepalive_s, 5, 3600, "60", "Seconds between signs of life."),
    INT("mqtt", "retry_s", retry_s, 1, 300, "300",
        "Longest pause, in seconds, between attempts to reach a broker."),

    INT("ingest", "window", window, 1, 64, "8", "Batches that an appliance may have under way."),
    INT("ingest", "flush_ms", flush_ms, 0, 3600000, "0",
        "How long appliances may gather entries; 0: as each is configured."),

    TEXT("api", "bind", api_bind, 1, "127.0.0.1",
         "Numeric address on which the API is served; 0.0.0.0 is every network."),
    INT("api", "port", api_port, 0, 65535, "8444", "TCP port of the API; 0 takes a free one."),
    TEXT("api", "host", api_host, 0, "",
         "Name that the API answers to besides addresses, localhost and *.local."),
    TEXT("api", "certificate", api_certificate, 0, "",
         "PEM file of the API's certificate chain; empty: no TLS, on loopback alone."),
    TEXT("api", "key", api_key, 0, "", "PEM file of its key."),
    TEXT("api", "secret", api_secret, 1, "/etc/vyapar-relay/api.secret",
         "File of 32 to 64 random bytes, for its owner alone: they sign sessions and tickets."),
    TEXT("api", "metrics_token", api_metrics_token, 0, "",
         "File whose first line is the token that reads /metrics; empty: nobody."),
    TEXT("api", "authority", api_authority, 0, "",
         "Folder of TENANT.key.pem, TENANT.chain.pem and root.pem: appliances are enrolled with "
         "them; empty: not here."),
    TEXT("api", "console", api_console, 0, "",
         "Folder of the console's files, for development; empty: those in the binary."),
    INT("api", "seats", api_seats, 1, 64, "8", "Connections to the store that a tenant gets."),
    INT("api", "connections", api_connections, 8, 20000, "512", "Clients at once."),
    INT("api", "tenant_per_s", api_tenant_per_s, 1, 100000, "500",
        "Requests a second of a tenant."),
    INT("api", "user_per_s", api_user_per_s, 1, 10000, "50", "Requests a second of a user."),

    TEXT("channels", "folder", channels_folder, 0, "/etc/vyapar-relay/channels",
         "Folder of TENANT/ with that distributor's accounts (relayctl channel); empty: nothing is "
         "sent, and no callback is taken."),
    TEXT(
        "channels", "url", channels_url, 0, "",
        "https://HOST where providers and readers of mails reach this relay; empty: no mail goes."),
    TEXT("channels", "ca", channels_ca, 0, "",
         "PEM file that providers are checked against; empty: the system's."),
};

const struct conf_table relayd_conf_table = {keys, ARRAY_LEN(keys)};
