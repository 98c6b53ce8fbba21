/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rnet_fields.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "decimal.h"

int rnet_refuse(struct rnet_fields *f, const char *why)
{
    diag_set(f->reterr, f->line, "%s record: %s", f->count > 0 ? f->field[0] : "empty", why);
    return -EINVAL;
}

static int number(struct rnet_fields *f, size_t field, unsigned places, int64_t min, int64_t max,
                  int64_t *ret)
{
    int64_t value = 0;
    if (decimal_parse(f->field[field], places, &value) < 0)
        return rnet_refuse(f, "not a number of the right kind");
    if (value < min || value > max) {
        diag_set(f->reterr, f->line, "%s record: field %zu must be %" PRId64 " to %" PRId64,
                 f->field[0], field, min, max);
        return -EINVAL;
    }
    *ret = value;
    return 0;
}

int rnet_numbers(struct rnet_fields *f, size_t first, const struct rnet_want *want, size_t count,
                 int64_t *ret)
{
    if (f->count != first + count)
        return rnet_refuse(f, "wrong number of fields");
    for (size_t i = 0; i < count; i++) {
        int err = number(f, first + i, want[i].places, want[i].min, want[i].max, &ret[i]);
        if (err < 0)
            return err;
    }
    return 0;
}

int rnet_split(struct rnet_fields *f, const char *line, size_t len)
{
    f->count = 0;
    for (size_t at = 0; at < len;) {
        if (line[at] == ' ' || line[at] == '\t' || line[at] == '\r') {
            at++;
            continue;
        }
        size_t from = at;
        while (at < len && line[at] != ' ' && line[at] != '\t' && line[at] != '\r')
            at++;
        if (f->count == RNET_FIELDS_MAX || at - from >= RNET_FIELD_MAX) {
            f->count = 0;
            return rnet_refuse(f, "longer than any record");
        }
        char *room = f->room[f->count];
        memcpy(room, line + from, at - from);
        room[at - from] = '\0';
        f->field[f->count++] = room;
    }
    return 0;
}
