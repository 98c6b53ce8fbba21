/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api_schema.h"

#include <assert.h>
#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "civil.h"
#include "utf8.h"

#define DEPTH_MAX 24
#define LIST_MAX 160

struct check {
    const cJSON *document;
    struct api_fault *fault;
    char where[API_WHERE_SIZE];
    int depth;
};

static int check_value(struct check *c, const cJSON *schema, const cJSON *value);

PRINTF_LIKE(2, 3) static int fail(struct check *c, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(c->fault->detail, sizeof(c->fault->detail), fmt, args);
    va_end(args);
    memcpy(c->fault->where, c->where, sizeof(c->where));
    return -EINVAL;
}

PRINTF_LIKE(2, 3) static void allow(struct check *c, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(c->fault->allowed, sizeof(c->fault->allowed), fmt, args);
    va_end(args);
}

static const cJSON *member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static double number_of(const cJSON *schema, const char *name, double otherwise)
{
    const cJSON *n = member(schema, name);
    return cJSON_IsNumber(n) ? n->valuedouble : otherwise;
}

const cJSON *api_schema_resolve(const cJSON *document, const cJSON *schema)
{
    assert(document);
    for (int hops = 0; schema && hops < DEPTH_MAX; hops++) {
        const cJSON *ref = member(schema, "$ref");
        if (!ref)
            return schema;
        if (!cJSON_IsString(ref) || strncmp(ref->valuestring, "#/", 2) != 0)
            return NULL;
        char path[API_WHERE_SIZE];
        if ((size_t)snprintf(path, sizeof(path), "%s", ref->valuestring + 2) >= sizeof(path))
            return NULL;
        char *rest = NULL;
        const cJSON *at = document;
        for (char *name = strtok_r(path, "/", &rest); name && at; name = strtok_r(NULL, "/", &rest))
            at = member(at, name);
        schema = at;
    }
    return NULL;
}

/* An integer is a whole number that a double holds exactly. */
static bool is_type(const cJSON *value, const char *type)
{
    if (strcmp(type, "integer") == 0)
        return cJSON_IsNumber(value) && value->valuedouble >= -9007199254740991.0 &&
               value->valuedouble <= 9007199254740991.0 &&
               value->valuedouble == (double)(int64_t)value->valuedouble;
    return (strcmp(type, "string") == 0 && cJSON_IsString(value)) ||
           (strcmp(type, "number") == 0 && cJSON_IsNumber(value)) ||
           (strcmp(type, "boolean") == 0 && cJSON_IsBool(value)) ||
           (strcmp(type, "object") == 0 && cJSON_IsObject(value)) ||
           (strcmp(type, "array") == 0 && cJSON_IsArray(value)) ||
           (strcmp(type, "null") == 0 && cJSON_IsNull(value));
}

static void join(char list[LIST_MAX], const cJSON *names)
{
    list[0] = '\0';
    size_t len = 0;
    const cJSON *name = NULL;
    cJSON_ArrayForEach(name, names)
    {
        int n = snprintf(list + len, LIST_MAX - len, "%s%s", len > 0 ? ", " : "",
                         cJSON_IsString(name) ? name->valuestring : "?");
        if (n < 0 || (size_t)n >= LIST_MAX - len)
            return;
        len += (size_t)n;
    }
}

static int check_type(struct check *c, const cJSON *type, const cJSON *value)
{
    if (!type)
        return 0;
    if (cJSON_IsString(type)) {
        if (is_type(value, type->valuestring))
            return 0;
        allow(c, "%s", type->valuestring);
        return fail(c, "it is of another type");
    }
    const cJSON *one = NULL;
    cJSON_ArrayForEach(one, type)
    {
        if (is_type(value, one->valuestring))
            return 0;
    }
    char list[LIST_MAX];
    join(list, type);
    allow(c, "%s", list);
    return fail(c, "it is of another type");
}

static int check_enum(struct check *c, const cJSON *words, const cJSON *value)
{
    if (!words)
        return 0;
    const cJSON *word = NULL;
    cJSON_ArrayForEach(word, words)
    {
        if (cJSON_Compare(word, value, true))
            return 0;
    }
    char list[LIST_MAX];
    join(list, words);
    allow(c, "one of: %s", list);
    return fail(c, "it is none of the words that are known");
}

/* "2026-11-21T09:10:11Z", with or without a fraction, or with an offset (RFC 3339). */
static bool is_instant(const char *text)
{
    char day[11];
    int32_t unused = 0;
    snprintf(day, sizeof(day), "%.10s", text);
    if (strlen(text) < 20 || civil_parse(day, &unused) < 0)
        return false;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int used = 0;
    if (strspn(text + 11, "0123456789:") < 8 ||
        sscanf(text + 10, "T%2d:%2d:%2d%n", &hour, &minute, &second, &used) != 3 || used != 9 ||
        hour > 23 || minute > 59 || second > 59)
        return false;
    const char *rest = text + 19;
    if (rest[0] == '.') {
        size_t digits = strspn(rest + 1, "0123456789");
        if (digits == 0 || digits > 9)
            return false;
        rest += 1 + digits;
    }
    if (strcmp(rest, "Z") == 0)
        return true;
    return (rest[0] == '+' || rest[0] == '-') && strlen(rest) == 6 && rest[3] == ':' &&
           sscanf(rest + 1, "%2d:%2d%n", &hour, &minute, &used) == 2 && used == 5 && hour <= 23 &&
           minute <= 59;
}

static int check_pattern(struct check *c, const char *pattern, const char *text)
{
    regex_t regex;
    if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0)
        return fail(c, "the pattern of the document cannot be read");
    int found = regexec(&regex, text, 0, NULL, 0);
    regfree(&regex);
    if (found == 0)
        return 0;
    allow(c, "%s", pattern);
    return fail(c, "it has not the form that is wanted");
}

/* Well-formed UTF-8 without control characters; `lines` may end and be indented. */
static bool is_clean(const char *text, bool lines)
{
    if (!lines)
        return utf8_is_clean(text);
    char *flat = strdup(text);
    for (char *at = flat; at && *at != '\0'; at++) {
        if (*at == '\n' || *at == '\r' || *at == '\t')
            *at = ' ';
    }
    bool clean = flat && utf8_is_clean(flat);
    free(flat);
    return clean;
}

static int check_text(struct check *c, const cJSON *schema, const char *text)
{
    size_t len = strlen(text);
    double min = number_of(schema, "minLength", 0);
    double max = number_of(schema, "maxLength", (double)SIZE_MAX);
    if ((double)len < min || (double)len > max) {
        allow(c, "%.0f to %.0f bytes", min, max);
        return fail(c, "the text is too short or too long");
    }
    const cJSON *format = member(schema, "format");
    int32_t day = 0;
    if (format && strcmp(format->valuestring, "date") == 0 && civil_parse(text, &day) < 0) {
        allow(c, "YYYY-MM-DD");
        return fail(c, "it is no date");
    }
    if (format && strcmp(format->valuestring, "date-time") == 0 && !is_instant(text)) {
        allow(c, "RFC 3339, as 2026-11-21T09:10:11Z");
        return fail(c, "it is no instant");
    }
    if (!is_clean(text, format && strcmp(format->valuestring, "lines") == 0))
        return fail(c, "the text is not clean UTF-8");
    const cJSON *pattern = member(schema, "pattern");
    return pattern ? check_pattern(c, pattern->valuestring, text) : 0;
}

static int check_number(struct check *c, const cJSON *schema, double value)
{
    const cJSON *min = member(schema, "minimum");
    const cJSON *max = member(schema, "maximum");
    if ((min && value < min->valuedouble) || (max && value > max->valuedouble)) {
        if (min && max)
            allow(c, "%.0f to %.0f", min->valuedouble, max->valuedouble);
        else
            allow(c, "%s %.0f", min ? "at least" : "at most",
                  min ? min->valuedouble : max->valuedouble);
        return fail(c, "the number is out of range");
    }
    return 0;
}

/* Goes down into a member or item, with its name at the end of `where`. */
static int check_below(struct check *c, const cJSON *schema, const cJSON *value, const char *name,
                       int index)
{
    size_t len = strlen(c->where);
    if (name)
        snprintf(c->where + len, sizeof(c->where) - len, "%s%s", len > 0 ? "." : "", name);
    else
        snprintf(c->where + len, sizeof(c->where) - len, "[%d]", index);
    int err = check_value(c, schema, value);
    c->where[len] = '\0';
    return err;
}

static int fail_at(struct check *c, const char *name, const char *what)
{
    size_t len = strlen(c->where);
    snprintf(c->where + len, sizeof(c->where) - len, "%s%.40s", len > 0 ? "." : "", name);
    int err = fail(c, "%s", what);
    c->where[len] = '\0';
    return err;
}

static int check_members(struct check *c, const cJSON *schema, const cJSON *object)
{
    const cJSON *properties = member(schema, "properties");
    const cJSON *others = member(schema, "additionalProperties");
    const cJSON *name = NULL;
    cJSON_ArrayForEach(name, member(schema, "required"))
    {
        if (!member(object, name->valuestring))
            return fail_at(c, name->valuestring, "it is missing");
    }
    const cJSON *value = NULL;
    cJSON_ArrayForEach(value, object)
    {
        if (member(object, value->string) != value)
            return fail_at(c, value->string, "it stands twice");
        const cJSON *known = properties ? member(properties, value->string) : NULL;
        if (!known && cJSON_IsFalse(others)) {
            char list[LIST_MAX] = "";
            size_t len = 0;
            const cJSON *p = NULL;
            cJSON_ArrayForEach(p, properties)
            {
                int n = snprintf(list + len, sizeof(list) - len, "%s%s", len > 0 ? ", " : "",
                                 p->string);
                if (n < 0 || (size_t)n >= sizeof(list) - len)
                    break;
                len += (size_t)n;
            }
            allow(c, "%s", list);
            return fail_at(c, value->string, "no such member is known");
        }
        const cJSON *below = known ? known : cJSON_IsObject(others) ? others : NULL;
        int err = below ? check_below(c, below, value, value->string, 0) : 0;
        if (err < 0)
            return err;
    }
    return 0;
}

static int check_items(struct check *c, const cJSON *schema, const cJSON *array)
{
    int n = cJSON_GetArraySize(array);
    double min = number_of(schema, "minItems", 0);
    double max = number_of(schema, "maxItems", 1e9);
    if (n < min || n > max) {
        allow(c, "%.0f to %.0f", min, max);
        return fail(c, "there are %d", n);
    }
    const cJSON *items = member(schema, "items");
    int index = 0;
    const cJSON *value = NULL;
    cJSON_ArrayForEach(value, array)
    {
        int err = items ? check_below(c, items, value, NULL, index++) : 0;
        if (err < 0)
            return err;
    }
    return 0;
}

static int check_value(struct check *c, const cJSON *schema, const cJSON *value)
{
    schema = api_schema_resolve(c->document, schema);
    if (!schema || c->depth >= DEPTH_MAX)
        return fail(c, schema ? "it is nested too deep" : "the schema is missing");
    c->depth++;
    int err = check_type(c, member(schema, "type"), value);
    if (err == 0)
        err = check_enum(c, member(schema, "enum"), value);
    const cJSON *part = NULL;
    cJSON_ArrayForEach(part, member(schema, "allOf"))
    {
        if (err == 0)
            err = check_value(c, part, value);
    }
    if (err == 0 && cJSON_IsString(value))
        err = check_text(c, schema, value->valuestring);
    if (err == 0 && cJSON_IsNumber(value))
        err = check_number(c, schema, value->valuedouble);
    if (err == 0 && cJSON_IsObject(value))
        err = check_members(c, schema, value);
    if (err == 0 && cJSON_IsArray(value))
        err = check_items(c, schema, value);
    c->depth--;
    return err;
}

static struct check begin(const cJSON *document, const char *where, struct api_fault *fault)
{
    struct check c = {.document = document, .fault = fault};
    *fault = (struct api_fault){.detail = ""};
    snprintf(c.where, sizeof(c.where), "%s", where);
    return c;
}

int api_schema_check(const cJSON *document, const cJSON *schema, const cJSON *value,
                     const char *where, struct api_fault *ret)
{
    assert(document && schema && value && where && ret);
    struct check c = begin(document, where, ret);
    return check_value(&c, schema, value);
}

int api_schema_check_text(const cJSON *document, const cJSON *schema, const char *text,
                          const char *where, struct api_fault *ret)
{
    assert(document && schema && text && where && ret);
    struct check c = begin(document, where, ret);
    const cJSON *resolved = api_schema_resolve(document, schema);
    const cJSON *type = resolved ? member(resolved, "type") : NULL;
    cJSON value = {.type = cJSON_String, .valuestring = (char *)(uintptr_t)text};
    if (cJSON_IsString(type) && strcmp(type->valuestring, "integer") == 0) {
        char *end = NULL;
        errno = 0;
        long long n = strtoll(text, &end, 10);
        size_t digits = strspn(text + (text[0] == '-'), "0123456789");
        if (errno != 0 || digits == 0 || digits > 16 || *end != '\0') {
            allow(&c, "a whole number");
            return fail(&c, "it is no whole number");
        }
        value = (cJSON){.type = cJSON_Number, .valuedouble = (double)n};
    } else if (cJSON_IsString(type) && strcmp(type->valuestring, "boolean") == 0) {
        bool yes = strcmp(text, "true") == 0;
        if (!yes && strcmp(text, "false") != 0) {
            allow(&c, "true, false");
            return fail(&c, "it is neither true nor false");
        }
        value = (cJSON){.type = yes ? cJSON_True : cJSON_False};
    }
    return check_value(&c, schema, &value);
}
