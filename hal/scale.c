/* SPDX-License-Identifier: Apache-2.0 */
#include "scale.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>

#include "clock.h"
#include "scale_driver.h"

static int status_err(enum scale_status status)
{
    switch (status) {
    case SCALE_STABLE:
    case SCALE_MOTION:
    case SCALE_UNKNOWN:
        return 0;
    case SCALE_OVERLOAD:
    case SCALE_UNDERLOAD:
        return -ERANGE;
    case SCALE_ERROR:
        return -EREMOTEIO;
    case SCALE_NOT_READY:
        return -EBUSY;
    }
    return -EPROTO;
}

/* Checked once here, so that no driver can forget it. Pieces and unitless weights have no mass. */
static int beyond_capacity(const struct scale *s, const struct scale_reading *r)
{
    int64_t mg = 0;
    int err = scale_reading_milligrams(r, &mg);
    if (err == -ERANGE)
        return 1;
    return err == 0 && s->capacity_g > 0 &&
           (mg / 1000 > s->capacity_g || mg / 1000 < -s->capacity_g);
}

int scale_read(struct scale *s, struct scale_reading *ret)
{
    assert(s && ret);

    struct scale_reading r = {0};
    int err = s->ops->read(s, &r);
    if (err < 0)
        return err;
    s->last_status = r.status;
    err = status_err(r.status);
    if (err < 0)
        return err;
    if (beyond_capacity(s, &r))
        return -ERANGE;
    if (r.at_mono_ms == 0)
        r.at_mono_ms = clock_steady_ms();
    *ret = r;
    return 0;
}

int scale_tare(struct scale *s)
{
    assert(s);
    return s->ops->tare ? s->ops->tare(s) : -ENOTSUP;
}

int scale_zero(struct scale *s)
{
    assert(s);
    return s->ops->zero ? s->ops->zero(s) : -ENOTSUP;
}

enum scale_status scale_last_status(const struct scale *s)
{
    assert(s);
    return s->last_status;
}

void scale_free(struct scale *s)
{
    if (s)
        s->ops->free(s);
}
