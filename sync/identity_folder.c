/* SPDX-License-Identifier: Apache-2.0 */
#include "identity_folder.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "file_replace.h"
#include "file_text.h"
#include "text.h"

static int path_of(const char *folder, const char *name, char ret[IDENTITY_PATH_SIZE])
{
    int n = snprintf(ret, IDENTITY_PATH_SIZE, "%s/" ENROLMENT_FOLDER "/%s", folder, name);
    return n < 0 || n >= IDENTITY_PATH_SIZE ? -ENAMETOOLONG : 0;
}

int identity_folder_line(const char *folder, const char *name, char *ret, size_t size)
{
    assert(folder && name && ret);
    char path[IDENTITY_PATH_SIZE];
    char *text = NULL;
    size_t len = 0;
    int err = path_of(folder, name, path);
    if (err == 0)
        err = file_text(path, IDENTITY_LINE_MAX, &text, &len);
    if (err < 0)
        return err;
    text[strcspn(text, "\r\n")] = '\0';
    err = text_is_code(text) ? text_copy(ret, size, text) : -EINVAL;
    free(text);
    return err;
}

/* Whether the leaf certifies this key. */
static bool is_of_key(const struct identity_folder *f, const struct certificate_facts *facts)
{
    uint8_t mine[SHA256_SIZE];
    key_fingerprint(f->key, mine);
    return memcmp(mine, facts->key, sizeof(mine)) == 0;
}

static void read_certificate(struct identity_folder *f)
{
    char *pem = NULL;
    size_t len = 0;
    struct certificate_facts facts;
    if (file_text(f->certificate_path, CERTIFICATE_PEM_SIZE, &pem, &len) == 0 &&
        certificate_read(pem, &facts) == 0 && is_of_key(f, &facts)) {
        f->facts = facts;
        f->certified = true;
    }
    free(pem);
}

int identity_folder_open(const char *folder, struct diag *reterr, struct identity_folder *ret)
{
    assert(folder && ret);
    struct identity_folder f = {.certified = false};
    char dir[IDENTITY_PATH_SIZE];
    int err = path_of(folder, "", dir);
    if (err == 0)
        err = path_of(folder, "key.pem", f.key_path);
    if (err == 0)
        err = path_of(folder, "certificate.pem", f.certificate_path);
    if (err == 0)
        err = path_of(folder, "ca.pem", f.ca_path);
    if (err == 0 && mkdir(dir, 0700) < 0 && errno != EEXIST)
        err = -errno;
    if (err == 0)
        err = key_open(f.key_path, &f.key);
    if (err < 0) {
        diag_set(reterr, 0, "%.100s: %s", f.key_path,
                 err == -EPERM ? "others may read the key" : strerror(-err));
        return err;
    }
    read_certificate(&f);
    *ret = f;
    return 0;
}

int identity_folder_take(struct identity_folder *f, const struct enrolment_grant *grant,
                         int64_t now_ms, bool doubtful, struct diag *reterr)
{
    assert(f && f->key && grant);
    char name[CERTIFICATE_NAME_SIZE];
    const struct certificate_check check = {.chain = grant->certificate,
                                            .ca = grant->ca,
                                            .name = certificate_name(&grant->origin, name),
                                            .now_ms = now_ms,
                                            .doubtful = doubtful};
    int err = certificate_check(&check, reterr);
    struct certificate_facts facts;
    if (err == 0)
        err = certificate_read(grant->certificate, &facts);
    if (err < 0)
        return err;
    if (!is_of_key(f, &facts)) {
        diag_set(reterr, 0, "the certificate is of another key");
        return -EKEYREJECTED;
    }
    err = file_replace(f->ca_path, grant->ca, strlen(grant->ca), FILE_MODE_SHARED);
    if (err == 0)
        err = file_replace(f->certificate_path, grant->certificate, strlen(grant->certificate),
                           FILE_MODE_SHARED);
    if (err < 0) {
        diag_set(reterr, 0, "%.100s: %s", f->certificate_path, strerror(-err));
        return err;
    }
    f->facts = facts;
    f->certified = true;
    return 0;
}

void identity_folder_close(struct identity_folder *f)
{
    key_free(f->key);
    f->key = NULL;
}
