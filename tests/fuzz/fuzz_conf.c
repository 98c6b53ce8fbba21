/* SPDX-License-Identifier: Apache-2.0 */
/* What is accepted prints as a file that reads back to the same; what is refused says where. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sample {
    int64_t port;
    bool beep;
    char name[16];
    int trust;
};

static const char *const trusts[] = {"low", "high", NULL};
static const struct conf_key keys[] = {
    {"web", "port", CONF_INT, 1, 65535, "8080", offsetof(struct sample, port), "TCP port.", NULL},
    {"floor", "beep", CONF_BOOL, 0, 0, "true", offsetof(struct sample, beep), "Beep.", NULL},
    {"floor", "name", CONF_TEXT, 1, 16, "site", offsetof(struct sample, name), "Name.", NULL},
    {"floor", "trust", CONF_CHOICE, 0, 0, "low", offsetof(struct sample, trust), "Trust.", trusts},
};
static const struct conf_table table = {keys, ARRAY_LEN(keys)};

static char *printed(const struct sample *s)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    if (!out)
        abort();
    conf_print(&table, s, out);
    fclose(out);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    if (!text)
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    struct sample s;
    struct diag why = {0};
    if (conf_defaults(&table, &s, &why) < 0)
        abort();
    if (conf_read(&table, text, &s, &why) < 0) {
        if (why.text[0] == '\0')
            abort();
        free(text);
        return 0;
    }
    free(text);
    char *first = printed(&s);
    struct sample again;
    /* inih takes ';' behind a blank for a comment, and a text in quotes as it is: such a value does
     * not come back, so only the plain ones are held to it. */
    bool plain = !strpbrk(s.name, ";#=[\"' \t") && s.name[0] != '\0';
    if (conf_defaults(&table, &again, &why) < 0 ||
        (plain && conf_read(&table, first, &again, &why) < 0))
        abort();
    if (plain) {
        char *second = printed(&again);
        if (strcmp(first, second) != 0)
            abort();
        free(second);
    }
    free(first);
    return 0;
}
