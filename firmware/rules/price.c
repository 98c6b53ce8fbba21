/* SPDX-License-Identifier: Apache-2.0 */
#include "price.h"

#include <assert.h>
#include <errno.h>

#include "gst_tax.h"

#define MICRO_PER_PAISA 10000

__extension__ typedef __int128 int128; /* ISO C17 has no name for it */

/* Room for sums of a few such amounts. */
#define AMOUNT_MAX (INT64_MAX / 16)

static bool amount_ok(int64_t v)
{
    return v >= 0 && v <= AMOUNT_MAX;
}

static int check(const struct price_input *in)
{
    const int64_t amounts[] = {in->price_microrupees,    in->mrp_paise,
                               in->selling_cost_paise,   in->return_claim_paise,
                               in->return_cost_paise,    in->disposal_cost_paise,
                               in->credit_reversal_paise};
    for (size_t i = 0; i < ARRAY_LEN(amounts); i++)
        if (!amount_ok(amounts[i]))
            return amounts[i] < 0 ? -EINVAL : -ERANGE;
    if (in->gst_ppm < 0 || in->gst_ppm > GST_TAX_RATE_PPM_MAX || in->cess_ppm < 0 ||
        in->cess_ppm > GST_TAX_RATE_PPM_MAX)
        return -EINVAL;
    return 0;
}

static void choose_alternative(const struct price_input *in, struct price *p)
{
    int64_t destroyed = -(in->disposal_cost_paise + in->credit_reversal_paise);
    int64_t returned = in->return_claim_paise - in->return_cost_paise;
    bool home = in->returnable && returned >= destroyed;
    p->alternative = home ? PRICE_RETURN : PRICE_DESTROY;
    p->alternative_paise = home ? returned : destroyed;
}

int price_judge(const struct price_input *in, struct price *ret)
{
    assert(in && ret);
    int err = check(in);
    if (err < 0)
        return err;

    struct price p = {.ceiling_paise = INT64_MAX};
    choose_alternative(in, &p);
    int64_t floor = p.alternative_paise + in->selling_cost_paise;
    p.floor_paise = floor > 0 ? floor : 0;

    /* Both sides in millionths of a millionth of a rupee, so that nothing is rounded. */
    int128 one = GST_TAX_PPM_ONE;
    int128 with_tax = one + in->gst_ppm + in->cess_ppm;
    int128 asked = (int128)in->price_microrupees * (in->price_includes_tax ? one : with_tax);
    int128 paisa = one * MICRO_PER_PAISA;
    int128 with_tax_paise = (asked + paisa - 1) / paisa;
    if (with_tax_paise > AMOUNT_MAX)
        return -ERANGE;
    p.with_tax_paise = (int64_t)with_tax_paise;
    p.before_tax_paise = (int64_t)(asked / (with_tax * MICRO_PER_PAISA));

    bool capped = in->mrp_paise != PRICE_NO_MRP;
    if (capped)
        p.ceiling_paise = (int64_t)((int128)in->mrp_paise * one / with_tax);
    if (capped && asked > (int128)in->mrp_paise * paisa)
        p.verdict = PRICE_ABOVE_MRP;
    else if (asked < (int128)p.floor_paise * MICRO_PER_PAISA * with_tax)
        p.verdict = PRICE_BELOW_FLOOR;
    *ret = p;
    return 0;
}

const char *price_verdict_name(enum price_verdict verdict)
{
    switch (verdict) {
    case PRICE_OK:
        return "ok";
    case PRICE_ABOVE_MRP:
        return "above_mrp";
    case PRICE_BELOW_FLOOR:
        return "below_floor";
    }
    return "unknown";
}

const char *price_alternative_name(enum price_alternative alternative)
{
    switch (alternative) {
    case PRICE_RETURN:
        return "return";
    case PRICE_DESTROY:
        return "destroy";
    }
    return "unknown";
}
