/* SPDX-License-Identifier: Apache-2.0 */
#include "printer_fake.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "printer_driver.h"

struct fake {
    struct printer base;
    struct printer_fake *script;
};

static int fake_send(struct printer *p, const uint8_t *label, size_t len, int64_t deadline_ms)
{
    struct printer_fake *f = ((struct fake *)p)->script;
    (void)deadline_ms;
    if (f->send_err < 0)
        return f->send_err;
    assert(len <= sizeof(f->last));
    memcpy(f->last, label, len);
    f->last_len = len;
    f->sent++;
    return 0;
}

static int fake_status(struct printer *p, int64_t deadline_ms, struct printer_status *ret)
{
    struct printer_fake *f = ((struct fake *)p)->script;
    (void)deadline_ms;
    if (f->status_err == 0)
        *ret = f->status;
    return f->status_err;
}

static void fake_free(struct printer *p)
{
    free((struct fake *)p);
}

static const struct printer_ops fake_ops = {
    .send = fake_send, .status = fake_status, .free = fake_free};

int printer_fake_open(struct printer_fake *script, struct printer **ret)
{
    assert(script && ret);
    struct fake *f = calloc(1, sizeof(*f));
    if (!f)
        return -ENOMEM;
    *f = (struct fake){.base = {.ops = &fake_ops}, .script = script};
    *ret = &f->base;
    return 0;
}
