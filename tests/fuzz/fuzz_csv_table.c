/* SPDX-License-Identifier: Apache-2.0 */
/* Every accepted table, written back with quotes around each field, reads to the same fields. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct writing {
    FILE *quoted; /* the table again */
    FILE *plain;  /* fields with their lengths: what is compared */
};

static void put(struct writing *w, const char *field, int last)
{
    fputc('"', w->quoted);
    for (const char *c = field; *c; c++) {
        if (*c == '"')
            fputc('"', w->quoted);
        fputc(*c, w->quoted);
    }
    fputs(last ? "\"\n" : "\",", w->quoted);
    fprintf(w->plain, "%zu:%s;", strlen(field), field);
}

static int on_row(const struct csv_row *row, void *context, struct diag *reterr)
{
    (void)reterr;
    const char *a = csv_row_get(row, "a");
    const char *b = csv_row_get(row, "b");
    if (!a || !b || csv_row_line(row) < 2)
        abort();
    put(context, a, 0);
    put(context, b, 1);
    return 0;
}

static int read_table(const char *text, size_t len, char **ret_quoted, size_t *ret_len,
                      char **ret_plain)
{
    static const char *const columns[] = {"a", "b", NULL};
    size_t plain_len = 0;
    struct writing w = {.quoted = open_memstream(ret_quoted, ret_len),
                        .plain = open_memstream(ret_plain, &plain_len)};
    if (!w.quoted || !w.plain)
        abort();
    fputs("a,b\n", w.quoted);
    struct diag why = {0};
    int err = csv_table_read(text, len, columns, on_row, &w, &why);
    if (err < 0 && why.text[0] == '\0')
        abort();
    fclose(w.quoted);
    fclose(w.plain);
    return err;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *quoted = NULL;
    char *plain = NULL;
    size_t len = 0;
    if (read_table((const char *)data, size, &quoted, &len, &plain) == 0) {
        char *again_quoted = NULL;
        char *again_plain = NULL;
        size_t again_len = 0;
        if (read_table(quoted, len, &again_quoted, &again_len, &again_plain) < 0 ||
            strcmp(plain, again_plain) != 0)
            abort();
        free(again_quoted);
        free(again_plain);
    }
    free(quoted);
    free(plain);
    return 0;
}
