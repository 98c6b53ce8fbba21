/* SPDX-License-Identifier: GPL-3.0-or-later */
/* relayctl -- the operator's command line: tenants, sites, appliances and documents of a relay's
 * store, and what can be checked and mended there. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "relayctl.h"

static const struct {
    const char *group;
    const char *verb;
    int least; /* words behind the verb */
    int most;
    int (*run)(const struct ctl *c, char **words, int count);
    const char *words;
    const char *help;
} commands[] = {
    {"tenant", "add", 1, 1, ctl_tenant_add, "NAME", "make room for a distributor"},
    {"tenant", "list", 0, 0, ctl_tenant_list, "", "the distributors of the store"},
    {"site", "put", 2, 2, ctl_site_put, "TENANT FILE.csv",
     "add or change sites: site,name,territory,gstin,state,pincode,latitude,longitude,receive_kg"},
    {"device", "add", 3, 3, ctl_device_add, "TENANT DEVICE SITE",
     "know an appliance; prints its shard and epoch"},
    {"device", "list", 1, 1, ctl_device_list, "TENANT", "appliances, and how far they are stored"},
    {"device", "epoch", 2, 2, ctl_device_epoch, "TENANT DEVICE",
     "a new epoch after its storage was lost; prints it"},
    {"device", "revoke", 2, 2, ctl_device_revoke, "TENANT DEVICE", "take nothing from it any more"},
    {"device", "release", 2, 2, ctl_device_release, "TENANT DEVICE",
     "go on with a journal that was held after a fork"},
    {"command", "add", 3, 4, ctl_command_add, "TENANT DEVICE WHAT [HOURS]",
     "have an appliance do something once, within so many hours (24): restart, unlock, rescore"},
    {"command", "list", 1, 1, ctl_command_list, "TENANT", "commands, and what became of them"},
    {"claim", "create", 3, 4, ctl_claim_create, "TENANT DEVICE SITE [HOURS]",
     "let an appliance in, once, within 72 hours; prints its code, which is shown only now"},
    {"claim", "list", 1, 1, ctl_claim_list, "TENANT", "claims, and whether they are open"},
    {"claim", "revoke", 2, 2, ctl_claim_revoke, "TENANT DEVICE",
     "end open claims of that name; prints how many"},
    {"document", "put", 3, 4, ctl_document_put, "TENANT TYPE FILE [DEVICE]",
     "publish a document, for all appliances or one"},
    {"document", "list", 1, 1, ctl_document_list, "TENANT", "documents in force"},
    {"user", "add", 3, 4, ctl_user_add, "TENANT USER ROLE [TERRITORY+TERRITORY...]",
     "let somebody use the API; the password is read from standard input"},
    {"channel", "set", 2, 3, ctl_channel_set, "TENANT KEY [VALUE]",
     "its account with a provider; a secret is a line of standard input, an empty one takes it"
     " away"},
    {"channel", "list", 1, 1, ctl_channel_list, "TENANT",
     "keys of its accounts with what they are set to; of secrets whether they are"},
    {"channel", "check", 1, 1, ctl_channel_check, "TENANT",
     "whether each channel can be sent on, and called back; else what is lacking"},
    {"channel", "reports", 1, 1, ctl_channel_reports, "TENANT",
     "the paths, behind the relay's URL, at which SMS gateways report: whoever has one is "
     "believed"},
    {"quota", "set", 4, 4, ctl_quota_set, "TENANT QUOTA NUMBER REASON",
     "how much a distributor may use, 0 for no limit: devices, users, campaigns, messages_day,"
     " messages_month, exports_day, entries, archive_mb"},
    {"quota", "list", 1, 1, ctl_quota_list, "TENANT", "what it uses of each, and what it may"},
    {"store", "verify", 1, 1, ctl_store_verify, "TENANT",
     "recompute every chain from the stored entries"},
    {"store", "secured", 2, 2, ctl_store_secured, "TENANT BACKUP",
     "verify the chains of a backup, a store address too, and let appliances delete what it holds"},
    {"store", "digest", 1, 1, ctl_store_digest, "TENANT", "one number for all projections"},
    {"store", "rebuild", 1, 1, ctl_store_rebuild, "TENANT",
     "make all projections anew from the entries"},
    {"store", "compare", 1, 1, ctl_store_compare, "TENANT",
     "hold every entry's row against the archive of batches"},
    {"store", "restore", 1, 1, ctl_store_restore, "TENANT",
     "write entries that are damaged or missing from the archive, and all projections anew"},
    {"store", "replay", 3, 3, ctl_store_replay, "TENANT TABLE YYYY-MM-DD",
     "rows of a projection at the end of that day, as CSV"},
};

static int usage(FILE *out, int status)
{
    fputs("usage: relayctl [--store ADDRESS] [--channels FOLDER] GROUP VERB WORDS...\n"
          "  ADDRESS: sqlite:FOLDER or postgres:CONNINFO, of the role that owns the tables;\n"
          "  default sqlite:/var/lib/vyapar-relay\n"
          "  FOLDER: relayd's channels.folder; default /etc/vyapar-relay/channels\n",
          out);
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        fprintf(out, "  %s %s %s\n        %s\n", commands[i].group, commands[i].verb,
                commands[i].words, commands[i].help);
    return status;
}

int main(int argc, char **argv)
{
    struct ctl c = {.store = "sqlite:/var/lib/vyapar-relay",
                    .channels = "/etc/vyapar-relay/channels"};
    int at = 1;
    for (; argc - at >= 2 && strncmp(argv[at], "--", 2) == 0; at += 2) {
        if (strcmp(argv[at], "--store") == 0)
            c.store = argv[at + 1];
        else if (strcmp(argv[at], "--channels") == 0)
            c.channels = argv[at + 1];
        else
            return usage(stderr, 2);
    }
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return usage(stdout, EXIT_SUCCESS);
    for (size_t i = 0; argc - at >= 2 && i < ARRAY_LEN(commands); i++) {
        int words = argc - at - 2;
        if (strcmp(argv[at], commands[i].group) != 0 || strcmp(argv[at + 1], commands[i].verb) != 0)
            continue;
        if (words < commands[i].least || words > commands[i].most)
            return usage(stderr, 2);
        return commands[i].run(&c, argv + at + 2, words) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
    }
    return usage(stderr, 2);
}
