/* SPDX-License-Identifier: Apache-2.0 */
/* tests/scratch.h -- a folder of its own for a test that needs files, and its removal. */
#pragma once

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct scratch {
    char folder[64];
    char path[128]; /* of the last scratch_path() */
};

static inline struct scratch scratch_new(void)
{
    struct scratch s = {.folder = "/tmp/vyapar-test-XXXXXX"};
    if (!mkdtemp(s.folder)) {
        perror(s.folder);
        abort();
    }
    return s;
}

static inline const char *scratch_path(struct scratch *s, const char *name)
{
    snprintf(s->path, sizeof(s->path), "%s/%s", s->folder, name);
    return s->path;
}

static inline void scratch_remove(struct scratch *s) /* files of one level */
{
    DIR *d = opendir(s->folder);
    if (!d)
        return;
    for (struct dirent *e = readdir(d); e; e = readdir(d))
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            unlinkat(dirfd(d), e->d_name, 0);
    closedir(d);
    rmdir(s->folder);
}
