/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever reads as a notice is written again from what was read, and reads as the same entries;
 * what does not read hands out nothing. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "notice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(int ok)
{
    if (!ok)
        abort();
}

struct reading {
    const struct notice *same; /* NULL: none to compare with */
    int64_t before;
    size_t count;
};

static int see(const struct entry *e, const uint8_t *raw, size_t raw_len, void *context)
{
    struct reading *r = context;
    uint8_t again[ENTRY_ENCODED_MAX];
    need(e->seq > r->before && entry_check(e, NULL) == 0);
    need(entry_encode(e, again) == raw_len && memcmp(again, raw, raw_len) == 0);
    if (r->same)
        need(raw_len == r->same->entries[r->count].len &&
             memcmp(raw, r->same->entries[r->count].bytes, raw_len) == 0);
    r->before = e->seq;
    r->count++;
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t bytes[NOTICE_MAX];
    struct notice n;
    struct notice back;
    struct reading first = {.count = 0};
    if (notice_read(data, size, &n, see, &first, NULL) < 0) {
        need(first.count == 0);
        return 0;
    }
    need(n.count >= 1 && n.count <= NOTICE_ENTRIES_MAX && first.count == n.count);
    struct reading second = {.same = &n};
    size_t len = notice_write(&n, bytes);
    need(len <= NOTICE_MAX && notice_read(bytes, len, &back, see, &second, NULL) == 0);
    need(second.count == n.count && back.session == n.session &&
         memcmp(&back.origin, &n.origin, sizeof(n.origin)) == 0);
    return 0;
}
