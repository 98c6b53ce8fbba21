/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "migration.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sql_engine.h"

#define TABLE_NAME_SIZE 64
#define KEY_TENANT "(tenant, " /* how a key's columns begin in the schema */

/* Where the statement at `text` ends: behind its ";", or at the text's end. */
static const char *statement_end(const char *text)
{
    const char *line = text;
    while (*line) {
        const char *end = strchrnul(line, '\n');
        bool comment = strncmp(line, "--", 2) == 0;
        if (!comment && end > line && end[-1] == ';')
            return end;
        line = *end ? end + 1 : end;
    }
    return line;
}

static const char *skip_comments(const char *text)
{
    while (*text == '\n' || strncmp(text, "--", 2) == 0) {
        text = strchrnul(text, '\n');
        text += *text == '\n';
    }
    return text;
}

/* A key's columns behind "(tenant, ", with the tenant where the engine wants it. Returns what is
 * behind them. */
static const char *translate_key(const struct sql_dialect *d, const char *text, FILE *f)
{
    const char *columns = text + strlen(KEY_TENANT);
    const char *end = strchrnul(columns, ')');
    fputs(d->tenant_last ? "(" : KEY_TENANT, f);
    fwrite(columns, 1, (size_t)(end - columns), f);
    fputs(d->tenant_last ? ", tenant" : "", f);
    return end;
}

/* The statement in the engine's words; from malloc(). */
static char *translate(const struct sql_dialect *d, const char *text, const char *end)
{
    const struct {
        const char *word;
        const char *meaning;
    } words[] = {
        {"@tenant@", d->tenant}, {"@bytes@", d->bytes}, {"@spread@", d->spread}, {"TEXT", d->text}};
    char *out = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&out, &len);
    if (!f)
        return NULL;
    while (text < end) {
        size_t at = 0;
        while (at < ARRAY_LEN(words) && strncmp(text, words[at].word, strlen(words[at].word)) != 0)
            at++;
        if (at < ARRAY_LEN(words)) {
            fputs(words[at].meaning, f);
            text += strlen(words[at].word);
        } else if (strncmp(text, KEY_TENANT, strlen(KEY_TENANT)) == 0) {
            text = translate_key(d, text, f);
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

static int run_statement(struct sql *s, const char *text, const char *end, struct diag *reterr)
{
    char *ready = translate(&s->dialect, text, end);
    if (!ready)
        return -ENOMEM;
    int err = s->ops->run_text(s, ready);
    char table[TABLE_NAME_SIZE];
    if (err == 0 && s->ops->table_made && sscanf(ready, "CREATE TABLE %63[a-z_](", table) == 1)
        err = s->ops->table_made(s, table, strstr(ready, s->dialect.spread) != NULL);
    if (err < 0)
        diag_set(reterr, 0, "%.60s...: %s", ready, sql_words(s));
    free(ready);
    return err;
}

static int run_step(struct sql *s, const struct migration *step, struct diag *reterr)
{
    int err = 0;
    const char *text = skip_comments(step->text);
    while (err == 0 && *text) {
        const char *end = statement_end(text);
        err = run_statement(s, text, end, reterr);
        text = skip_comments(end);
    }
    return err < 0 ? err : s->ops->set_version(s, step->version);
}

/* The store's version, checked against ours. */
static int read_version(struct sql *s, int64_t newest, int64_t *ret, struct diag *reterr)
{
    int64_t version = 0;
    int err = s->ops->version(s, &version);
    if (err < 0) {
        diag_set(reterr, 0, "the store's version: %s", sql_words(s));
        return err;
    }
    if (version > newest) {
        diag_set(reterr, 0, "the store is of version %" PRId64 ", this release knows %" PRId64,
                 version, newest);
        return -EPROTO;
    }
    *ret = version;
    return 0;
}

/* In a write transaction. */
static int run_missing(struct sql *s, const struct migration *steps, size_t n, struct diag *reterr)
{
    int64_t version = 0;
    int err = s->ops->lock(s, "schema");
    if (err < 0)
        diag_set(reterr, 0, "waiting for another that migrates: %s", sql_words(s));
    else
        err = read_version(s, steps[n - 1].version, &version, reterr);
    if (err == 0 && version == 0 && s->ops->store_made)
        err = s->ops->store_made(s);
    for (size_t i = 0; err == 0 && i < n; i++)
        if (steps[i].version > version)
            err = run_step(s, &steps[i], reterr);
    return err;
}

int migration_run(struct sql *s, const struct migration *steps, size_t n, bool create,
                  struct diag *reterr)
{
    assert(s && steps && n > 0);
    int64_t version = 0;
    int err = sql_begin(s, SQL_READ);
    if (err == 0)
        err = read_version(s, steps[n - 1].version, &version, reterr);
    sql_rollback(s);
    if (err == 0 && version == 0 && !create) {
        diag_set(reterr, 0, "there is no such store");
        return -ENOENT;
    }
    if (err < 0 || version == steps[n - 1].version)
        return err;
    err = sql_begin(s, SQL_WRITE);
    if (err == 0)
        err = run_missing(s, steps, n, reterr);
    if (err < 0) {
        sql_rollback(s);
        return err;
    }
    return sql_commit(s);
}
