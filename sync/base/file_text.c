/* SPDX-License-Identifier: Apache-2.0 */
#include "file_text.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define BLOCK 8192

static int read_all(FILE *in, size_t max, char **ret_text, size_t *ret_len)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    if (!out)
        return -errno;
    char block[BLOCK];
    size_t n = 0;
    size_t total = 0;
    while (total <= max && (n = fread(block, 1, sizeof(block), in)) > 0) {
        fwrite(block, 1, n, out);
        total += n;
    }
    int err = ferror(in) ? -EIO : ferror(out) ? -ENOMEM : total > max ? -EFBIG : 0;
    if (fclose(out) != 0 && err == 0)
        err = -ENOMEM;
    if (err < 0) {
        free(text);
        return err;
    }
    *ret_text = text;
    *ret_len = len;
    return 0;
}

int file_text(const char *path, size_t max, char **ret_text, size_t *ret_len)
{
    assert(path && ret_text && ret_len);
    FILE *in = fopen(path, "rbe");
    if (!in)
        return -errno;
    int err = read_all(in, max, ret_text, ret_len);
    fclose(in);
    return err;
}
