/* SPDX-License-Identifier: Apache-2.0 */
#include "gs1_link.h"

#include <assert.h>
#include <string.h>

#include "gs1_ai_table.h"

#define GTIN_LEN 14

/* A piece of the URI. */
struct span {
    const char *text;
    size_t len;
};

struct link {
    const struct gs1_link_rules *rules;
    char *buf;
    size_t used;
    struct gs1_message *m;
    struct gs1_reject *reterr;
    size_t path_count; /* elements that the path gave; the rest is the query's */
};

/* Cuts s at the first c: returns what is before it, and leaves in *s what is behind. */
static struct span cut(struct span *s, char c)
{
    struct span head = *s;
    const char *at = s->len > 0 ? memchr(s->text, c, s->len) : NULL;
    if (at) {
        head.len = (size_t)(at - s->text);
        s->text = at + 1;
        s->len -= head.len + 1;
    } else {
        s->text += s->len;
        s->len = 0;
    }
    return head;
}

static bool all_in(struct span s, const char *extra)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.text[i];
        bool alphanumeric =
            (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!alphanumeric && (c == '\0' || !strchr(extra, c)))
            return false;
    }
    return true;
}

static bool all_digits(struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.text[i] < '0' || s.text[i] > '9')
            return false;
    return s.len > 0;
}

/* Takes the scheme off; these four spellings are the ones that count. */
static bool take_scheme(struct span *uri)
{
    static const char *const schemes[] = {"http://", "HTTP://", "https://", "HTTPS://"};
    for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
        size_t n = strlen(schemes[i]);
        if (uri->len >= n && memcmp(uri->text, schemes[i], n) == 0) {
            uri->text += n;
            uri->len -= n;
            return true;
        }
    }
    return false;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Copies s behind what the buffer holds. A % without two digits stays as it is. */
static enum gs1_fault decode(struct link *l, struct span s, bool plus_is_blank, size_t *ret_len)
{
    char *out = l->buf + l->used;
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.text[i];
        int high = c == '%' && s.len - i >= 3 ? hex_value(s.text[i + 1]) : -1;
        int low = high >= 0 ? hex_value(s.text[i + 2]) : -1;
        if (low >= 0) {
            c = (char)(high << 4 | low);
            i += 2;
            if (c == '\0')
                return GS1_URI_NULL;
        } else if (plus_is_blank && c == '+') {
            c = ' ';
        }
        out[n++] = c;
    }
    *ret_len = n;
    return GS1_FINE;
}

/* Pads a key GTIN of 8, 12 or 13 digits in the buffer: "/01/" before it in the URI and the scheme
 * leave room enough. */
static size_t pad_gtin(const struct link *l, const struct gs1_ai *ai, size_t len)
{
    if (!l->rules->pad_short_gtin || memcmp(ai->digits, "01", 3) != 0 ||
        (len != 8 && len != 12 && len != 13))
        return len;
    char *gtin = l->buf + l->used;
    memmove(gtin + GTIN_LEN - len, gtin, len);
    memset(gtin, '0', GTIN_LEN - len);
    return GTIN_LEN;
}

static int add(struct link *l, const struct gs1_ai *ai, struct span value, bool in_query)
{
    if (l->m->count == GS1_ELEMENTS_MAX)
        return gs1_refuse(l->reterr, GS1_TOO_LONG, NULL);
    size_t len = 0;
    enum gs1_fault fault = decode(l, value, in_query, &len);
    if (fault == GS1_FINE) {
        if (!in_query)
            len = pad_gtin(l, ai, len);
        fault = gs1_value_check(ai, l->buf + l->used, len);
    }
    if (fault != GS1_FINE)
        return gs1_refuse(l->reterr, fault, ai);
    l->m->elements[l->m->count++] =
        (struct gs1_element){.ai = ai, .at = (uint16_t)l->used, .len = (uint16_t)len};
    l->used += len;
    return 0;
}

/* The last '/' of path[0, end): its index plus 1, or 0. */
static size_t slash_before(struct span path, size_t end)
{
    while (end > 0 && path.text[end - 1] != '/')
        end--;
    return end;
}

/* Where the key's AI begins in the path: from its end, pairs of AI and value, until a key. What
 * stands before is the owner's. 0: there is no key. */
static size_t find_key(struct span path)
{
    for (size_t end = path.len;;) {
        size_t value = slash_before(path, end);
        size_t ai_at = value > 0 ? slash_before(path, value - 1) : 0;
        if (ai_at == 0)
            return 0;
        const struct gs1_ai *ai = gs1_ai_find(path.text + ai_at, value - 1 - ai_at);
        if (!ai)
            return 0;
        if (ai->flags & GS1_AI_LINK_KEY)
            return ai_at;
        end = ai_at - 1;
    }
}

static int read_path(struct link *l, struct span path)
{
    size_t start = find_key(path);
    if (start == 0)
        return gs1_refuse(l->reterr, GS1_DL_NO_KEY, NULL);
    struct span rest = {path.text + start, path.len - start};
    do { /* find_key() saw that AIs and values alternate */
        struct span digits = cut(&rest, '/');
        int err = add(l, gs1_ai_find(digits.text, digits.len), cut(&rest, '/'), false);
        if (err < 0)
            return err;
    } while (rest.len > 0);
    l->path_count = l->m->count;
    return 0;
}

static int read_query(struct link *l, struct span query)
{
    while (query.len > 0) {
        struct span value = cut(&query, '&');
        size_t whole = value.len;
        struct span name = cut(&value, '=');
        if (name.len == whole || !all_digits(name))
            continue; /* no "=", or a name of somebody else's */
        const struct gs1_ai *ai = gs1_ai_find(name.text, name.len);
        if (!ai)
            return gs1_refuse(l->reterr, GS1_UNKNOWN_AI, NULL);
        int err = add(l, ai, value, true);
        if (err < 0)
            return err;
    }
    return 0;
}

static const struct gs1_ai *doubled(const struct gs1_message *m)
{
    for (size_t i = 0; i < m->count; i++)
        for (size_t k = 0; k < i; k++)
            if (m->elements[k].ai == m->elements[i].ai)
                return m->elements[i].ai;
    return NULL;
}

/* Whether the path's qualifiers are, in their order, some of the list's; `more`, if not NULL, must
 * be one of the list too. */
static bool follows(const struct link *l, const struct gs1_qualifier_list *list,
                    const struct gs1_ai *more)
{
    size_t at = 1; /* behind the key */
    bool has_more = !more;
    for (size_t i = 0; i < list->count; i++) {
        const struct gs1_ai *ai = &gs1_ai_table[list->ais[i]];
        if (at < l->path_count && l->m->elements[at].ai == ai)
            at++;
        has_more = has_more || ai == more;
    }
    return at == l->path_count && has_more;
}

static bool fits_path(const struct link *l, const struct gs1_ai *more)
{
    const struct gs1_qualifiers *q = &gs1_qualifiers[l->m->elements[0].ai->qualifiers];
    for (size_t i = 0; i < q->count; i++)
        if (follows(l, &gs1_qualifier_lists[q->first + i], more))
            return true;
    return !more && l->path_count == 1;
}

static int check_places(struct link *l)
{
    const struct gs1_ai *twice = doubled(l->m);
    if (twice)
        return gs1_refuse(l->reterr, GS1_DL_DUPLICATE, twice);
    if (!fits_path(l, NULL))
        return gs1_refuse(l->reterr, GS1_DL_PATH_ORDER, NULL);
    for (size_t i = l->path_count; i < l->m->count; i++) {
        const struct gs1_ai *ai = l->m->elements[i].ai;
        if (fits_path(l, ai))
            return gs1_refuse(l->reterr, GS1_DL_SHOULD_BE_PATH, ai);
        if (!(ai->flags & GS1_AI_LINK_ATTRIBUTE))
            return gs1_refuse(l->reterr, GS1_DL_NOT_ATTRIBUTE, ai);
    }
    return 0;
}

int gs1_link_parse(const char *uri, size_t len, const struct gs1_link_rules *rules, char *buf,
                   struct gs1_message *m, struct gs1_reject *reterr)
{
    assert((uri || len == 0) && rules && (buf || len == 0) && m && reterr);
    struct span rest = {uri, len};
    if (!take_scheme(&rest))
        return 1;
    if (len > GS1_TEXT_MAX)
        return gs1_refuse(reterr, GS1_TOO_LONG, NULL);

    /* Characters of RFC 3986, appendix A; fewer of them in the domain. */
    const char *slash = memchr(rest.text, '/', rest.len);
    struct span domain = {rest.text, slash ? (size_t)(slash - rest.text) : 0};
    if (!all_in(rest, "-._~:/?#[]@!$&'()*+,;=%") || domain.len == 0 || !all_in(domain, "-.:[]"))
        return gs1_refuse(reterr, GS1_URI_SYNTAX, NULL);

    struct span query = {slash, rest.len - domain.len};
    query = cut(&query, '#'); /* what is before the fragment */
    struct span path = cut(&query, '?');
    *m = (struct gs1_message){.text = buf};
    struct link l = {.rules = rules, .buf = buf, .m = m, .reterr = reterr};
    int err = read_path(&l, path);
    if (err == 0)
        err = read_query(&l, query);
    if (err == 0)
        err = check_places(&l);
    if (err == 0)
        err = gs1_check_union((const struct gs1_message *const[]){m}, 1, rules->level, reterr);
    return err;
}
