/* SPDX-License-Identifier: Apache-2.0 */
/* Reports by reason and worker, and the health of the appliance. */
#include <errno.h>
#include <stdio.h>

#include "civil.h"
#include "journal_stock.h"
#include "web_list.h"

static int on_reason(const struct journal_reason_row *row, void *context)
{
    struct web_rows *rows = context;
    cJSON *json = NULL;
    int err = web_list_row(rows, &json);
    if (err < 0)
        return err;
    http_json_text_or_null(&rows->json, json, "reason", row->reason);
    http_json_text_or_null(&rows->json, json, "worker", row->worker);
    http_json_number(&rows->json, json, "entries", row->entries);
    http_json_number(&rows->json, json, "qty", row->qty);
    http_json_number(&rows->json, json, "value_paise", row->value_paise);
    return 0;
}

static int read_day(const char *text, int32_t preset, int32_t *ret)
{
    if (text[0] != '\0')
        return civil_parse(text, ret);
    *ret = preset;
    return 0;
}

static int list_reasons(struct web_rows *rows, enum entry_kind kind)
{
    int32_t from = 0;
    int32_t to = 0;
    if (read_day(rows->request->args[ARG_TO], rows->today, &to) < 0 ||
        read_day(rows->request->args[ARG_FROM], to - WEB_REPORT_DAYS + 1, &from) < 0 || from > to)
        return -EINVAL;
    return journal_reasons(rows->floor->journal, kind, from, to, on_reason, rows);
}

int web_list_reasons(struct web_rows *rows)
{
    enum entry_kind kind = ENTRY_ADJUSTED;
    const char *name = rows->request->args[ARG_KIND];
    if (name[0] != '\0' && entry_kind_parse(name, &kind) < 0)
        return -EINVAL;
    return list_reasons(rows, kind);
}

int web_list_overrides(struct web_rows *rows)
{
    return list_reasons(rows, ENTRY_PICKED);
}

static const char *const trust_names[CLOCK_TRUST_COUNT] = {
    [CLOCK_UNSET] = "unset", [CLOCK_RESTORED] = "restored", [CLOCK_RTC] = "rtc",
    [CLOCK_NTP] = "ntp",     [CLOCK_RELAY] = "relay",
};

static const char *const device_states[] = {
    [WEB_DEVICE_FINE] = "fine",
    [WEB_DEVICE_LOST] = "lost",
    [WEB_DEVICE_OFF] = "off",
};

static void add_journal(struct http_json *json, cJSON *to, const struct web_floor *floor)
{
    struct chain_head head = journal_head_hash(floor->journal);
    char hex[2 * sizeof(head.hash) + 1];
    for (size_t i = 0; i < sizeof(head.hash); i++)
        snprintf(hex + 2 * i, 3, "%02x", head.hash[i]);
    http_json_number(json, to, "head", journal_head(floor->journal));
    http_json_text(json, to, "chain", hex);
    http_json_number(json, to, "floor", journal_floor(floor->journal));
    http_json_number(json, to, "boot", journal_last_boot(floor->journal));
    struct journal_disk disk;
    if (journal_disk(floor->journal, civil_ist_day(floor->now.wall_ms), &disk) < 0) {
        http_json_null(json, to, "disk");
        return;
    }
    cJSON *room = http_json_add_object(json, to, "disk");
    http_json_number(json, room, "used_bytes", disk.used_bytes);
    http_json_number(json, room, "free_bytes", disk.free_bytes);
    http_json_number(json, room, "full_permille", disk.full_permille);
    if (disk.days_left == INT32_MAX)
        http_json_null(json, room, "days_left");
    else
        http_json_number(json, room, "days_left", disk.days_left);
}

static void add_sync(struct http_json *json, cJSON *root, const struct web_sync *sync)
{
    if (!sync) {
        http_json_null(json, root, "sync");
        return;
    }
    const struct {
        const char *name;
        int64_t ms;
    } instants[] = {{"oldest_ms", sync->oldest_ms},
                    {"acked_ms", sync->acked_ms},
                    {"connected_ms", sync->connected_ms},
                    {"trouble_ms", sync->trouble_ms}};
    cJSON *to = http_json_add_object(json, root, "sync");
    http_json_text(json, to, "state", sync->state);
    http_json_text_or_null(json, to, "trouble", sync->trouble);
    http_json_number(json, to, "queued", sync->queued);
    http_json_number(json, to, "acked", sync->acked);
    for (size_t i = 0; i < ARRAY_LEN(instants); i++)
        if (instants[i].ms > 0)
            http_json_number(json, to, instants[i].name, instants[i].ms);
        else
            http_json_null(json, to, instants[i].name);
    if (sync->left_ms >= 0)
        http_json_number(json, to, "left_ms", sync->left_ms);
    else
        http_json_null(json, to, "left_ms");
    http_json_text_or_null(json, to, "refused", sync->refused);
}

char *web_health_json(const struct web_floor *floor)
{
    struct http_json json = http_json_object();
    http_json_text(&json, json.root, "release", floor->release);
    cJSON *clock = http_json_add_object(&json, json.root, "clock");
    http_json_number(&json, clock, "wall_ms", floor->now.wall_ms);
    http_json_text(&json, clock, "trust", trust_names[floor->now.trust]);
    http_json_bool(&json, clock, "doubtful", floor->now.trust <= CLOCK_TRUST_DOUBTFUL);
    add_journal(&json, http_json_add_object(&json, json.root, "journal"), floor);
    add_sync(&json, json.root, floor->sync);
    cJSON *devices = http_json_add_array(&json, json.root, "devices");
    for (size_t i = 0; i < floor->devices_count; i++) {
        cJSON *row = http_json_add_object(&json, devices, NULL);
        http_json_text(&json, row, "name", floor->devices[i].name);
        http_json_text(&json, row, "kind", floor->devices[i].kind);
        http_json_text_or_null(&json, row, "post", floor->devices[i].post);
        http_json_text(&json, row, "state", device_states[floor->devices[i].state]);
    }
    return http_json_end(&json);
}
