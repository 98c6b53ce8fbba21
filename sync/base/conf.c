/* SPDX-License-Identifier: Apache-2.0 */
#include "conf.h"

#include <assert.h>
#include <errno.h>
#include <ini.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "file_text.h"
#include "text.h"

#define KEYS_MAX 128

struct reading {
    const struct conf_table *table;
    void *conf;
    struct diag *reterr;
    int err;
    bool seen[KEYS_MAX]; /* by row of the table */
};

static void *field(const struct conf_key *key, void *conf)
{
    return (char *)conf + key->offset;
}

static int set_int(const struct conf_key *key, const char *value, void *conf, int line,
                   struct diag *reterr)
{
    char *end = NULL;
    errno = 0;
    intmax_t v = strtoimax(value, &end, 10);
    if (errno || end == value || *end || v < key->min || v > key->max) {
        diag_set(reterr, line, "[%s] %s = \"%.40s\": a whole number from %" PRId64 " to %" PRId64,
                 key->section, key->key, value, key->min, key->max);
        return -EINVAL;
    }
    *(int64_t *)field(key, conf) = v;
    return 0;
}

static int set_bool(const struct conf_key *key, const char *value, void *conf, int line,
                    struct diag *reterr)
{
    static const struct {
        const char *name;
        bool value;
    } words[] = {{"true", true},   {"yes", true}, {"1", true},
                 {"false", false}, {"no", false}, {"0", false}};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcmp(value, words[i].name) == 0) {
            *(bool *)field(key, conf) = words[i].value;
            return 0;
        }
    diag_set(reterr, line, "[%s] %s = \"%.40s\": true or false", key->section, key->key, value);
    return -EINVAL;
}

static int set_text(const struct conf_key *key, const char *value, void *conf, int line,
                    struct diag *reterr)
{
    if ((key->min > 0 && !*value) || text_copy(field(key, conf), (size_t)key->max, value) < 0) {
        diag_set(reterr, line, "[%s] %s = \"%.40s\": a text of %d to %" PRId64 " bytes",
                 key->section, key->key, value, key->min > 0 ? 1 : 0, key->max - 1);
        return -EINVAL;
    }
    return 0;
}

static int set_choice(const struct conf_key *key, const char *value, void *conf, int line,
                      struct diag *reterr)
{
    char allowed[DIAG_TEXT_MAX] = "";
    for (int i = 0; key->choices[i]; i++) {
        if (strcmp(value, key->choices[i]) == 0) {
            *(int *)field(key, conf) = i;
            return 0;
        }
        size_t used = strlen(allowed);
        snprintf(allowed + used, sizeof(allowed) - used, "%s%s", i ? ", " : "", key->choices[i]);
    }
    diag_set(reterr, line, "[%s] %s = \"%.40s\": one of %s", key->section, key->key, value,
             allowed);
    return -EINVAL;
}

static int set(const struct conf_key *key, const char *value, void *conf, int line,
               struct diag *reterr)
{
    switch (key->type) {
    case CONF_INT:
        return set_int(key, value, conf, line, reterr);
    case CONF_BOOL:
        return set_bool(key, value, conf, line, reterr);
    case CONF_TEXT:
        return set_text(key, value, conf, line, reterr);
    case CONF_CHOICE:
        return set_choice(key, value, conf, line, reterr);
    }
    return -EINVAL;
}

static const struct conf_key *find(const struct conf_table *table, const char *section,
                                   const char *name)
{
    for (size_t i = 0; i < table->count; i++)
        if (strcmp(table->keys[i].section, section) == 0 && strcmp(table->keys[i].key, name) == 0)
            return &table->keys[i];
    return NULL;
}

int conf_defaults(const struct conf_table *table, void *conf, struct diag *reterr)
{
    assert(table && table->count <= KEYS_MAX && conf);
    for (size_t i = 0; i < table->count; i++) {
        int err = set(&table->keys[i], table->keys[i].preset, conf, 0, reterr);
        if (err < 0)
            return err;
    }
    return 0;
}

int conf_set(const struct conf_table *table, const char *section, const char *key,
             const char *value, void *conf, struct diag *reterr)
{
    assert(table && section && key && value && conf);
    const struct conf_key *k = find(table, section, key);
    if (!k) {
        diag_set(reterr, 0, "[%.40s] %.40s: no such key", section, key);
        return -ENOENT;
    }
    return set(k, value, conf, 0, reterr);
}

/* inih is built with line numbers off in Debian, so reading is fed a line at a time by conf_read()
 * and the number is kept there. 1 is its "go on". */
struct line_reader {
    struct reading *reading;
    const char *next;
    int line;
};

static char *next_line(char *str, int num, void *stream)
{
    struct line_reader *in = stream;
    if (!*in->next || in->reading->err < 0)
        return NULL;
    const char *newline = strchr(in->next, '\n');
    size_t len = newline ? (size_t)(newline - in->next) + 1 : strlen(in->next);
    in->line++;
    size_t blanks = strspn(in->next, " \t");
    bool comment = in->next[blanks] == '#' || in->next[blanks] == ';';
    if (comment) { /* of any length: what we print ourselves is longer than a line of inih */
        strcpy(str, "\n");
        in->next += len;
        return str;
    }
    if (len >= (size_t)num) {
        diag_set(in->reading->reterr, in->line, "line is longer than %d bytes", num - 1);
        in->reading->err = -EINVAL;
        return NULL;
    }
    memcpy(str, in->next, len);
    str[len] = '\0';
    in->next += len;
    return str;
}

struct handler_context {
    struct reading *reading;
    const struct line_reader *in;
};

static int on_pair(void *user, const char *section, const char *name, const char *value)
{
    struct handler_context *c = user;
    struct reading *r = c->reading;
    if (r->err < 0)
        return 1;
    const struct conf_key *key = find(r->table, section, name);
    if (!key) {
        diag_set(r->reterr, c->in->line, "[%.40s] %.40s: no such key", section, name);
        r->err = -EINVAL;
        return 1;
    }
    size_t row = (size_t)(key - r->table->keys);
    if (r->seen[row]) {
        diag_set(r->reterr, c->in->line, "[%s] %s is set twice", key->section, key->key);
        r->err = -EINVAL;
        return 1;
    }
    r->seen[row] = true;
    r->err = set(key, value ? value : "", r->conf, c->in->line, r->reterr);
    return 1;
}

int conf_read(const struct conf_table *table, const char *text, void *conf, struct diag *reterr)
{
    assert(table && table->count <= KEYS_MAX && text && conf);
    struct reading r = {.table = table, .conf = conf, .reterr = reterr};
    struct line_reader in = {.reading = &r, .next = text};
    struct handler_context c = {.reading = &r, .in = &in};
    int bad = ini_parse_stream(next_line, &in, on_pair, &c);
    if (r.err < 0)
        return r.err;
    if (bad != 0) {
        diag_set(reterr, bad > 0 ? bad : 0, "neither [section] nor key = value");
        return -EINVAL;
    }
    return 0;
}

int conf_read_file(const struct conf_table *table, const char *path, void *conf,
                   struct diag *reterr)
{
    assert(path);
    enum { FILE_MAX = 1 << 16 }; /* no configuration of ours is near this */
    char *text = NULL;
    size_t len = 0;
    int err = file_text(path, FILE_MAX, &text, &len);
    if (err < 0) {
        diag_set(reterr, 0, "%.100s: %s", path, strerror(-err));
        return err;
    }
    err = conf_read(table, text, conf, reterr);
    free(text);
    return err;
}

static void print_value(const struct conf_key *key, const void *conf, FILE *out)
{
    const void *at = (const char *)conf + key->offset;
    switch (key->type) {
    case CONF_INT:
        fprintf(out, "%" PRId64, *(const int64_t *)at);
        return;
    case CONF_BOOL:
        fputs(*(const bool *)at ? "true" : "false", out);
        return;
    case CONF_TEXT:
        fputs(at, out);
        return;
    case CONF_CHOICE:
        fputs(key->choices[*(const int *)at], out);
        return;
    }
}

static void print_allowed(const struct conf_key *key, FILE *out)
{
    switch (key->type) {
    case CONF_INT:
        fprintf(out, " (%" PRId64 " to %" PRId64, key->min, key->max);
        break;
    case CONF_BOOL:
        fputs(" (true or false", out);
        break;
    case CONF_TEXT:
        fprintf(out, " (at most %" PRId64 " bytes", key->max - 1);
        break;
    case CONF_CHOICE:
        fputs(" (one of", out);
        for (int i = 0; key->choices[i]; i++)
            fprintf(out, " %s", key->choices[i]);
        break;
    }
    fprintf(out, "; default \"%s\")\n", key->preset);
}

void conf_print(const struct conf_table *table, const void *conf, FILE *out)
{
    assert(table && conf && out);
    const char *section = "";
    for (size_t i = 0; i < table->count; i++) {
        const struct conf_key *key = &table->keys[i];
        if (strcmp(section, key->section) != 0) {
            section = key->section;
            fprintf(out, "%s[%s]\n", i ? "\n" : "", section);
        }
        fprintf(out, "# %s", key->help);
        print_allowed(key, out);
        fprintf(out, "%s = ", key->key);
        print_value(key, conf, out);
        fputc('\n', out);
    }
}
