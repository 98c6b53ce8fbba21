/* SPDX-License-Identifier: Apache-2.0 */
#include "pack.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

int pack_check(const struct pack_sizes *packs)
{
    assert(packs);
    if (packs->count == 0 || packs->count > PACK_SIZES_MAX)
        return -EINVAL;
    for (size_t i = 0; i < packs->count; i++) {
        const struct pack_size *s = &packs->sizes[i];
        if (!s->one || !s->many || (i > 0 && s->units >= packs->sizes[i - 1].units))
            return -EINVAL;
    }
    return packs->sizes[packs->count - 1].units == 1 ? 0 : -EINVAL;
}

int pack_total(const struct pack_sizes *packs, const int64_t counts[], int64_t *ret_units)
{
    assert(pack_check(packs) == 0 && counts && ret_units);
    int64_t sum = 0;
    for (size_t i = 0; i < packs->count; i++) {
        int64_t units = 0;
        if (counts[i] < 0)
            return -EINVAL;
        if (__builtin_mul_overflow(counts[i], packs->sizes[i].units, &units) ||
            __builtin_add_overflow(sum, units, &sum))
            return -ERANGE;
    }
    *ret_units = sum;
    return 0;
}

void pack_split(const struct pack_sizes *packs, int64_t units, int64_t ret_counts[])
{
    assert(pack_check(packs) == 0 && units >= 0 && ret_counts);
    for (size_t i = 0; i < packs->count; i++) {
        ret_counts[i] = units / packs->sizes[i].units;
        units %= packs->sizes[i].units;
    }
}

/* Appends and returns the new length, which stays below the size. */
static size_t append(char buf[PACK_TEXT_SIZE], size_t len, const char *joint, int64_t count,
                     const char *name)
{
    int n = snprintf(buf + len, PACK_TEXT_SIZE - len, "%s%" PRId64 " %s", joint, count, name);
    size_t end = len + (n > 0 ? (size_t)n : 0);
    return end < PACK_TEXT_SIZE ? end : PACK_TEXT_SIZE - 1;
}

const char *pack_format(const struct pack_sizes *packs, int64_t units, char buf[PACK_TEXT_SIZE])
{
    assert(pack_check(packs) == 0 && buf);
    bool negative = units < 0;
    if (units == INT64_MIN) /* has no positive counterpart; no stock comes near it */
        units++;
    int64_t counts[PACK_SIZES_MAX] = {0};
    pack_split(packs, negative ? -units : units, counts);

    size_t kinds = 0;
    for (size_t i = 0; i < packs->count; i++)
        kinds += counts[i] != 0;
    bool bracket = negative && kinds > 1;
    const char *joint = bracket ? "-(" : negative ? "-" : "";
    size_t len = 0;
    buf[0] = '\0';
    for (size_t i = 0; i < packs->count; i++) {
        bool shown = counts[i] != 0 || (kinds == 0 && i + 1 == packs->count);
        const char *name = counts[i] == 1 ? packs->sizes[i].one : packs->sizes[i].many;
        if (!shown)
            continue;
        len = append(buf, len, joint, counts[i], name);
        joint = " + ";
    }
    if (bracket && len + 1 < PACK_TEXT_SIZE)
        memcpy(buf + len, ")", 2);
    return buf;
}
