/* SPDX-License-Identifier: Apache-2.0 */
#include "flow.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "message.h"
#include "reason.h"
#include "text.h"
#include "words.h"

static const struct flow *const flows[] = {
    &flow_receive,   &flow_put_away, &flow_pick,    &flow_count, &flow_dispatch,
    &flow_arrive,    &flow_return,   &flow_look,    &flow_weigh, &flow_bind,
    &flow_send_back, &flow_correct,  &flow_dispose,
};

const struct flow *flow_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(flows); i++)
        if (strcmp(flows[i]->name, name) == 0)
            return flows[i];
    return NULL;
}

const struct flow *const *flow_list(size_t *ret_count)
{
    *ret_count = ARRAY_LEN(flows);
    return flows;
}

void view_prompt(struct station_view *v, const char *code, ...)
{
    va_list args;
    va_start(args, code);
    v->prompt = message_make(code, args);
    va_end(args);
}

void view_choice(struct station_view *v, const char *command, bool primary, bool danger,
                 const char *code, ...)
{
    if (v->choices_count == STATION_CHOICES_MAX)
        return; /* a screen holds no more */
    struct station_choice *c = &v->choices[v->choices_count++];
    *c = (struct station_choice){.primary = primary, .danger = danger};
    text_cut(c->command, sizeof(c->command), command);
    va_list args;
    va_start(args, code);
    c->label = message_make(code, args);
    va_end(args);
}

void view_lot(const struct step *s, struct station_view *v, const struct catalogue_sku *product,
              const struct offer *lot, int64_t qty)
{
    char text[STATION_ARG_SIZE];
    v->has_target = true;
    v->target =
        (struct station_item){.batch = lot->key,
                              .expiry_kind = lot->expiry_kind,
                              .made_day = lot->made_day,
                              .qty = qty,
                              .days_left = shelf_life_left_days(lot->key.expiry_day, s->today)};
    text_cut(v->target.sku, sizeof(v->target.sku), product->sku);
    text_cut(v->target.name, sizeof(v->target.name), product->name);
    text_cut(v->target.name_hi, sizeof(v->target.name_hi), product->name_hi);
    text_cut(v->target.bin, sizeof(v->target.bin), lot->bin);
    text_cut(v->target.qty_text, sizeof(v->target.qty_text),
             words_qty(product, qty, step_in_hindi(s), text));
}

void view_keypad(struct station_view *v, enum station_keypad keypad, const char *prefix)
{
    v->keypad = keypad;
    text_cut(v->keypad_prefix, sizeof(v->keypad_prefix), prefix);
}

void view_reasons(struct station_view *v, enum entry_kind kind)
{
    size_t count = 0;
    const struct reason *reasons = reason_list(kind, &count);
    for (size_t i = 0; i < count; i++) {
        char command[STATION_COMMAND_SIZE];
        char code[STATION_CODE_SIZE];
        snprintf(command, sizeof(command), "reason:%s", reasons[i].code);
        snprintf(code, sizeof(code), "reason_%.24s", reasons[i].code);
        view_choice(v, command, false, false, code, NULL);
    }
    view_choice(v, "cancel", false, false, "cancel", NULL);
}
