/* SPDX-License-Identifier: Apache-2.0 */
#include "batch_scan.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "civil.h"

/* Bytes that no text has (RFC 3629), and frames of devices seldom. */
#define MARK_BATCH 0xf8
#define MARK_EXPIRY 0xf9
#define MARK_ITSELF 0xfa /* before a byte that looks like a mark */

struct facts {
    const char *batch;
    size_t batch_len;
    char expiry[6]; /* YYMMDD */
    size_t expiry_len;
};

static void write_digits(int v, char at[2])
{
    at[0] = (char)('0' + v / 10 % 10);
    at[1] = (char)('0' + v % 10);
}

static struct facts facts_of(const struct entry *e)
{
    struct facts f = {.batch = e->batch.number};
    f.batch_len = strnlen(f.batch, sizeof(e->batch.number) - 1);
    int32_t day = e->batch.expiry_day;
    /* Outside of what the calendar here reads, no label has such a date. */
    if (day < -25567 || day > 84005)
        return f;
    struct civil_date d = civil_date(day);
    write_digits((int)d.year, &f.expiry[0]);
    write_digits((int)d.month, &f.expiry[2]);
    write_digits((int)d.day, &f.expiry[4]);
    f.expiry_len = sizeof(f.expiry);
    return f;
}

static bool stands_at(const uint8_t *at, size_t left, const char *text, size_t len)
{
    return left >= len && *at == (uint8_t)text[0] && memcmp(at, text, len) == 0;
}

static bool is_mark(uint8_t byte)
{
    return byte >= MARK_BATCH && byte <= MARK_ITSELF;
}

int batch_scan_mark(const struct entry *e, uint8_t buf[BATCH_SCAN_MAX], size_t *ret_len)
{
    struct facts f = facts_of(e);
    size_t n = 0;
    for (size_t i = 0; i < e->scan_len;) {
        const uint8_t *at = e->scan + i;
        size_t left = e->scan_len - i;
        uint8_t out[2] = {*at, 0};
        size_t out_len = 1;
        size_t took = 1;
        if (f.expiry_len > 0 && stands_at(at, left, f.expiry, f.expiry_len)) {
            out[0] = MARK_EXPIRY;
            took = f.expiry_len;
        } else if (f.batch_len > 1 && stands_at(at, left, f.batch, f.batch_len)) {
            out[0] = MARK_BATCH;
            took = f.batch_len;
        } else if (is_mark(*at)) {
            out[0] = MARK_ITSELF;
            out[1] = *at;
            out_len = 2;
        }
        if (n + out_len > BATCH_SCAN_MAX)
            return -ENOSPC;
        memcpy(buf + n, out, out_len);
        n += out_len;
        i += took;
    }
    *ret_len = n;
    return 0;
}

int batch_scan_unmark(struct entry *e)
{
    struct facts f = facts_of(e);
    uint8_t out[BATCH_SCAN_MAX];
    size_t n = 0;
    for (size_t i = 0; i < e->scan_len; i++) {
        const void *from = NULL;
        size_t len = 0;
        if (!is_mark(e->scan[i])) {
            if (n == sizeof(out))
                return -EBADMSG;
            out[n++] = e->scan[i];
            continue;
        }
        if (e->scan[i] == MARK_BATCH) {
            from = f.batch;
            len = f.batch_len;
        } else if (e->scan[i] == MARK_EXPIRY) {
            from = f.expiry;
            len = f.expiry_len;
        } else {
            i++;
            from = &e->scan[i < e->scan_len ? i : 0];
            len = i < e->scan_len;
        }
        if (len == 0 || n + len > sizeof(out))
            return -EBADMSG;
        memcpy(out + n, from, len);
        n += len;
    }
    memcpy(e->scan, out, n);
    e->scan_len = (uint16_t)n;
    return 0;
}
