/* SPDX-License-Identifier: Apache-2.0 */
/* Weighing without a movement: each stable weight is booked as it was seen, with the product if one
 * was scanned. Where grams are a quantity of stock, the other flows weigh themselves. */
#include "flow.h"
#include "hand.h"
#include "words.h"

static int goods(struct step *s, const struct goods *g)
{
    hand_clear(s->post); /* the next thing on the scale */
    int r = hand_take(s, g, false);
    if (r == HAND_UNKNOWN)
        step_say(s, TONE_REJECT, "unknown_code", NULL);
    if (r == HAND_CHANGED)
        hand_say(s);
    return r < 0 ? r : 0;
}

static int command(struct step *s, const struct command *c)
{
    bool asked = s->post->work.ask != ASK_NOTHING;
    if (c->verb == VERB_CANCEL && !asked) {
        hand_clear(s->post);
        step_say(s, TONE_NOTED, "cancelled", NULL);
        return 0;
    }
    int r = asked || c->verb == VERB_SKU || c->verb == VERB_BATCH ? hand_command(s, c) : 0;
    return r < 0 ? r : 0;
}

static int weight(struct step *s, int64_t grams)
{
    static const struct catalogue_sku loose = {.unit = UNIT_GRAM};
    const struct draft *d = &s->post->work.draft;
    char kg[STATION_ARG_SIZE];
    hand_add_weighed(s, grams);
    step_say(s, TONE_ACCEPT, "weighed", words_qty(&loose, grams, step_in_hindi(s), kg),
             d->has_product ? step_name(s, &d->product) : "", NULL);
    return 0;
}

static int view(struct step *s, struct station_view *v)
{
    const struct draft *d = &s->post->work.draft;
    if (hand_view_question(s, v))
        return 0;
    if (d->has_product)
        view_prompt(v, "weigh_now", step_name(s, &d->product), NULL);
    else
        view_prompt(v, "weigh_or_scan", NULL);
    return 0;
}

const struct flow flow_weigh = {
    .name = "weigh", .goods = goods, .command = command, .weight = weight, .view = view};
