/* SPDX-License-Identifier: Apache-2.0 */
#include "gs1.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "gs1_ai_table.h"

int gs1_refuse(struct gs1_reject *reterr, enum gs1_fault fault, const struct gs1_ai *ai)
{
    *reterr = (struct gs1_reject){.fault = fault, .ai = ai};
    return -EBADMSG;
}

static bool ends_at(const char *text, size_t len, size_t at)
{
    return at == len || text[at] == GS1_SEPARATOR;
}

/* Why a component that begins at text cannot be taken: its length goes before its characters. */
static enum gs1_fault component_fault(const struct gs1_component *c, const char *text, size_t len)
{
    size_t there = 0;
    while (there < c->min_len && !ends_at(text, len, there))
        there++;
    return there < c->min_len ? GS1_VALUE_LENGTH : GS1_CHARSET;
}

static enum gs1_fault content_fault(const struct gs1_component *c, const char *text, size_t len)
{
    for (size_t i = 0; i < GS1_COMPONENT_TESTS_MAX && c->tests[i] != GS1_TEST_NONE; i++) {
        enum gs1_fault fault = gs1_content_check((enum gs1_test)c->tests[i], text, len);
        if (fault != GS1_FINE)
            return fault;
    }
    return GS1_FINE;
}

/* Takes the value that begins at text, up to the next separator or the end; an AI of fixed length
 * ends by itself too. */
static enum gs1_fault take_value(const struct gs1_ai *ai, const char *text, size_t len,
                                 size_t *ret_len)
{
    if (!(ai->flags & GS1_AI_SEPARATED) && len > ai->max_len)
        len = ai->max_len;
    if (ends_at(text, len, 0))
        return GS1_VALUE_EMPTY;

    const struct gs1_format *format = &gs1_formats[ai->format];
    size_t at = 0;
    for (size_t i = 0; i < format->count; i++) {
        const struct gs1_component *c = &gs1_components[format->first + i];
        if (c->optional && ends_at(text, len, at))
            break; /* so are those behind it */
        size_t room = len - at < c->max_len ? len - at : c->max_len;
        const char *part = text + at;
        size_t n = 0;
        while (n < room && (gs1_charsets[(unsigned char)part[n]] & c->charset))
            n++;
        if (n < c->min_len || (n < room && part[n] != GS1_SEPARATOR))
            return component_fault(c, part, len - at);
        enum gs1_fault fault = content_fault(c, part, n);
        if (fault != GS1_FINE)
            return fault;
        at += n;
    }
    if (!ends_at(text, len, at))
        return GS1_VALUE_TOO_LONG;
    *ret_len = at;
    return GS1_FINE;
}

enum gs1_fault gs1_value_check(const struct gs1_ai *ai, const char *value, size_t len)
{
    assert(ai && (value || len == 0));
    if (len == 0)
        return GS1_VALUE_EMPTY;
    if (memchr(value, '^', len))
        return GS1_CARET;
    if (len < ai->min_len)
        return GS1_VALUE_LENGTH;
    if (len > ai->max_len)
        return GS1_VALUE_TOO_LONG;
    size_t taken = 0;
    enum gs1_fault fault = take_value(ai, value, len, &taken);
    if (fault == GS1_FINE && taken < len)
        return GS1_CHARSET; /* a separator is no end here */
    return fault;
}

int gs1_parse(const char *text, size_t len, enum gs1_level level, struct gs1_message *m,
              struct gs1_reject *reterr)
{
    assert((text || len == 0) && m && reterr);
    if (len == 0)
        return gs1_refuse(reterr, GS1_EMPTY, NULL);
    if (len > GS1_TEXT_MAX)
        return gs1_refuse(reterr, GS1_TOO_LONG, NULL);
    if (memchr(text, '^', len))
        return gs1_refuse(reterr, GS1_CARET, NULL);

    m->text = text;
    m->count = 0;
    for (size_t at = 0; at < len;) {
        const struct gs1_ai *ai = gs1_ai_at(text + at, len - at);
        if (!ai)
            return gs1_refuse(reterr, GS1_UNKNOWN_AI, NULL);
        if (m->count == GS1_ELEMENTS_MAX)
            return gs1_refuse(reterr, GS1_TOO_LONG, NULL);
        at += ai->digits_len;
        size_t value_len = 0;
        enum gs1_fault fault = take_value(ai, text + at, len - at, &value_len);
        if (fault != GS1_FINE)
            return gs1_refuse(reterr, fault, ai);
        m->elements[m->count++] =
            (struct gs1_element){.ai = ai, .at = (uint16_t)at, .len = (uint16_t)value_len};
        at += value_len;
        if (at < len && text[at] == GS1_SEPARATOR)
            at++;
    }
    return gs1_check_union((const struct gs1_message *const[]){m}, 1, level, reterr);
}

/* Copies the value at text, up to the next AI's bracket, and takes back its escapes. Returns how
 * much of text it was. */
static size_t unescape_value(const char *text, size_t len, char *buf, size_t *ret_len)
{
    size_t n = 0;
    size_t i = 0;
    while (i < len && text[i] != '(') {
        if (text[i] == '\\' && len - i >= 2 && text[i + 1] == '(')
            i++;
        buf[n++] = text[i++];
    }
    *ret_len = n;
    return i;
}

int gs1_parse_bracketed(const char *text, size_t len, enum gs1_level level, char *buf,
                        struct gs1_message *m, struct gs1_reject *reterr)
{
    assert((text || len == 0) && (buf || len == 0) && m && reterr);
    if (len == 0)
        return gs1_refuse(reterr, GS1_EMPTY, NULL);
    if (len > GS1_TEXT_MAX)
        return gs1_refuse(reterr, GS1_TOO_LONG, NULL);

    m->text = buf;
    m->count = 0;
    size_t used = 0;
    for (size_t at = 0; at < len;) {
        const char *close = text[at] == '(' ? memchr(text + at, ')', len - at) : NULL;
        if (!close)
            return gs1_refuse(reterr, GS1_BRACKET_SYNTAX, NULL);
        const struct gs1_ai *ai = gs1_ai_find(text + at + 1, (size_t)(close - text) - at - 1);
        if (!ai)
            return gs1_refuse(reterr, GS1_UNKNOWN_AI, NULL);
        if (m->count == GS1_ELEMENTS_MAX)
            return gs1_refuse(reterr, GS1_TOO_LONG, NULL);
        at = (size_t)(close - text) + 1;
        size_t value_len = 0;
        at += unescape_value(text + at, len - at, buf + used, &value_len);
        if (value_len == 0)
            return gs1_refuse(reterr, GS1_BRACKET_SYNTAX, ai);
        enum gs1_fault fault = gs1_value_check(ai, buf + used, value_len);
        if (fault != GS1_FINE)
            return gs1_refuse(reterr, fault, ai);
        m->elements[m->count++] =
            (struct gs1_element){.ai = ai, .at = (uint16_t)used, .len = (uint16_t)value_len};
        used += value_len;
    }
    return gs1_check_union((const struct gs1_message *const[]){m}, 1, level, reterr);
}

const struct gs1_element *gs1_get(const struct gs1_message *m, const char *ai)
{
    assert(m && ai);
    const struct gs1_ai *want = gs1_ai_find(ai, strlen(ai));
    for (size_t i = 0; i < m->count; i++)
        if (m->elements[i].ai == want)
            return &m->elements[i];
    return NULL;
}

/* Appends while there is room for it and the NUL. */
static bool append(char *buf, size_t size, size_t *len, const char *text, size_t n)
{
    if (size - *len <= n)
        return false;
    memcpy(buf + *len, text, n);
    *len += n;
    return true;
}

static bool append_escaped(char *buf, size_t size, size_t *len, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '(' && !append(buf, size, len, "\\", 1))
            return false;
        if (!append(buf, size, len, &text[i], 1))
            return false;
    }
    return true;
}

int gs1_compose(const struct gs1_message *m, enum gs1_form form, char *buf, size_t size,
                size_t *ret_len)
{
    assert(m && buf && size > 0 && ret_len);
    static const char separator = GS1_SEPARATOR;
    size_t len = 0;
    bool fits = true;
    for (size_t i = 0; i < m->count && fits; i++) {
        const struct gs1_element *e = &m->elements[i];
        const char *value = m->text + e->at;
        if (form == GS1_BRACKETED) {
            fits = append(buf, size, &len, "(", 1) &&
                   append(buf, size, &len, e->ai->digits, e->ai->digits_len) &&
                   append(buf, size, &len, ")", 1) &&
                   append_escaped(buf, size, &len, value, e->len);
            continue;
        }
        bool separate = (e->ai->flags & GS1_AI_SEPARATED) && i + 1 < m->count;
        fits = append(buf, size, &len, e->ai->digits, e->ai->digits_len) &&
               append(buf, size, &len, value, e->len) &&
               (!separate || append(buf, size, &len, &separator, 1));
    }
    if (!fits)
        return -ENOSPC;
    buf[len] = '\0';
    *ret_len = len;
    return 0;
}
