/* SPDX-License-Identifier: Apache-2.0 */
/* tests/scratch.h -- a folder of its own for a test that needs files, and its removal. */
#pragma once

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct scratch {
    char folder[64];
    char path[128]; /* of the last scratch_path() */
};

static inline void scratch_fail(const char *path)
{
    perror(path);
    abort();
}

static inline struct scratch scratch_new(void)
{
    struct scratch s = {.folder = "/tmp/vyapar-test-XXXXXX"};
    if (!mkdtemp(s.folder))
        scratch_fail(s.folder);
    return s;
}

static inline const char *scratch_path(struct scratch *s, const char *name)
{
    snprintf(s->path, sizeof(s->path), "%s/%s", s->folder, name);
    return s->path;
}

/* Writes a file whole; the folders that its name goes through are made. Returns its path. */
static inline const char *scratch_write(struct scratch *s, const char *name, const char *text)
{
    scratch_path(s, name);
    for (char *slash = strchr(s->path + strlen(s->folder) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(s->path, 0700);
        *slash = '/';
    }
    FILE *out = fopen(s->path, "wbe");
    if (!out || fputs(text, out) < 0 || fclose(out) != 0)
        scratch_fail(s->path);
    return s->path;
}

static inline int scratch_remove_one(const char *path, const struct stat *st, int type,
                                     struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

static inline void scratch_remove(struct scratch *s) /* with all that lies in it */
{
    nftw(s->folder, scratch_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
