/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many values in one statement: lists to ask about, and rows to insert. Their texts are written in
 * the engine's words once, and kept. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sql_engine.h"

/* "$N[]" as the engine writes a list; from malloc(). */
static char *write_lists(const struct sql *s, const char *text)
{
    char *out = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&out, &len);
    if (!f)
        return NULL;
    while (*text) {
        size_t digits = text[0] == '$' ? strspn(text + 1, "0123456789") : 0;
        if (digits > 0 && strncmp(text + 1 + digits, "[]", 2) == 0) {
            fprintf(f, "%s%.*s%s", s->dialect.list_open, (int)digits + 1, text,
                    s->dialect.list_close);
            text += 1 + digits + 2;
        } else {
            fputc(*text++, f);
        }
    }
    bool bad = ferror(f) != 0;
    if (fclose(f) != 0 || bad) {
        free(out);
        return NULL;
    }
    return out;
}

struct sql_query *sql_query_lists(struct sql *s, const char *text)
{
    assert(s && text && s->open);
    size_t i = 0;
    while (i < SQL_LIST_QUERIES_MAX && s->list_queries[i].ready && s->list_queries[i].text != text)
        i++;
    assert(i < SQL_LIST_QUERIES_MAX); /* more kinds of them */
    struct sql_list_query *found = &s->list_queries[i];
    if (!found->ready)
        *found = (struct sql_list_query){.text = text, .ready = write_lists(s, text)};
    return found->ready ? sql_query(s, found->ready) : &s->broken;
}

/* "INSERT INTO table(a,b) <the engine's rows> <conflict>"; from malloc(). */
static char *write_insert(const struct sql *s, const char *table, const struct sql_column *columns,
                          size_t n_columns, const char *conflict)
{
    char *text = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);
    if (!f)
        return NULL;
    fprintf(f, "INSERT INTO %s", table);
    for (size_t c = 0; c < n_columns; c++)
        fprintf(f, "%c%s", c == 0 ? '(' : ',', columns[c].name);
    fputs(") ", f);
    s->ops->insert_rows(f, columns, n_columns);
    fprintf(f, " %s", conflict);
    bool bad = ferror(f) != 0;
    if (fclose(f) != 0 || bad) {
        free(text);
        return NULL;
    }
    return text;
}

/* The one that is kept of equal texts; takes `text`. NULL: no memory. */
static const char *keep_insert(struct sql *s, char *text)
{
    for (size_t i = 0; text && i < SQL_INSERTS_MAX; i++) {
        if (!s->inserts[i]) {
            s->inserts[i] = text;
            return text;
        }
        if (strcmp(s->inserts[i], text) == 0) {
            free(text);
            return s->inserts[i];
        }
    }
    assert(!text); /* more kinds of inserts than SQL_INSERTS_MAX */
    return NULL;
}

int64_t sql_insert(struct sql *s, const char *table, const struct sql_column *columns,
                   size_t n_columns, size_t n_rows, const char *conflict)
{
    assert(s && table && columns && conflict && s->open);
    assert(n_columns > 0 && n_columns <= SQL_PLACES_MAX && n_rows <= INT32_MAX);
    if (s->failed)
        return -ECANCELED;
    if (n_rows == 0)
        return 0;
    const char *text = keep_insert(s, write_insert(s, table, columns, n_columns, conflict));
    int64_t changed = text ? s->ops->insert(s, text, columns, n_columns, n_rows) : -ENOMEM;
    if (changed < 0)
        s->failed = true;
    return changed;
}
