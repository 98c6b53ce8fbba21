/* SPDX-License-Identifier: Apache-2.0 */
/* vyaparctl identity: a small authority in a folder, for a demo, tests, and sites that are
 * commissioned by hand. A relay keeps its own.
 *
 *   CA/root.key root.pem               the root
 *   CA/TENANT.key TENANT.pem           a distributor's authority under it
 *   CA/NAME.revoked                    what that authority withdrew: lines of "SERIAL UTC_MS"
 *   CA/crl.pem                         the lists of all, as a broker reads them
 *   INTO/key.pem certificate.pem ca.pem   of one appliance, relay or broker */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "authority.h"
#include "civil.h"
#include "ctl.h"
#include "decimal.h"
#include "file_replace.h"
#include "file_text.h"
#include "text.h"

#define PATH_SIZE 512
#define DAY_MS INT64_C(86400000)
#define ROOT_DAYS 7300
#define TENANT_DAYS 3650
#define LEAF_DAYS 365
#define CRL_DAYS 30
#define REVOKED_FILE_MAX (1 << 20)

static int64_t now_ms(void)
{
    return (int64_t)time(NULL) * 1000;
}

static int path_of(char ret[PATH_SIZE], const char *folder, const char *name, const char *ending)
{
    int n = snprintf(ret, PATH_SIZE, "%s/%s%s", folder, name, ending);
    return n < 0 || n >= PATH_SIZE ? -ENAMETOOLONG : 0;
}

static int make_folder(const char *folder)
{
    return mkdir(folder, 0700) < 0 && errno != EEXIST ? -errno : 0;
}

static int write_text(const char *folder, const char *name, const char *ending, const char *text)
{
    char path[PATH_SIZE];
    int err = path_of(path, folder, name, ending);
    return err < 0 ? err : file_replace(path, text, strlen(text), FILE_MODE_SHARED);
}

static int open_key(const char *folder, const char *name, const char *ending, struct key **ret)
{
    char path[PATH_SIZE];
    int err = path_of(path, folder, name, ending);
    return err < 0 ? err : key_open(path, ret);
}

static int read_pem(const char *folder, const char *name, char ret[CERTIFICATE_PEM_SIZE])
{
    char path[PATH_SIZE];
    char *text = NULL;
    size_t len = 0;
    int err = path_of(path, folder, name, ".pem");
    if (err == 0)
        err = file_text(path, CERTIFICATE_PEM_SIZE - 1, &text, &len);
    if (err == 0)
        err = text_copy(ret, CERTIFICATE_PEM_SIZE, text);
    free(text);
    return err;
}

/* One that signs: its key and certificate. */
struct issuer {
    struct key *key;
    char pem[CERTIFICATE_PEM_SIZE];
};

static int open_issuer(const char *ca, const char *name, struct issuer *ret)
{
    char path[PATH_SIZE];
    int err = path_of(path, ca, name, ".key");
    if (err == 0)
        err = key_read(path, &ret->key);
    return err < 0 ? err : read_pem(ca, name, ret->pem);
}

enum ctl_exit ctl_identity_root(int argc, char **argv)
{
    int32_t from_day = 0;
    if (argc < 1 || argc > 2 || (argc == 2 && civil_parse(argv[1], &from_day) < 0))
        return ctl_misused("identity root: CA [YYYY-MM-DD]");
    AUTO(key) key = NULL;
    char pem[CERTIFICATE_PEM_SIZE];
    int64_t now = now_ms();
    int64_t from = argc == 2 ? civil_ist_start_ms(from_day) : now - DAY_MS;
    int err = make_folder(argv[0]);
    if (err == 0)
        err = open_key(argv[0], "root", ".key", &key);
    if (err >= 0)
        err = authority_root(key, "VyaparSahayak root", from, now + ROOT_DAYS * DAY_MS, pem);
    if (err == 0)
        err = write_text(argv[0], "root", ".pem", pem);
    return err < 0 ? ctl_complain(argv[0], &(struct diag){0}, err) : CTL_GOOD;
}

static int issue(const char *ca, const char *issuer_name, const struct key *key,
                 struct authority_order *order, int64_t days, char ret[CERTIFICATE_PEM_SIZE])
{
    struct issuer issuer = {NULL, ""};
    struct certificate_facts facts = {.from_ms = 0};
    char request[CERTIFICATE_REQUEST_SIZE];
    int err = open_issuer(ca, issuer_name, &issuer);
    if (err == 0)
        err = certificate_read(issuer.pem, &facts);
    if (err == 0)
        err = certificate_request(key, order->name, request);
    order->request = request;
    order->from_ms = facts.from_ms; /* so that a clock which is behind does not lock anybody out */
    order->to_ms = now_ms() + days * DAY_MS;
    if (err == 0)
        err = authority_issue(issuer.key, issuer.pem, order, ret);
    key_free(issuer.key);
    return err;
}

enum ctl_exit ctl_identity_tenant(int argc, char **argv)
{
    if (argc != 2)
        return ctl_misused("identity tenant: CA TENANT");
    AUTO(key) key = NULL;
    char pem[CERTIFICATE_PEM_SIZE];
    struct authority_order order = {.role = AUTHORITY_TENANT, .name = argv[1]};
    struct origin named = {.device = "any", .epoch = 1};
    struct diag why = {0};
    int err = text_copy(named.tenant, sizeof(named.tenant), argv[1]);
    if (err == 0)
        err = origin_check(&named, &why);
    if (err == 0)
        err = open_key(argv[0], argv[1], ".key", &key);
    if (err >= 0)
        err = issue(argv[0], "root", key, &order, TENANT_DAYS, pem);
    if (err == 0)
        err = write_text(argv[0], argv[1], ".pem", pem);
    return err < 0 ? ctl_complain(argv[1], &why, err) : CTL_GOOD;
}

/* Key, chain and root into a folder of their own. */
static int lay_down(const char *ca, const char *issuer_name, struct authority_order *order,
                    int64_t days, const char *into)
{
    AUTO(key) key = NULL;
    char leaf[CERTIFICATE_PEM_SIZE];
    char issuer[CERTIFICATE_PEM_SIZE] = "";
    char root[CERTIFICATE_PEM_SIZE];
    char chain[2 * CERTIFICATE_PEM_SIZE];
    int err = make_folder(into);
    if (err == 0)
        err = open_key(into, "key", ".pem", &key);
    if (err >= 0)
        err = issue(ca, issuer_name, key, order, days, leaf);
    if (err == 0)
        err = read_pem(ca, "root", root);
    if (err == 0 && strcmp(issuer_name, "root") != 0)
        err = read_pem(ca, issuer_name, issuer);
    if (err < 0)
        return err;
    snprintf(chain, sizeof(chain), "%s%s", leaf, issuer);
    err = write_text(into, "ca", ".pem", root);
    return err < 0 ? err : write_text(into, "certificate", ".pem", chain);
}

static enum ctl_exit end(const char *place, int err)
{
    return err < 0 ? ctl_complain(place, &(struct diag){0}, err) : CTL_GOOD;
}

enum ctl_exit ctl_identity_device(int argc, char **argv)
{
    char tenant[ORIGIN_TENANT_SIZE];
    char device[ORIGIN_DEVICE_SIZE];
    int64_t days = LEAF_DAYS;
    if (argc < 3 || argc > 4 || certificate_name_parse(argv[1], tenant, device) < 0 ||
        (argc == 4 && (decimal_parse(argv[3], 0, &days) < 0 || days < 0)))
        return ctl_misused("identity device: CA TENANT.DEVICE INTO [DAYS]");
    struct authority_order order = {.role = AUTHORITY_DEVICE, .name = argv[1]};
    return end(argv[1], lay_down(argv[0], tenant, &order, days, argv[2]));
}

enum ctl_exit ctl_identity_relay(int argc, char **argv)
{
    if (argc != 3)
        return ctl_misused("identity relay: CA NAME INTO");
    struct authority_order order = {.role = AUTHORITY_DEVICE, .name = argv[1]};
    return end(argv[1], lay_down(argv[0], "root", &order, LEAF_DAYS, argv[2]));
}

enum ctl_exit ctl_identity_server(int argc, char **argv)
{
    if (argc < 4 || argc - 3 > AUTHORITY_HOSTS_MAX)
        return ctl_misused("identity server: CA NAME INTO HOST...");
    struct authority_order order = {.role = AUTHORITY_SERVER, .name = argv[1]};
    for (int i = 3; i < argc; i++)
        order.hosts[order.hosts_count++] = argv[i];
    return end(argv[1], lay_down(argv[0], "root", &order, LEAF_DAYS, argv[2]));
}

/* --- what was withdrawn */

struct revoked_list {
    struct authority_revoked *rows;
    size_t count;
};

static int read_revoked(const char *ca, const char *name, struct revoked_list *ret)
{
    char path[PATH_SIZE];
    char *text = NULL;
    size_t len = 0;
    int err = path_of(path, ca, name, ".revoked");
    if (err == 0)
        err = file_text(path, REVOKED_FILE_MAX, &text, &len);
    if (err == -ENOENT)
        return 0;
    char *rest = NULL;
    for (char *line = err == 0 ? strtok_r(text, "\n", &rest) : NULL; err == 0 && line;
         line = strtok_r(NULL, "\n", &rest)) {
        struct authority_revoked row = {.at_ms = 0};
        char *blank = strchr(line, ' ');
        if (blank)
            *blank = '\0';
        void *grown = realloc(ret->rows, (ret->count + 1) * sizeof(row));
        if (!grown)
            err = -ENOMEM;
        else
            ret->rows = grown;
        if (err == 0 && (!blank || text_copy(row.serial, sizeof(row.serial), line) < 0 ||
                         decimal_parse(blank + 1, 0, &row.at_ms) < 0))
            err = -EBADMSG;
        if (err == 0)
            ret->rows[ret->count++] = row;
    }
    free(text);
    return err;
}

static int add_list(const char *ca, const char *name, FILE *out)
{
    struct issuer issuer = {NULL, ""};
    struct revoked_list list = {NULL, 0};
    char *crl = NULL;
    int64_t now = now_ms();
    int err = open_issuer(ca, name, &issuer);
    if (err == 0)
        err = read_revoked(ca, name, &list);
    if (err == 0)
        err = authority_crl(issuer.key, issuer.pem, list.rows, list.count, now / 1000 % INT32_MAX,
                            now - DAY_MS, now + CRL_DAYS * DAY_MS, &crl);
    if (err == 0 && fputs(crl, out) < 0)
        err = -EIO;
    free(crl);
    free(list.rows);
    key_free(issuer.key);
    return err;
}

/* Every authority of the folder: whatever NAME.key has a NAME.pem. */
static int add_lists(const char *ca, FILE *out)
{
    DIR *dir = opendir(ca);
    if (!dir)
        return -errno;
    int err = 0;
    struct dirent *entry;
    while (err == 0 && (entry = readdir(dir))) {
        size_t len = strlen(entry->d_name);
        char name[CERTIFICATE_NAME_SIZE];
        if (len > 4 && strcmp(entry->d_name + len - 4, ".key") == 0 &&
            text_copy_n(name, sizeof(name), entry->d_name, len - 4) == 0)
            err = add_list(ca, name, out);
    }
    closedir(dir);
    return err;
}

enum ctl_exit ctl_identity_crl(int argc, char **argv)
{
    if (argc != 1)
        return ctl_misused("identity crl: CA");
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    int err = out ? add_lists(argv[0], out) : -ENOMEM;
    if (out && fclose(out) != 0 && err == 0)
        err = -ENOMEM;
    if (err == 0)
        err = write_text(argv[0], "crl", ".pem", text);
    free(text);
    return end(argv[0], err);
}

static int note_revoked(const char *ca, const char *pem_path)
{
    char *pem = NULL;
    size_t len = 0;
    struct certificate_facts facts;
    int err = file_text(pem_path, CERTIFICATE_PEM_SIZE, &pem, &len);
    if (err == 0)
        err = certificate_read(pem, &facts);
    free(pem);
    char path[PATH_SIZE];
    if (err == 0) {
        /* A tenant's name has no blank; the root's has. */
        const char *file = strchr(facts.issuer, ' ') ? "root" : facts.issuer;
        err = path_of(path, ca, file, ".revoked");
    }
    FILE *out = err == 0 ? fopen(path, "ae") : NULL;
    if (err == 0 && !out)
        err = -errno;
    if (out && fprintf(out, "%s %lld\n", facts.serial, (long long)now_ms()) < 0)
        err = -EIO;
    if (out && fclose(out) != 0 && err == 0)
        err = -errno;
    return err;
}

enum ctl_exit ctl_identity_revoke(int argc, char **argv)
{
    if (argc != 2)
        return ctl_misused("identity revoke: CA CERTIFICATE.pem");
    int err = note_revoked(argv[0], argv[1]);
    return err < 0 ? end(argv[1], err) : ctl_identity_crl(1, argv);
}

enum ctl_exit ctl_identity_show(int argc, char **argv)
{
    if (argc != 1)
        return ctl_misused("identity show: CERTIFICATE.pem");
    char *pem = NULL;
    size_t len = 0;
    struct certificate_facts f;
    int err = file_text(argv[0], CERTIFICATE_PEM_SIZE, &pem, &len);
    if (err == 0)
        err = certificate_read(pem, &f);
    free(pem);
    if (err < 0)
        return end(argv[0], err);
    char hex[SHA256_HEX_SIZE];
    printf("name %s\nissuer %s\nserial %s\nfrom_ms %lld\nto_ms %lld\nauthority %s\n", f.name,
           f.issuer, f.serial, (long long)f.from_ms, (long long)f.to_ms,
           f.authority ? "yes" : "no");
    printf("sha256 %s\n", sha256_hex(f.fingerprint, hex));
    printf("key_sha256 %s\n", sha256_hex(f.key, hex));
    return CTL_GOOD;
}
