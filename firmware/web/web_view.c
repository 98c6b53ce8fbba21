/* SPDX-License-Identifier: Apache-2.0 */
#include "web_view.h"

#include <assert.h>
#include <stddef.h>

#include "http_json.h"

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

static cJSON *add_message(struct http_json *b, cJSON *to, const char *name,
                          const struct station_message *m)
{
    if (m->code[0] == '\0') {
        http_json_null(b, to, name);
        return NULL;
    }
    cJSON *json = http_json_add_object(b, to, name);
    http_json_text(b, json, "code", m->code);
    cJSON *args = http_json_add_array(b, json, "args");
    size_t n = STATION_ARGS_MAX;
    while (n > 0 && m->args[n - 1][0] == '\0')
        n--;
    for (size_t i = 0; i < n; i++)
        http_json_text(b, args, NULL, m->args[i]);
    return json;
}

static void add_item(struct http_json *b, cJSON *to, const char *name, bool there,
                     const struct station_item *item)
{
    if (!there) {
        http_json_null(b, to, name);
        return;
    }
    cJSON *json = http_json_add_object(b, to, name);
    http_json_text_or_null(b, json, "sku", item->sku);
    http_json_text_or_null(b, json, "name", item->name);
    http_json_text_or_null(b, json, "name_hi", item->name_hi);
    http_json_text_or_null(b, json, "batch", item->batch.number);
    http_json_day(b, json, "expiry", item->batch.expiry_day);
    http_json_text(b, json, "expiry_kind", expiry_kind_name(item->expiry_kind));
    http_json_day(b, json, "made", item->made_day);
    http_json_number(b, json, "mrp_paise", item->batch.mrp_paise);
    http_json_number(b, json, "qty", item->qty);
    http_json_text_or_null(b, json, "qty_text", item->qty_text);
    http_json_text_or_null(b, json, "bin", item->bin);
    if (item->days_left == INT32_MAX)
        http_json_null(b, json, "days_left");
    else
        http_json_number(b, json, "days_left", item->days_left);
}

static void add_choices(struct http_json *b, cJSON *to, const struct station_view *view)
{
    cJSON *choices = http_json_add_array(b, to, "choices");
    for (size_t i = 0; i < view->choices_count; i++) {
        const struct station_choice *c = &view->choices[i];
        cJSON *json = http_json_add_object(b, choices, NULL);
        http_json_text(b, json, "command", c->command);
        add_message(b, json, "label", &c->label);
        http_json_bool(b, json, "primary", c->primary);
        http_json_bool(b, json, "danger", c->danger);
    }
}

static void add_work(struct http_json *b, cJSON *to, const struct station_view *view)
{
    http_json_text(b, to, "flow", view->flow);
    http_json_text_or_null(b, to, "document", view->document);
    add_message(b, to, "prompt", &view->prompt);
    cJSON *answer = add_message(b, to, "answer", &view->answer);
    if (answer)
        http_json_text(b, answer, "tone", tone_names[view->answer_tone]);
    add_item(b, to, "item", view->has_item, &view->item);
    add_item(b, to, "target", view->has_target, &view->target);
    if (view->total > 0) {
        cJSON *progress = http_json_add_object(b, to, "progress");
        http_json_number(b, progress, "done", view->done);
        http_json_number(b, progress, "total", view->total);
    } else {
        http_json_null(b, to, "progress");
    }
    if (view->keypad != KEYPAD_NONE) {
        cJSON *keypad = http_json_add_object(b, to, "keypad");
        http_json_text(b, keypad, "kind", keypad_names[view->keypad]);
        http_json_text(b, keypad, "prefix", view->keypad_prefix);
    } else {
        http_json_null(b, to, "keypad");
    }
    add_choices(b, to, view);
    cJSON *recent = http_json_add_array(b, to, "recent");
    for (size_t i = 0; i < view->recent_count; i++)
        add_message(b, recent, NULL, &view->recent[i]);
}

static void fill_view(struct http_json *b, cJSON *to, const struct station_view *view, bool locked)
{
    http_json_text(b, to, "post", view->post);
    http_json_number(b, to, "version", view->version);
    http_json_number(b, to, "answers", view->answers);
    http_json_bool(b, to, "locked", locked);
    http_json_text_or_null(b, to, "worker", locked ? "" : view->worker);
    http_json_text_or_null(b, to, "worker_name", view->worker_name);
    http_json_text(b, to, "language", view->language);
    http_json_bool(b, to, "clock_doubtful", view->clock_doubtful);
    if (!locked)
        add_work(b, to, view);
}

char *web_view_json(const struct station_view *view, bool locked)
{
    assert(view);
    struct http_json b = http_json_object();
    fill_view(&b, b.root, view, locked);
    return http_json_end(&b);
}

char *web_answer_json(const struct station_answer *answer, const struct station_view *view,
                      bool locked)
{
    assert(answer && view);
    struct http_json b = http_json_object();
    http_json_text(&b, b.root, "tone", tone_names[answer->tone]);
    add_message(&b, b.root, "message", &answer->message);
    http_json_number(&b, b.root, "first_seq", answer->first_seq);
    http_json_number(&b, b.root, "entries", answer->entries);
    cJSON *json = http_json_add_object(&b, b.root, "view");
    fill_view(&b, json, view, locked);
    return http_json_end(&b);
}

char *web_error_json(const char *code, const char *message, const char *allowed)
{
    assert(code && message);
    struct http_json b = http_json_object();
    http_json_text(&b, b.root, "error", code);
    http_json_text(&b, b.root, "message", message);
    http_json_text_or_null(&b, b.root, "allowed", allowed ? allowed : "");
    return http_json_end(&b);
}
