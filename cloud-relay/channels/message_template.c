/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message_template.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

#define SMS_VARIABLE_MAX 30 /* characters of one {#var#} */

int message_template_find(struct sql *s, const char *name, enum message_channel channel,
                          const char *language, struct message_template *ret)
{
    assert(s && name && language && ret);
    AUTO(sql_query)
    q = sql_query(s,
                  "SELECT template, language, category, provider_name, body, variables, approved"
                  " FROM template WHERE template = $1 AND channel = $2 AND language IN ($3, 'en')"
                  " ORDER BY CASE WHEN language = $3 THEN 0 ELSE 1 END, version DESC LIMIT 1");
    sql_bind_text(q, 1, name);
    sql_bind_text(q, 2, channel_name(channel));
    sql_bind_text(q, 3, language);
    int got = sql_step(q);
    if (got <= 0)
        return got < 0 ? got : -ENOENT;
    struct message_template t = {.approved = sql_int(q, 6) != 0};
    sql_copy(q, 0, t.name, sizeof(t.name));
    sql_copy(q, 1, t.language, sizeof(t.language));
    sql_copy(q, 2, t.category, sizeof(t.category));
    sql_copy(q, 3, t.provider_name, sizeof(t.provider_name));
    sql_copy(q, 4, t.body, sizeof(t.body));
    sql_copy(q, 5, t.variables, sizeof(t.variables));
    got = sql_step(q);
    if (got < 0)
        return got;
    *ret = t;
    return 0;
}

/* ---- variables ---- */

static size_t characters(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static bool has_control(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return true;
    return false;
}

static const char *fault_of(enum message_channel channel, const char *value)
{
    if (!value || value[0] == '\0')
        return "missing";
    if (strlen(value) >= TEMPLATE_VARIABLE_SIZE ||
        (channel == CHANNEL_SMS && characters(value) > SMS_VARIABLE_MAX))
        return "too long";
    return has_control(value) ? "control character in" : NULL;
}

static int take_values(const struct message_template *t, enum message_channel channel,
                       const cJSON *object, struct message_values *v, char fault[MESSAGE_WHY_SIZE])
{
    const char *at = t->variables;
    while (*at) {
        size_t len = strcspn(at, ",");
        char name[TEMPLATE_NAME_SIZE];
        if (v->count == TEMPLATE_VARIABLES_MAX || text_copy_n(name, sizeof(name), at, len) < 0)
            return -EBADMSG;
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
        const char *value = cJSON_GetStringValue(item);
        const char *wrong = fault_of(channel, value);
        if (wrong) {
            snprintf(fault, MESSAGE_WHY_SIZE, "%s %.40s", wrong, name);
            return 1;
        }
        memcpy(v->values[v->count++], value, strlen(value) + 1);
        at += len;
        at += *at == ',';
    }
    return 0;
}

int message_template_values(const struct message_template *t, enum message_channel channel,
                            const char *json, struct message_values *ret,
                            char ret_fault[MESSAGE_WHY_SIZE])
{
    assert(t && json && ret && ret_fault);
    cJSON *object = cJSON_Parse(json);
    struct message_values v = {.count = 0};
    int err = cJSON_IsObject(object) ? take_values(t, channel, object, &v, ret_fault) : -EBADMSG;
    cJSON_Delete(object);
    if (err == 0)
        *ret = v;
    return err;
}

/* The value of the variable whose name stands at `name`, len bytes; NULL: the template has none. */
static const char *value_of(const struct message_template *t, const struct message_values *v,
                            const char *name, size_t len)
{
    const char *at = t->variables;
    for (size_t i = 0; i < v->count; i++) {
        size_t n = strcspn(at, ",");
        if (n == len && strncmp(at, name, n) == 0)
            return v->values[i];
        at += n;
        at += *at == ',';
    }
    return NULL;
}

int message_template_fill(const struct message_template *t, const struct message_values *values,
                          char ret[TEMPLATE_BODY_SIZE])
{
    assert(t && values && ret);
    char out[TEMPLATE_BODY_SIZE];
    size_t len = 0;
    const char *at = t->body;
    while (*at) {
        const char *end = strncmp(at, "{{", 2) == 0 ? strstr(at, "}}") : NULL;
        const char *value = end ? value_of(t, values, at + 2, (size_t)(end - at - 2)) : NULL;
        size_t n = value ? strlen(value) : 1;
        if (n >= sizeof(out) - len)
            return -EMSGSIZE;
        memcpy(out + len, value ? value : at, n);
        len += n;
        at = value ? end + 2 : at + 1;
    }
    out[len] = '\0';
    memcpy(ret, out, len + 1);
    return 0;
}

/* ---- parts of an SMS ---- */

/* GSM 03.38 beyond ASCII, as UTF-8; what of ASCII is not in it, or costs an escape. */
static const char *const gsm_letters[] = {"£", "¥", "è", "é", "ù", "ì", "ò", "Ç", "Ø", "ø",
                                          "Å", "å", "Δ", "Φ", "Γ", "Λ", "Ω", "Π", "Ψ", "Σ",
                                          "Θ", "Ξ", "Æ", "æ", "ß", "É", "¤", "¡", "Ä", "Ö",
                                          "Ñ", "Ü", "§", "¿", "ä", "ö", "ñ", "ü", "à"};
static const char gsm_escaped[] = "^{}\\[~]|";

static size_t sequence_length(const char *at)
{
    size_t n = 1;
    while (((unsigned char)at[n] & 0xc0) == 0x80)
        n++;
    return n;
}

/* 0: not in the alphabet. */
static int septets(const char *at, size_t len)
{
    if (len == 1)
        return *at == '`' ? 0 : strchr(gsm_escaped, *at) ? 2 : 1;
    if (len == 3 && memcmp(at, "€", 3) == 0)
        return 2;
    for (size_t i = 0; i < ARRAY_LEN(gsm_letters); i++)
        if (strlen(gsm_letters[i]) == len && memcmp(gsm_letters[i], at, len) == 0)
            return 1;
    return 0;
}

int sms_parts(const char *text)
{
    assert(text);
    int gsm = 0, wide = 0;
    bool is_gsm = true;
    for (const char *at = text; *at;) {
        size_t len = sequence_length(at);
        int cost = septets(at, len);
        is_gsm = is_gsm && cost > 0;
        gsm += cost;
        wide += len == 4 ? 2 : 1; /* a surrogate pair */
        at += len;
    }
    int units = is_gsm ? gsm : wide;
    int single = is_gsm ? 160 : 70;
    int joined = is_gsm ? 153 : 67;
    return units <= single ? 1 : (units + joined - 1) / joined;
}

int message_template_put(struct sql *s, enum message_channel channel,
                         const struct message_template *t, int64_t now_ms)
{
    assert(s && t);
    int err = sql_lock(s, "template");
    if (err < 0)
        return err;
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO template(template, channel, language, version, category,"
                     " provider_name, body, variables, approved, made_ms)"
                     " SELECT $1, $2, $3, coalesce(max(version), 0) + 1, $4, $5, $6, $7, $8, $9"
                     " FROM template WHERE template = $1 AND channel = $2 AND language = $3");
    sql_bind_text(q, 1, t->name);
    sql_bind_text(q, 2, channel_name(channel));
    sql_bind_text(q, 3, t->language);
    sql_bind_text(q, 4, t->category);
    sql_bind_text(q, 5, t->provider_name);
    sql_bind_text(q, 6, t->body);
    sql_bind_text(q, 7, t->variables);
    sql_bind_int(q, 8, t->approved);
    sql_bind_int(q, 9, now_ms);
    return sql_run(q);
}
