/* SPDX-License-Identifier: Apache-2.0 */
/* The questions about goods in hand, as a screen puts them. */
#include <stdio.h>

#include "flow.h"
#include "hand.h"
#include "words.h"

bool hand_view_question(struct step *s, struct station_view *v)
{
    struct work *w = &s->post->work;
    char now[STATION_ARG_SIZE];
    char then[STATION_ARG_SIZE];
    bool hindi = step_in_hindi(s);
    if (w->ask == ASK_CONFLICT) {
        words_batch(&w->draft.other_key, hindi, now);
        words_batch(&w->draft.key, hindi, then);
        view_prompt(v, "ask_conflict", now, then, NULL);
        view_choice(v, "cancel", true, false, "keep", then, NULL);
        view_choice(v, "ok", false, true, "take_new", now, NULL);
        return true;
    }
    if (w->ask == ASK_SEPARATOR) {
        words_day(w->pending.split_expiry, then);
        view_prompt(v, "ask_separator", w->pending.batch, w->pending.split_batch, then, NULL);
        view_choice(v, "ok", true, false, "split_batch", w->pending.split_batch, then, NULL);
        view_choice(v, "skip", false, false, "keep", w->pending.batch, NULL);
        view_choice(v, "cancel", false, false, "cancel", NULL);
        return true;
    }
    if (w->ask == ASK_LOT) {
        view_prompt(v, "ask_lot", step_name(s, &w->draft.product), NULL);
        hand_view_offers(s, v);
        view_choice(v, "cancel", false, false, "cancel", NULL);
        return true;
    }
    return false;
}

void hand_view_offers(struct step *s, struct station_view *v)
{
    const struct work *w = &s->post->work;
    for (size_t i = 0; i < w->offers_count && v->choices_count + 2 < STATION_CHOICES_MAX; i++) {
        char command[32];
        char batch[STATION_ARG_SIZE];
        const struct offer *o = &w->offers[i];
        snprintf(command, sizeof(command), "pick_batch:%zu", i + 1);
        words_batch(&o->key, step_in_hindi(s), batch);
        if (o->bin[0])
            view_choice(v, command, i == 0, false, "offer_lot", batch, o->bin,
                        words_status((enum stock_status)o->status, step_in_hindi(s)), NULL);
        else
            view_choice(v, command, i == 0, false, "offer_batch", batch, NULL);
    }
}

void hand_view_missing(struct step *s, struct station_view *v, enum draft_part part)
{
    static const struct {
        const char *prompt;
        const char *prefix;
        enum station_keypad keypad;
    } parts[] = {
        [DRAFT_BATCH] = {"key_batch", "batch:", KEYPAD_TEXT},
        [DRAFT_EXPIRY] = {"key_expiry", "expiry:", KEYPAD_DATE},
        [DRAFT_MRP] = {"key_mrp", "mrp:", KEYPAD_NUMBER},
        [DRAFT_MADE] = {"key_made", "made:", KEYPAD_DATE},
    };
    view_prompt(v, parts[part].prompt, step_name(s, &s->post->work.draft.product), NULL);
    view_keypad(v, parts[part].keypad, parts[part].prefix);
    hand_view_offers(s, v);
    view_choice(v, "cancel", false, false, "cancel", NULL);
}
