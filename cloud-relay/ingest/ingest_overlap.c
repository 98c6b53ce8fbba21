/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A batch held against what is known of its journal, byte by byte and by its chain. */
#include "ingest_judge.h"

#include <string.h>

#include "chain.h"

/* Whether the entries from `first` on, as far as they are stored, are the same bytes. 1, 0, or an
 * error. */
static int same_as_stored(struct judge *j, const struct journal_row *row, size_t first)
{
    size_t stored = 0;
    size_t count = entry_rows_count(j->rows);
    AUTO(sql_query)
    q = sql_query(j->s, "SELECT body FROM entry WHERE device = $1 AND epoch = $2 AND seq >= $3"
                        " AND seq <= $4 ORDER BY seq");
    sql_bind_text(q, 1, row->device);
    sql_bind_int(q, 2, row->epoch);
    sql_bind_int(q, 3, entry_rows_seq(j->rows, first));
    sql_bind_int(q, 4, row->intake.wm);
    int got = 0;
    while ((got = sql_step(q)) > 0 && first + stored < count) {
        size_t a_len = 0;
        size_t b_len = 0;
        const void *a = sql_bytes(q, 0, &a_len);
        const uint8_t *b = entry_rows_body(j->rows, first + stored, &b_len);
        if (a_len != b_len || memcmp(a, b, a_len) != 0)
            return 0;
        stored++;
    }
    return got < 0 ? got : 1;
}

const uint8_t *judge_gathered_body(const struct judge *j, size_t journal, int64_t seq,
                                   size_t *ret_len)
{
    const struct group *g = j->group;
    for (size_t r = 0; r < g->runs_count; r++) {
        const struct run *run = &g->runs[r];
        if (run->journal == journal && seq >= run->first_seq &&
            seq < run->first_seq + (int64_t)run->count)
            return entry_rows_body(j->rows, run->first + (size_t)(seq - run->first_seq), ret_len);
    }
    return NULL;
}

/* Entries of this transaction are not in the table yet: batches of one journal that overlap within
 * it are compared in memory. */
static bool same_as_gathered(const struct judge *j, size_t journal, size_t first)
{
    for (size_t i = first; i < entry_rows_count(j->rows); i++) {
        size_t a_len = 0;
        size_t b_len = 0;
        const uint8_t *a = entry_rows_body(j->rows, i, &a_len);
        const uint8_t *b = judge_gathered_body(j, journal, entry_rows_seq(j->rows, i), &b_len);
        if (b && (a_len != b_len || memcmp(a, b, a_len) != 0))
            return false;
    }
    return true;
}

int judge_overlap(struct judge *j, size_t journal, size_t first, const struct link_batch *b,
                  struct intake_answer *a)
{
    const struct journal_row *row = &j->group->journals[journal];
    if (b->first_seq <= row->intake.wm) {
        int same = same_as_stored(j, row, first);
        if (same < 0)
            return same;
        if (same == 0 || !same_as_gathered(j, journal, first)) {
            *a = intake_refuse(&row->intake, &j->intake, b->s, INTAKE_FORK);
            return 0;
        }
    }
    if (a->verdict != INTAKE_TAKE)
        return 0;
    struct chain_head head = row->intake.head;
    for (size_t i = first; i < entry_rows_count(j->rows); i++) {
        size_t len = 0;
        const uint8_t *raw = entry_rows_body(j->rows, i, &len);
        if (entry_rows_seq(j->rows, i) > row->intake.wm)
            head = chain_next(&head, raw, len);
    }
    /* The transport's checks leave no room for damage: another chain is another journal. */
    if (memcmp(head.hash, b->head.hash, sizeof(head.hash)) != 0)
        *a = intake_refuse(&row->intake, &j->intake, b->s, INTAKE_FORK);
    return 0;
}
