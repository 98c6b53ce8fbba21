/* SPDX-License-Identifier: Apache-2.0 */
/* vyaparctl documents check: a master document is applied, as the appliance would, to a journal of
 * its own in a folder for the moment, so that no check has to be written twice. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl.h"
#include "file_text.h"
#include "journal.h"
#include "master.h"

struct text {
    char *bytes; /* from malloc() */
    size_t len;
};

static int read_file(const char *path, struct text *ret, struct diag *why)
{
    int err = file_text(path, CATALOGUE_BODY_MAX, &ret->bytes, &ret->len);
    if (err != -EFBIG)
        return err;
    diag_set(why, 0, "more than %d bytes", CATALOGUE_BODY_MAX);
    return -EINVAL;
}

static int apply(const char *folder, enum document_type type, const struct text *body,
                 struct diag *why)
{
    char path[64];
    snprintf(path, sizeof(path), "%s/journal.db", folder);
    struct journal_conf conf = {.path = path, .origin = {"check", "check", 1}, .site = "check"};
    struct journal_time time = {.wall_ms = 1, .trust = CLOCK_UNSET};
    struct journal_opening opening;
    AUTO(journal) j = NULL;
    int err = journal_open(&conf, &time, &opening, why, &j);
    return err < 0 ? err : master_apply(j, &time, type, 1, body->bytes, body->len, why);
}

/* In a folder that is gone afterwards. */
static int check(enum document_type type, const struct text *body, struct diag *why)
{
    static const char *const files[] = {"journal.db", "journal.db-wal", "journal.db-shm"};
    char folder[] = "/tmp/vyaparctl-XXXXXX";
    if (!mkdtemp(folder)) {
        int err = -errno;
        diag_set(why, 0, "/tmp: %s", strerror(-err));
        return err;
    }
    int err = apply(folder, type, body, why);
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        char path[64];
        snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
        unlink(path);
    }
    rmdir(folder);
    return err;
}

enum ctl_exit ctl_documents_check(int argc, char **argv)
{
    if (argc != 2)
        return ctl_misused("documents check: a type and a FILE.csv");
    enum document_type type = DOCUMENT_CATALOGUE;
    if (document_parse(argv[0], &type) < 0)
        return ctl_misused("documents check: \"%s\": catalogue, parties, bins, workers or orders",
                           argv[0]);
    struct diag why = {0};
    struct text body = {0};
    int err = read_file(argv[1], &body, &why);
    if (err == 0)
        err = check(type, &body, &why);
    free(body.bytes);
    if (err < 0)
        return ctl_complain(argv[1], &why, err);
    printf("%s: good\n", argv[1]);
    return CTL_GOOD;
}
