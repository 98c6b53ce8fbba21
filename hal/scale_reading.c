/* SPDX-License-Identifier: Apache-2.0 */
#include "scale_reading.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

/* One unit is num / den milligrams. The pound is 453,592.37 mg by the international agreement of
 * 1959; the ounce is a sixteenth of it. */
static const struct {
    const char *name;
    int64_t num;
    int64_t den;
} units[] = {
    [SCALE_UNIT_NONE] = {"", 0, 1},          [SCALE_UNIT_G] = {"g", 1000, 1},
    [SCALE_UNIT_KG] = {"kg", 1000000, 1},    [SCALE_UNIT_T] = {"t", 1000000000, 1},
    [SCALE_UNIT_LB] = {"lb", 45359237, 100}, [SCALE_UNIT_OZ] = {"oz", 45359237, 1600},
    [SCALE_UNIT_PCS] = {"pcs", 0, 1},
};

static const int64_t ten_to[DECIMAL_PLACES_MAX + 1] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000,
};

int scale_reading_usable(const struct scale_reading *r)
{
    assert(r);
    return r->status == SCALE_STABLE || r->status == SCALE_MOTION || r->status == SCALE_UNKNOWN;
}

static int scaled(const struct scale_reading *r, int64_t *ret_num, int64_t *ret_den)
{
    assert(r && r->decimals <= DECIMAL_PLACES_MAX);
    if (!scale_reading_usable(r))
        return -ENODATA;
    if (units[r->unit].num == 0)
        return -EINVAL;
    *ret_num = units[r->unit].num;
    *ret_den = units[r->unit].den * ten_to[r->decimals];
    return 0;
}

int scale_reading_milligrams(const struct scale_reading *r, int64_t *ret_mg)
{
    assert(ret_mg);
    int64_t num = 0;
    int64_t den = 1;
    int err = scaled(r, &num, &den);
    return err < 0 ? err : decimal_muldiv(r->counts, num, den, ret_mg);
}

int scale_reading_grams(const struct scale_reading *r, int64_t *ret_g)
{
    assert(ret_g);
    int64_t num = 0;
    int64_t den = 1;
    int err = scaled(r, &num, &den);
    if (err < 0)
        return err;
    den *= 1000; /* at most 1600 * 10^9 * 1000 */

    int64_t product = 0;
    if (__builtin_mul_overflow(r->counts, num, &product))
        return -ERANGE;
    if (product % den != 0)
        return -EDOM;
    *ret_g = product / den;
    return 0;
}

const char *scale_reading_value(const struct scale_reading *r, char buf[DECIMAL_TEXT_SIZE])
{
    assert(r && buf);
    return decimal_format(r->counts, r->decimals, buf);
}

int scale_reading_same(const struct scale_reading *a, const struct scale_reading *b)
{
    assert(a && b);
    return a->counts == b->counts && a->decimals == b->decimals && a->unit == b->unit &&
           a->kind == b->kind;
}

void scale_reading_set_raw(struct scale_reading *r, const uint8_t *bytes, size_t len)
{
    assert(r && bytes);
    r->raw_len = (uint8_t)(len < SCALE_RAW_MAX ? len : SCALE_RAW_MAX);
    memcpy(r->raw, bytes, r->raw_len);
}

const char *scale_unit_name(enum scale_unit unit)
{
    return units[unit].name;
}

const char *scale_kind_name(enum scale_kind kind)
{
    switch (kind) {
    case SCALE_DISPLAYED:
        return "displayed";
    case SCALE_GROSS:
        return "gross";
    case SCALE_NET:
        return "net";
    case SCALE_TARE:
        return "tare";
    }
    return "";
}

const char *scale_status_name(enum scale_status status)
{
    switch (status) {
    case SCALE_STABLE:
        return "stable";
    case SCALE_MOTION:
        return "motion";
    case SCALE_UNKNOWN:
        return "unknown";
    case SCALE_OVERLOAD:
        return "overload";
    case SCALE_UNDERLOAD:
        return "underload";
    case SCALE_ERROR:
        return "error";
    case SCALE_NOT_READY:
        return "not_ready";
    }
    return "";
}
