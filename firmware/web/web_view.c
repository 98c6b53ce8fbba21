/* SPDX-License-Identifier: Apache-2.0 */
#include "web_view.h"

#include <assert.h>
#include <stddef.h>

#include "web_json.h"

static const char *const tone_names[] = {
    [TONE_NONE] = "none",           [TONE_ACCEPT] = "accept", [TONE_REJECT] = "reject",
    [TONE_ATTENTION] = "attention", [TONE_NOTED] = "noted",
};

static const char *const keypad_names[] = {
    [KEYPAD_NUMBER] = "number",
    [KEYPAD_PIN] = "pin",
    [KEYPAD_DATE] = "date",
    [KEYPAD_TEXT] = "text",
};

static cJSON *add_message(struct web_json *b, cJSON *to, const char *name,
                          const struct station_message *m)
{
    if (m->code[0] == '\0') {
        web_json_null(b, to, name);
        return NULL;
    }
    cJSON *json = web_json_add_object(b, to, name);
    web_json_text(b, json, "code", m->code);
    cJSON *args = web_json_add_array(b, json, "args");
    size_t n = STATION_ARGS_MAX;
    while (n > 0 && m->args[n - 1][0] == '\0')
        n--;
    for (size_t i = 0; i < n; i++)
        web_json_text(b, args, NULL, m->args[i]);
    return json;
}

static void add_item(struct web_json *b, cJSON *to, const char *name, bool there,
                     const struct station_item *item)
{
    if (!there) {
        web_json_null(b, to, name);
        return;
    }
    cJSON *json = web_json_add_object(b, to, name);
    web_json_text_or_null(b, json, "sku", item->sku);
    web_json_text_or_null(b, json, "name", item->name);
    web_json_text_or_null(b, json, "name_hi", item->name_hi);
    web_json_text_or_null(b, json, "batch", item->batch.number);
    web_json_day(b, json, "expiry", item->batch.expiry_day);
    web_json_text(b, json, "expiry_kind", expiry_kind_name(item->expiry_kind));
    web_json_day(b, json, "made", item->made_day);
    web_json_number(b, json, "mrp_paise", item->batch.mrp_paise);
    web_json_number(b, json, "qty", item->qty);
    web_json_text_or_null(b, json, "qty_text", item->qty_text);
    web_json_text_or_null(b, json, "bin", item->bin);
    if (item->days_left == INT32_MAX)
        web_json_null(b, json, "days_left");
    else
        web_json_number(b, json, "days_left", item->days_left);
}

static void add_choices(struct web_json *b, cJSON *to, const struct station_view *view)
{
    cJSON *choices = web_json_add_array(b, to, "choices");
    for (size_t i = 0; i < view->choices_count; i++) {
        const struct station_choice *c = &view->choices[i];
        cJSON *json = web_json_add_object(b, choices, NULL);
        web_json_text(b, json, "command", c->command);
        add_message(b, json, "label", &c->label);
        web_json_bool(b, json, "primary", c->primary);
        web_json_bool(b, json, "danger", c->danger);
    }
}

static void add_work(struct web_json *b, cJSON *to, const struct station_view *view)
{
    web_json_text(b, to, "flow", view->flow);
    web_json_text_or_null(b, to, "document", view->document);
    add_message(b, to, "prompt", &view->prompt);
    cJSON *answer = add_message(b, to, "answer", &view->answer);
    if (answer)
        web_json_text(b, answer, "tone", tone_names[view->answer_tone]);
    add_item(b, to, "item", view->has_item, &view->item);
    add_item(b, to, "target", view->has_target, &view->target);
    if (view->total > 0) {
        cJSON *progress = web_json_add_object(b, to, "progress");
        web_json_number(b, progress, "done", view->done);
        web_json_number(b, progress, "total", view->total);
    } else {
        web_json_null(b, to, "progress");
    }
    if (view->keypad != KEYPAD_NONE) {
        cJSON *keypad = web_json_add_object(b, to, "keypad");
        web_json_text(b, keypad, "kind", keypad_names[view->keypad]);
        web_json_text(b, keypad, "prefix", view->keypad_prefix);
    } else {
        web_json_null(b, to, "keypad");
    }
    add_choices(b, to, view);
    cJSON *recent = web_json_add_array(b, to, "recent");
    for (size_t i = 0; i < view->recent_count; i++)
        add_message(b, recent, NULL, &view->recent[i]);
}

static void fill_view(struct web_json *b, cJSON *to, const struct station_view *view, bool locked)
{
    web_json_text(b, to, "post", view->post);
    web_json_number(b, to, "version", view->version);
    web_json_number(b, to, "answers", view->answers);
    web_json_bool(b, to, "locked", locked);
    web_json_text_or_null(b, to, "worker", locked ? "" : view->worker);
    web_json_text_or_null(b, to, "worker_name", view->worker_name);
    web_json_text(b, to, "language", view->language);
    web_json_bool(b, to, "clock_doubtful", view->clock_doubtful);
    if (!locked)
        add_work(b, to, view);
}

char *web_view_json(const struct station_view *view, bool locked)
{
    assert(view);
    struct web_json b = web_json_object();
    fill_view(&b, b.root, view, locked);
    return web_json_end(&b);
}

char *web_answer_json(const struct station_answer *answer, const struct station_view *view,
                      bool locked)
{
    assert(answer && view);
    struct web_json b = web_json_object();
    web_json_text(&b, b.root, "tone", tone_names[answer->tone]);
    add_message(&b, b.root, "message", &answer->message);
    web_json_number(&b, b.root, "first_seq", answer->first_seq);
    web_json_number(&b, b.root, "entries", answer->entries);
    cJSON *json = web_json_add_object(&b, b.root, "view");
    fill_view(&b, json, view, locked);
    return web_json_end(&b);
}

char *web_error_json(const char *code, const char *message, const char *allowed)
{
    assert(code && message);
    struct web_json b = web_json_object();
    web_json_text(&b, b.root, "error", code);
    web_json_text(&b, b.root, "message", message);
    web_json_text_or_null(&b, b.root, "allowed", allowed ? allowed : "");
    return web_json_end(&b);
}
