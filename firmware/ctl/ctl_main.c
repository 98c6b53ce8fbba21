/* SPDX-License-Identifier: Apache-2.0 */
/* vyaparctl: the table of commands is its manual. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "release.h"

static const struct {
    const char *group;
    const char *name; /* NULL: the group is the command */
    const char *arguments;
    const char *help;
    ctl_command_fn run;
} commands[] = {
    {"journal", "verify", "FILE [--origin TENANT/DEVICE/EPOCH]",
     "recompute the whole hash chain; ends with 1 and the first damaged entry", ctl_journal_verify},
    {"journal", "dump", "FILE [--from SEQ] [--kind KIND] [--json]", "print entries, one a line",
     ctl_journal_dump},
    {"journal", "balance", "FILE",
     "add up every movement by SKU and batch; ends with 1 where stock differs",
     ctl_journal_balance},
    {"journal", "digest", "FILE", "print the SHA-256 over all folds", ctl_journal_digest},
    {"journal", "rebuild", "FILE",
     "make all folds anew from the entries; nobody else may have the file open",
     ctl_journal_rebuild},
    {"documents", "check", "catalogue|parties|bins|workers|orders|history FILE.csv",
     "read a master document as the appliance would, and say what is wrong with it",
     ctl_documents_check},
    {"config", "check", "FILE", "read a configuration of stationd, and say what is wrong with it",
     ctl_config_check},
    {"claim", NULL, "CODE URL [FOLDER]",
     "give a new appliance its claim code and its relay; syncd enrols with them, stationd begins",
     ctl_claim},
    {"identity", "root", "CA [YYYY-MM-DD]",
     "begin an authority in a folder; it and all that it issues hold from that day on, or from now",
     ctl_identity_root},
    {"identity", "tenant", "CA TENANT", "give a distributor its authority under the root",
     ctl_identity_tenant},
    {"identity", "device", "CA TENANT.DEVICE INTO [DAYS]",
     "make key.pem, certificate.pem and ca.pem of an appliance", ctl_identity_device},
    {"identity", "relay", "CA NAME INTO", "the same for a relay at its broker", ctl_identity_relay},
    {"identity", "server", "CA NAME INTO HOST...", "the same for a broker or web server",
     ctl_identity_server},
    {"identity", "revoke", "CA CERTIFICATE.pem", "withdraw a certificate, and write CA/crl.pem",
     ctl_identity_revoke},
    {"identity", "crl", "CA", "write CA/crl.pem: what every authority of it has withdrawn",
     ctl_identity_crl},
    {"identity", "show", "CERTIFICATE.pem", "print whose certificate it is, and until when",
     ctl_identity_show},
    {"pin", NULL, "",
     "read a PIN (twice from a terminal, else one line), print its hash for workers.csv", ctl_pin},
    {"cards", NULL, "commands | bins FILE.csv | badges FILE.csv",
     "print command cards, bin labels or badges as ZPL: send it to the label printer", ctl_cards},
    {"wire", "decode", "[FILE [JOURNAL]]",
     "print a payload of the link as JSON lines: a batch with its entries, a message, a chunk, a "
     "snapshot or a delta; from standard input without FILE. A batch that says less because of the "
     "entries before it needs the journal.db that it comes from",
     ctl_wire_decode},
};

static enum ctl_exit usage(FILE *out, enum ctl_exit status)
{
    fputs("usage: vyaparctl COMMAND ...\n", out);
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        fprintf(out, "\n  %s%s%s %s\n      %s\n", commands[i].group, commands[i].name ? " " : "",
                commands[i].name ? commands[i].name : "", commands[i].arguments, commands[i].help);
    fputs(
        "\nA journal may be read while stationd writes it. Ends with 0 when all is right, 1 when\n"
        "something is wrong or cannot be read, 2 when the command line is wrong.\n",
        out);
    return status;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return (int)usage(stderr, CTL_USAGE);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
        return (int)usage(stdout, CTL_GOOD);
    if (strcmp(argv[1], "--version") == 0) {
        puts(RELEASE);
        return CTL_GOOD;
    }
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        if (strcmp(argv[1], commands[i].group) != 0)
            continue;
        if (!commands[i].name)
            return (int)commands[i].run(argc - 2, argv + 2);
        if (argc > 2 && strcmp(argv[2], commands[i].name) == 0)
            return (int)commands[i].run(argc - 3, argv + 3);
    }
    return (int)ctl_misused("no such command: %s%s%s", argv[1], argc > 2 ? " " : "",
                            argc > 2 ? argv[2] : "");
}
