/* SPDX-License-Identifier: Apache-2.0 */
#include "document_folder.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalogue.h"
#include "decimal.h"
#include "document_apply.h"
#include "file_text.h"
#include "log.h"
#include "opening.h"
#include "text.h"

#define FILES_MAX 256
#define NAME_SIZE 64
#define OPENING_RANK 4 /* behind what it refers to, before orders */

struct file {
    char name[NAME_SIZE];
    int rank; /* documents that others refer to come first */
    enum document_type type;
    int32_t version; /* 0: opening stock */
};

/* "orders-12.csv" -> orders, 12. False for a name that is none of ours. */
static bool parse_name(const char *name, struct file *ret)
{
    size_t len = strlen(name);
    if (len < 5 || len >= NAME_SIZE || strcmp(name + len - 4, ".csv") != 0)
        return false;
    strcpy(ret->name, name);
    if (strcmp(name, "opening.csv") == 0) {
        ret->rank = OPENING_RANK;
        ret->version = 0;
        return true;
    }
    char stem[NAME_SIZE];
    memcpy(stem, name, len - 4);
    stem[len - 4] = '\0';
    char *dash = strrchr(stem, '-');
    if (!dash)
        return false;
    *dash = '\0';
    int64_t version = 0;
    if (document_parse(stem, &ret->type) < 0 || decimal_parse(dash + 1, 0, &version) < 0 ||
        version < 1 || version > INT32_MAX)
        return false;
    ret->rank = document_rank(ret->type);
    ret->version = (int32_t)version;
    return true;
}

static int compare_files(const void *x, const void *y)
{
    const struct file *a = x;
    const struct file *b = y;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return (a->version > b->version) - (a->version < b->version);
}

static size_t list(const char *folder, struct file *ret)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return 0;
    size_t n = 0;
    struct dirent *entry;
    while (n < FILES_MAX && (entry = readdir(dir)))
        n += parse_name(entry->d_name, &ret[n]);
    closedir(dir);
    qsort(ret, n, sizeof(*ret), compare_files);
    return n;
}

/* A link or a pipe in the folder is somebody's trick. */
static int read_document(const char *path, char **ret_text, size_t *ret_len)
{
    struct stat st;
    if (lstat(path, &st) < 0)
        return -errno;
    if (!S_ISREG(st.st_mode))
        return -ELOOP;
    return file_text(path, CATALOGUE_BODY_MAX, ret_text, ret_len);
}

static void refuse(const char *path, const char *name, const struct diag *why)
{
    log_line(LOG_LEVEL_WARNING, "document %s: refused: line %d: %s", name, why->line, why->text);
    char to[PATH_MAX + 16];
    snprintf(to, sizeof(to), "%s.refused", path);
    if (rename(path, to) < 0)
        log_line(LOG_LEVEL_WARNING, "document %s: cannot be renamed: %s", name, strerror(errno));
    snprintf(to, sizeof(to), "%s.why", path);
    FILE *out = fopen(to, "we");
    if (!out)
        return; /* the log has said it */
    fprintf(out, "%s line %d: %s\n", name, why->line, why->text);
    fclose(out);
}

/* What was said of an earlier file of that name is settled by this one. */
static void forget_refusal(const char *path)
{
    char old[PATH_MAX + 16];
    snprintf(old, sizeof(old), "%s.refused", path);
    unlink(old);
    snprintf(old, sizeof(old), "%s.why", path);
    unlink(old);
}

/* Whether the document itself is at fault, and not the disk. */
static bool is_refusal(int err)
{
    return err == -EINVAL || err == -EPROTO || err == -EFBIG || err == -ELOOP;
}

static int apply_text(const struct file *f, struct journal *j, const struct journal_time *time,
                      const char *text, size_t len, struct diag *why)
{
    return f->version == 0 ? opening_import(j, time, text, len, why)
                           : document_apply(j, time, f->type, f->version, text, len, why);
}

/* 1 when it took effect, 0 when it was refused or is known already. */
static int apply_file(const char *folder, const struct file *f, struct journal *j,
                      const struct journal_time *time)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof(path), "%s/%s", folder, f->name) >= (int)sizeof(path))
        return -ENAMETOOLONG;
    char *text = NULL;
    size_t len = 0;
    struct diag why = {0};
    int err = read_document(path, &text, &len);
    if (err == -EFBIG || err == -ELOOP)
        diag_set(&why, 0, "a regular file of at most %d bytes", CATALOGUE_BODY_MAX);
    else if (err == 0)
        err = apply_text(f, j, time, text, len, &why);
    free(text);
    if (is_refusal(err)) {
        char stem[NAME_SIZE];
        text_cut(stem, sizeof(stem), f->name);
        stem[strcspn(stem, "-.")] = '\0';
        err = document_refused(j, time, stem, f->version, &why);
        if (err == 0)
            refuse(path, f->name, &why);
        return err;
    }
    if (err < 0 && err != -EEXIST) {
        log_line(LOG_LEVEL_WARNING, "document %s: not now, retrying: %s", f->name, strerror(-err));
        return err;
    }
    if (unlink(path) < 0)
        log_line(LOG_LEVEL_WARNING, "document %s: cannot be removed: %s", f->name, strerror(errno));
    forget_refusal(path);
    if (err == -EEXIST)
        return 0;
    log_line(LOG_LEVEL_INFO, "document %s: in force", f->name);
    return 1;
}

int document_folder_apply(const char *folder, struct journal *j, const struct journal_time *time)
{
    assert(folder && j && time && journal_pending(j) == 0);
    struct file *files = calloc(FILES_MAX, sizeof(*files));
    if (!files)
        return -ENOMEM;
    size_t n = list(folder, files);
    int applied = 0;
    int err = 0;
    for (size_t i = 0; i < n && err >= 0; i++) {
        err = apply_file(folder, &files[i], j, time);
        applied += err == 1;
    }
    free(files);
    return err < 0 ? err : applied;
}
