/* SPDX-License-Identifier: Apache-2.0 */
/* vector KIND FILE -- see vector.h. Exit 0 only when every row passed and there was one. */
#include "vector.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct vector_run {
    const struct vector_kind *kind;
    const char *path;
    const struct csv_row *row;
    bool row_failed;
    int passed;
    int failed;
};

/* The build lists the tables of the modules that are there. */
static const struct vector_kind *const sources[] = {VECTOR_SOURCES NULL};

static void name_row(const struct vector_run *run)
{
    const char *id = run->kind->id ? csv_row_get(run->row, run->kind->id) : NULL;
    if (id)
        printf("%s %s (line %d): ", run->kind->name, id, csv_row_line(run->row));
    else
        printf("%s line %d: ", run->kind->name, csv_row_line(run->row));
}

const char *vector_run_path(const struct vector_run *run)
{
    return run->path;
}

void vector_expect_text(struct vector_run *run, const char *what, const char *got, const char *want)
{
    if (strcmp(got, want) == 0)
        return;
    run->row_failed = true;
    name_row(run);
    printf("%s: got \"%s\", want \"%s\"\n", what, got, want);
}

void vector_expect_int(struct vector_run *run, const char *what, int64_t got, int64_t want)
{
    if (got == want)
        return;
    run->row_failed = true;
    name_row(run);
    printf("%s: got %" PRId64 ", want %" PRId64 "\n", what, got, want);
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;
    return at ? (int)(at - digits) : -1;
}

int vector_unescape(const char *field, char *buf, size_t size, size_t *ret_len, struct diag *reterr)
{
    size_t len = 0;
    for (const char *p = field; *p; len++) {
        if (len + 1 >= size) {
            diag_set(reterr, 0, "a field is longer than %zu bytes", size - 1);
            return -ENAMETOOLONG;
        }
        if (*p != '\\') {
            buf[len] = *p++;
            continue;
        }
        int high = p[1] == 'x' ? hex_digit(p[2]) : -1;
        int low = high >= 0 ? hex_digit(p[3]) : -1;
        if (low < 0) {
            diag_set(reterr, 0, "\\ without xNN behind it in \"%.60s\"", field);
            return -EINVAL;
        }
        buf[len] = (char)(high << 4 | low);
        p += 4;
    }
    buf[len] = '\0';
    *ret_len = len;
    return 0;
}

static int on_row(const struct csv_row *row, void *context, struct diag *reterr)
{
    struct vector_run *run = context;
    run->row = row;
    run->row_failed = false;
    struct diag why = {0};
    int err = run->kind->check(row, run, &why);
    if (err < 0) {
        run->row_failed = true;
        name_row(run);
        printf("cannot be read: %s (%s)\n", why.text, strerror(-err));
    }
    if (run->row_failed)
        run->failed++;
    else
        run->passed++;
    (void)reterr;
    return 0;
}

static const struct vector_kind *find(const char *name)
{
    for (size_t i = 0; sources[i]; i++)
        for (const struct vector_kind *k = sources[i]; k->name; k++)
            if (strcmp(k->name, name) == 0)
                return k;
    return NULL;
}

int main(int argc, char **argv)
{
    const struct vector_kind *kind = argc == 3 ? find(argv[1]) : NULL;
    if (!kind) {
        fprintf(stderr, "usage: vector KIND FILE, where KIND is one of");
        for (size_t i = 0; sources[i]; i++)
            for (const struct vector_kind *k = sources[i]; k->name; k++)
                fprintf(stderr, " %s", k->name);
        fputc('\n', stderr);
        return 2;
    }
    struct vector_run run = {.kind = kind, .path = argv[2]};
    struct diag why = {0};
    int err = csv_table_read_file(argv[2], kind->required, on_row, &run, &why);
    if (err < 0) {
        if (why.line > 0)
            printf("%s line %d: %s\n", argv[2], why.line, why.text);
        else
            printf("%s\n", why.text);
        run.failed++;
    }
    printf("%d passed, %d failed\n", run.passed, run.failed);
    return run.failed == 0 && run.passed > 0 ? 0 : 1;
}
