/* SPDX-License-Identifier: Apache-2.0 */
/* vyaparctl cards: what is scanned instead of touched, as ZPL on standard output: command cards,
 * bin labels and badges. "vyaparctl cards commands > /dev/usb/lp0" prints them. The titles are
 * English: printers have no Devanagari, and the code works in any language. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"
#include "ctl.h"
#include "file_text.h"
#include "flow.h"
#include "message.h"
#include "reason.h"
#include "zpl_label.h"

#define LABEL_BYTES 2048
#define QTY_CARDS 12

struct printing {
    int labels;
    int err;
};

static void print_card(struct printing *p, enum zpl_card kind, const char *title, const char *line,
                       const char *prefix, const char *code)
{
    if (p->err < 0)
        return;
    char payload[STATION_COMMAND_SIZE + 4];
    snprintf(payload, sizeof(payload), "%s%s", prefix, code);
    char zpl[LABEL_BYTES];
    int len = zpl_card_label(&zpl_50x30_203dpi, kind, title, line, NULL, payload, zpl, sizeof(zpl));
    if (len < 0)
        p->err = len;
    else if (fwrite(zpl, 1, (size_t)len, stdout) != (size_t)len)
        p->err = -EIO;
    else
        p->labels++;
}

/* The title is the message of that name, in English. */
static void print_command(struct printing *p, const char *command, const char *message)
{
    const struct message *m = message_find(message);
    print_card(p, ZPL_COMMAND_CARD, m ? m->english : command, command, "VS*", command);
}

static void print_flows(struct printing *p)
{
    size_t count = 0;
    const struct flow *const *flows = flow_list(&count);
    for (size_t i = 0; i < count; i++) {
        char command[STATION_COMMAND_SIZE];
        char message[STATION_CODE_SIZE];
        snprintf(command, sizeof(command), "flow:%s", flows[i]->name);
        snprintf(message, sizeof(message), "flow_%s", flows[i]->name);
        print_command(p, command, message);
    }
}

/* Each code once, whatever kinds it stands for. */
static void print_reasons(struct printing *p)
{
    static const enum entry_kind kinds[] = {ENTRY_PICKED,   ENTRY_RETURNED, ENTRY_SENT_BACK,
                                            ENTRY_DISPOSED, ENTRY_RESTATED, ENTRY_CORRECTED_OUT};
    for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
        size_t count = 0;
        const struct reason *reasons = reason_list(kinds[k], &count);
        for (size_t i = 0; i < count; i++) {
            bool printed = false;
            for (size_t before = 0; before < k && !printed; before++)
                printed = reason_find(kinds[before], reasons[i].code) != NULL;
            if (printed)
                continue;
            char command[STATION_COMMAND_SIZE];
            char message[STATION_CODE_SIZE];
            snprintf(command, sizeof(command), "reason:%s", reasons[i].code);
            snprintf(message, sizeof(message), "reason_%.24s", reasons[i].code);
            print_command(p, command, message);
        }
    }
}

static void print_commands(struct printing *p)
{
    static const char *const plain[][2] = {
        {"flow:home", "home"},
        {"ok", "ok"},
        {"cancel", "cancel"},
        {"undo", "undo"},
        {"skip", "skip"},
        {"short", "short"},
        {"sign_out", "signed_out"},
        {"language:en", "language_en"},
        {"language:hi", "language:hi"},
        {"print:labels:1", "print:labels:1"},
    };
    print_flows(p);
    for (size_t i = 0; i < ARRAY_LEN(plain); i++)
        print_command(p, plain[i][0], plain[i][1]);
    for (int n = 1; n <= QTY_CARDS; n++) {
        char command[STATION_COMMAND_SIZE];
        snprintf(command, sizeof(command), "packs:%d", n);
        print_command(p, command, command);
    }
    print_reasons(p);
}

static int print_bin(const void *record, void *context, struct diag *reterr)
{
    (void)reterr;
    const struct catalogue_bin *bin = record;
    struct printing *p = context;
    print_card(p, ZPL_BIN, bin->bin, "", "VB*", bin->bin);
    return p->err;
}

static int print_badge(const void *record, void *context, struct diag *reterr)
{
    (void)reterr;
    const struct catalogue_worker *worker = record;
    struct printing *p = context;
    print_card(p, ZPL_BADGE, worker->worker, worker->name, "VW*", worker->worker);
    return p->err;
}

static int print_document(struct printing *p, enum document_type type, const char *path,
                          struct diag *why)
{
    char *text = NULL;
    size_t len = 0;
    int err = file_text(path, CATALOGUE_BODY_MAX, &text, &len);
    if (err < 0)
        return err;
    err = catalogue_read(type, text, len, type == DOCUMENT_BINS ? print_bin : print_badge, p, why);
    free(text);
    return err;
}

enum ctl_exit ctl_cards(int argc, char **argv)
{
    struct printing p = {.labels = 0};
    struct diag why = {0};
    int err = 0;
    if (argc == 1 && strcmp(argv[0], "commands") == 0)
        print_commands(&p);
    else if (argc == 2 && strcmp(argv[0], "bins") == 0)
        err = print_document(&p, DOCUMENT_BINS, argv[1], &why);
    else if (argc == 2 && strcmp(argv[0], "badges") == 0)
        err = print_document(&p, DOCUMENT_WORKERS, argv[1], &why);
    else
        return ctl_misused("cards: commands, or bins FILE.csv, or badges FILE.csv");
    if (err == 0)
        err = p.err;
    if (err == 0 && fflush(stdout) != 0)
        err = -errno;
    if (err < 0)
        return ctl_complain(argc == 2 ? argv[1] : "cards", &why, err);
    fprintf(stderr, "%d labels\n", p.labels);
    return CTL_GOOD;
}
