/* SPDX-License-Identifier: Apache-2.0 */
/* bench_barcode WHAT ROUNDS [FILE]: parses one message, or all good scans of a file of gs1 vectors,
 * ROUNDS times, and prints how many parses that were. tests/bench/barcode counts instructions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_table.h"
#include "gs1_scan.h"

#define MIX_MAX 4096
#define TEXT_MAX 512

struct sample {
    char bytes[TEXT_MAX];
    size_t len;
};

struct mix {
    struct sample *samples;
    size_t count;
};

struct named_sample {
    const char *name;
    const char *bytes;
};

static const struct named_sample named[] = {
    {"case", "]C1010890110700003510AB123\x1d"
             "17261231"},
    {"six", "]C10198901107000038310300125017261231152612011"
            "0AB12345\x1d"
            "21SER0001"},
    {"sscc", "]C100189043873238291901"},
    {"ean13", "]E08901107000035"},
};

static void add_sample(struct mix *mix, const char *bytes, size_t len)
{
    if (mix->count == MIX_MAX || len > TEXT_MAX)
        return;
    struct sample *s = &mix->samples[mix->count++];
    memcpy(s->bytes, bytes, len);
    s->len = len;
}

/* Vectors with escapes other than the separator's are few; they are left out. */
static int on_row(const struct csv_row *row, void *context, struct diag *reterr)
{
    (void)reterr;
    if (strcmp(csv_row_get(row, "mode"), "scan") != 0 ||
        strcmp(csv_row_get(row, "full"), "ok") != 0)
        return 0;
    char bytes[TEXT_MAX];
    size_t len = 0;
    for (const char *p = csv_row_get(row, "raw"); *p && len < sizeof(bytes); len++) {
        if (strncmp(p, "\\x1d", 4) == 0) {
            bytes[len] = GS1_SEPARATOR;
            p += 4;
        } else if (*p == '\\') {
            return 0;
        } else {
            bytes[len] = *p++;
        }
    }
    add_sample(context, bytes, len);
    return 0;
}

static int load(const char *what, const char *path, struct mix *mix)
{
    for (size_t i = 0; i < ARRAY_LEN(named); i++)
        if (strcmp(named[i].name, what) == 0)
            add_sample(mix, named[i].bytes, strlen(named[i].bytes));
    if (mix->count > 0 || !path)
        return 0;
    static const char *const required[] = {"mode", "raw", "full", NULL};
    struct diag why = {0};
    int err = csv_table_read_file(path, required, on_row, mix, &why);
    if (err < 0)
        fprintf(stderr, "%s\n", why.text);
    return err;
}

/* Returns how many were parsed, or -1 when one of them was refused. */
static long parse_all(const struct mix *mix, long rounds)
{
    static struct gs1_scan scan;
    static char buf[TEXT_MAX];
    const struct gs1_link_rules rules = {.level = GS1_FULL};
    struct gs1_reject why;
    for (long r = 0; r < rounds; r++)
        for (size_t i = 0; i < mix->count; i++)
            if (gs1_scan_read(mix->samples[i].bytes, mix->samples[i].len, &rules, buf, &scan,
                              &why) < 0) {
                fprintf(stderr, "%.*s: %s\n", (int)mix->samples[i].len, mix->samples[i].bytes,
                        gs1_fault_name(why.fault));
                return -1;
            }
    return rounds * (long)mix->count;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: bench_barcode case|six|sscc|ean13|mix ROUNDS [VECTORS.csv]\n");
        return 2;
    }
    struct mix mix = {.samples = calloc(MIX_MAX, sizeof(*mix.samples))};
    if (!mix.samples || load(argv[1], argc > 3 ? argv[3] : NULL, &mix) < 0)
        return 1;
    long rounds = strtol(argv[2], NULL, 10);
    long parsed = parse_all(&mix, rounds);
    free(mix.samples);
    if (parsed < 0)
        return 1;
    printf("%ld\n", parsed);
    return 0;
}
