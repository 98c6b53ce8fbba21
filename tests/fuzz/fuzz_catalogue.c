/* SPDX-License-Identifier: Apache-2.0 */
/* The first byte chooses the document. What is accepted reads again, written back, to the same
 * bytes; what is refused says why; and no more rows come out than there are lines. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"

#define TEXT_MAX 65536

struct writing {
    enum document_type type;
    char *text;
    size_t n;
    size_t rows;
};

static int write_back(const void *record, void *context, struct diag *reterr)
{
    (void)reterr;
    struct writing *w = context;
    w->rows++;
    if (w->n + CATALOGUE_ROW_MAX + 2 > TEXT_MAX)
        return -1; /* enough */
    w->n += catalogue_write(w->type, record, w->text + w->n);
    w->text[w->n++] = '\n';
    return 0;
}

static struct writing start(enum document_type type)
{
    struct writing w = {.type = type, .text = malloc(TEXT_MAX)};
    if (!w.text)
        abort();
    w.n = catalogue_write_header(type, w.text);
    w.text[w.n++] = '\n';
    return w;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    enum document_type type = (enum document_type)(data[0] % DOCUMENT_TYPE_COUNT);
    struct writing first = start(type);
    struct writing second = start(type);
    struct diag why = {0};
    size_t lines = 1;
    for (size_t i = 1; i < size; i++)
        lines += data[i] == '\n' || data[i] == '\r';
    int err = catalogue_read(type, (const char *)data + 1, size - 1, write_back, &first, &why);
    if (first.rows > lines || (err < -1 && why.text[0] == '\0'))
        abort();
    if (catalogue_read(type, first.text, first.n, write_back, &second, &why) < 0)
        abort();
    if (second.n != first.n || memcmp(first.text, second.text, first.n) != 0)
        abort();
    free(first.text);
    free(second.text);
    return 0;
}
