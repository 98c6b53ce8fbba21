/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One number for all rows of all folds. */
#include "projection_part.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#define DIGEST_ROW_MAX 1024 /* five texts of at most 33 bytes, nine numbers */

static size_t put_number(uint8_t *at, uint64_t v)
{
    for (int i = 0; i < 8; i++)
        at[i] = (uint8_t)(v >> (56 - 8 * i));
    return 8;
}

static int digest_table(struct sql *s, const struct tally_table *table, uint8_t digest[SHA256_SIZE])
{
    uint8_t next[SHA256_SIZE]; /* where a table begins is part of what is digested */
    sha256_pair(digest, SHA256_SIZE, table->name, strlen(table->name), next);
    memcpy(digest, next, SHA256_SIZE);
    size_t texts = tally_texts(table);
    size_t ints = tally_ints(table);
    AUTO(sql_query) q = sql_query(s, table->rows);
    int got = 0;
    while ((got = sql_step(q)) > 0) {
        uint8_t row[DIGEST_ROW_MAX];
        size_t n = 0;
        for (size_t i = 0; i < texts; i++) {
            const char *text = sql_text(q, (int)i);
            size_t len = strlen(text);
            if (len > 128)
                return -EBADMSG;
            n += put_number(row + n, len);
            memcpy(row + n, text, len);
            n += len;
        }
        for (size_t i = 0; i < ints; i++)
            n += put_number(row + n, (uint64_t)sql_int(q, (int)(texts + i)));
        sha256_pair(digest, SHA256_SIZE, row, n, next);
        memcpy(digest, next, SHA256_SIZE);
    }
    return got;
}

int projection_digest(struct sql *s, uint8_t ret[SHA256_SIZE])
{
    assert(s && ret);
    uint8_t digest[SHA256_SIZE] = {0};
    bool own = !sql_in_transaction(s);
    int err = own ? sql_begin(s, SQL_READ) : 0;
    for (size_t i = 0; err == 0 && i < PROJECTION_TABLE_COUNT; i++)
        err = digest_table(s, projection_tables[i], digest);
    if (own)
        sql_rollback(s);
    if (err == 0)
        memcpy(ret, digest, sizeof(digest));
    return err;
}
