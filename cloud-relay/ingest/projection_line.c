/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many units have been done of a document's line, by kind of entry and site. */
#include "projection_part.h"

enum { KEY_LINE, KEY_KIND, QTY, LAST_MS };

static void merge_line(struct tally_row *row, const struct tally_row *more)
{
    row->ints[QTY] += more->ints[QTY];
    if (more->ints[LAST_MS] > row->ints[LAST_MS])
        row->ints[LAST_MS] = more->ints[LAST_MS];
}

const struct tally_table projection_line_table = {
    .name = "line_done",
    .texts = {"document", "site"},
    .ints = {"line", "kind", "qty", "last_ms"},
    .key_texts = 2,
    .key_ints = 2,
    .conflict = "ON CONFLICT (tenant, document, line, kind, site) DO UPDATE SET"
                " qty = line_done.qty + excluded.qty,"
                " last_ms = CASE WHEN excluded.last_ms > line_done.last_ms THEN excluded.last_ms"
                " ELSE line_done.last_ms END",
    .rows = "SELECT document, site, line, kind, qty, last_ms FROM line_done"
            " ORDER BY document, line, kind, site",
    .merge = merge_line,
};

static int apply(struct projection *f, const struct projection_movement *m)
{
    const struct entry *e = m->e;
    if (e->document[0] == '\0' || m->units == 0)
        return 0;
    struct tally_row row = {
        .texts = {e->document, m->from->site},
        .ints = {
            [KEY_LINE] = e->line, [KEY_KIND] = e->kind, [QTY] = m->units, [LAST_MS] = e->wall_ms}};
    return projection_add(f, PROJECTION_LINE_DONE, &row);
}

const struct projection_part projection_line = {.name = "line_done", .version = 1, .apply = apply};
