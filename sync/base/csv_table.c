/* SPDX-License-Identifier: Apache-2.0 */
#include "csv_table.h"

#include <assert.h>
#include <csv.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file_text.h"

/* Fields of one row lie one after the other in `bytes`, each with its NUL. */
struct csv_row {
    char bytes[CSV_TABLE_ROW_BYTES_MAX];
    size_t used;
    const char *fields[CSV_TABLE_COLUMNS_MAX];
    size_t count;
    int line;
    const struct csv_row *header; /* NULL in the header itself */
};

struct reading {
    struct csv_row header;
    struct csv_row row;
    const char *const *required;
    csv_table_row_fn on_row;
    void *context;
    struct diag *reterr;
    int err;      /* the first failure; later callbacks then do nothing */
    int line;     /* physical line on which the present row began */
    int newlines; /* seen so far */
    bool has_header;
};

const char *csv_row_get(const struct csv_row *row, const char *column)
{
    assert(row && row->header && column);
    for (size_t i = 0; i < row->header->count; i++)
        if (strcmp(row->header->fields[i], column) == 0)
            return i < row->count ? row->fields[i] : "";
    return NULL;
}

int csv_row_line(const struct csv_row *row)
{
    assert(row);
    return row->line;
}

static void fail(struct reading *r, int err)
{
    if (r->err == 0)
        r->err = err;
}

static void on_field(void *bytes, size_t len, void *context)
{
    struct reading *r = context;
    struct csv_row *row = r->has_header ? &r->row : &r->header;
    if (r->err < 0)
        return;
    if (row->count == CSV_TABLE_COLUMNS_MAX) {
        diag_set(r->reterr, r->line, "more than %d columns", CSV_TABLE_COLUMNS_MAX);
        fail(r, -EINVAL);
    } else if (len >= sizeof(row->bytes) - row->used) {
        diag_set(r->reterr, r->line, "row is longer than %d bytes", CSV_TABLE_ROW_BYTES_MAX);
        fail(r, -EINVAL);
    } else if (len > 0 && memchr(bytes, '\0', len)) {
        diag_set(r->reterr, r->line, "field %zu holds a NUL byte", row->count + 1);
        fail(r, -EINVAL);
    } else {
        char *field = row->bytes + row->used;
        if (len > 0) /* libcsv gives no pointer for an empty field */
            memcpy(field, bytes, len);
        field[len] = '\0';
        row->fields[row->count++] = field;
        row->used += len + 1;
    }
}

static int check_header(struct reading *r)
{
    const struct csv_row *h = &r->header;
    for (size_t i = 0; i < h->count; i++)
        for (size_t k = i + 1; k < h->count; k++)
            if (strcmp(h->fields[i], h->fields[k]) == 0) {
                diag_set(r->reterr, r->line, "column \"%.60s\" appears twice", h->fields[i]);
                return -EINVAL;
            }
    for (const char *const *name = r->required; name && *name; name++) {
        bool found = false;
        for (size_t i = 0; i < h->count && !found; i++)
            found = strcmp(h->fields[i], *name) == 0;
        if (!found) {
            diag_set(r->reterr, r->line, "column \"%.60s\" is missing", *name);
            return -EINVAL;
        }
    }
    return 0;
}

static void on_row_end(int terminator, void *context)
{
    (void)terminator;
    struct reading *r = context;
    if (r->err < 0)
        return;
    if (!r->has_header) {
        r->has_header = true;
        fail(r, check_header(r));
        return;
    }
    struct csv_row *row = &r->row;
    row->line = r->line;
    row->header = &r->header;
    if (row->count > r->header.count) {
        diag_set(r->reterr, r->line, "row has %zu fields, the header %zu", row->count,
                 r->header.count);
        fail(r, -EINVAL);
    } else {
        fail(r, r->on_row(row, r->context, r->reterr));
    }
    row->count = 0;
    row->used = 0;
}

static int no_blank(unsigned char c) /* blanks belong to the field */
{
    (void)c;
    return 0;
}

/* Bytes up to and with the end of the line: LF, CR LF, or CR alone, as libcsv takes them. */
static size_t line_length(const char *text, size_t len)
{
    size_t n = 0;
    while (n < len && text[n] != '\n' && text[n] != '\r')
        n++;
    if (n + 1 < len && text[n] == '\r' && text[n + 1] == '\n')
        n++;
    return n < len ? n + 1 : len;
}

static int read_text(struct csv_parser *parser, const char *text, size_t len, struct reading *r)
{
    /* libcsv does not count lines, so it is fed line by line. */
    size_t at = 0;
    while (at < len && r->err >= 0) {
        size_t n = line_length(text + at, len - at);
        struct csv_row *row = r->has_header ? &r->row : &r->header;
        if (row->count == 0)
            r->line = r->newlines + 1;
        if (csv_parse(parser, text + at, n, on_field, on_row_end, r) != n) {
            if (r->err == 0)
                diag_set(r->reterr, r->newlines + 1, "malformed CSV: %s",
                         csv_strerror(csv_error(parser)));
            fail(r, csv_error(parser) == CSV_ENOMEM ? -ENOMEM : -EINVAL);
        }
        r->newlines++;
        at += n;
    }
    if (r->err >= 0 && csv_fini(parser, on_field, on_row_end, r) != 0) {
        diag_set(r->reterr, r->newlines, "malformed CSV: %s", csv_strerror(csv_error(parser)));
        fail(r, -EINVAL);
    }
    if (r->err >= 0 && !r->has_header) {
        diag_set(r->reterr, 1, "no header row");
        fail(r, -EINVAL);
    }
    return r->err < 0 ? r->err : 0;
}

int csv_table_read(const char *text, size_t len, const char *const required[],
                   csv_table_row_fn on_row, void *context, struct diag *reterr)
{
    assert((text || len == 0) && on_row);

    static const char bom[] = "\xEF\xBB\xBF"; /* spreadsheets put it in front of UTF-8 */
    if (len >= 3 && memcmp(text, bom, 3) == 0) {
        text += 3;
        len -= 3;
    }
    struct reading *r = calloc(1, sizeof(*r));
    if (!r)
        return -ENOMEM;
    *r = (struct reading){
        .required = required, .on_row = on_row, .context = context, .reterr = reterr};
    struct csv_parser parser;
    int err = -ENOMEM;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) == 0) {
        csv_set_space_func(&parser, no_blank);
        err = read_text(&parser, text, len, r);
        csv_free(&parser);
    }
    free(r);
    return err;
}

int csv_table_read_file(const char *path, const char *const required[], csv_table_row_fn on_row,
                        void *context, struct diag *reterr)
{
    assert(path);
    char *text = NULL;
    size_t len = 0;
    int err = file_text(path, CSV_TABLE_FILE_MAX, &text, &len);
    if (err < 0) {
        diag_set(reterr, 0, "%.100s: %s", path, strerror(-err));
        return err;
    }
    err = csv_table_read(text, len, required, on_row, context, reterr);
    free(text);
    return err;
}
