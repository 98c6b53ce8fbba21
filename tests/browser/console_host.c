/* SPDX-License-Identifier: Apache-2.0 */
/* console_host FOLDER PORT SEED: the relay's real API and console over a real store on SQLite, in a
 * folder of its own that is filled when it is new; for tests of the console. It prints "ready PORT"
 * and ends with its stdin. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "api.h"
#include "console.h"
#include "console_seed.h"
#include "log.h"

#define TENANT "vyapar"
#define PATH_SIZE 512
#define BEAT_MS 500

static void fail(const char *what, int err, const struct diag *diag)
{
    fprintf(stderr, "console_host: %s: %s %s\n", what, strerror(-err), diag ? diag->text : "");
    exit(1);
}

static int64_t now_ms(void *context)
{
    (void)context;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Two relays never share a secret; a restarted one keeps its own, and so its sessions. */
static void write_secret(const char *path)
{
    uint8_t bytes[48];
    int random = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    if (random < 0 || read(random, bytes, sizeof(bytes)) != (ssize_t)sizeof(bytes))
        fail("/dev/urandom", -errno, NULL);
    close(random);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, bytes, sizeof(bytes)) != (ssize_t)sizeof(bytes) || close(fd) < 0)
        fail(path, -errno, NULL);
}

static void fill(const char *address, const char *seed)
{
    struct diag diag = {.line = 0};
    char *rows = NULL;
    struct sql *s = NULL;
    int err = sql_tenant_create(address, TENANT, &diag);
    if (err == 0)
        err = sql_open(address, TENANT, &diag, &s);
    if (err == 0)
        err = console_seed(s, seed, now_ms(NULL), &rows, &diag);
    if (err < 0)
        fail("seed", err, &diag);
    sql_free(s);
    free(rows);
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: console_host FOLDER PORT SEED\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    log_set("console_host", LOG_LEVEL_ERROR, LOG_FORM_TEXT);
    char store[PATH_SIZE], secret[PATH_SIZE];
    snprintf(store, sizeof(store), "sqlite:%s/store", argv[1]);
    snprintf(secret, sizeof(secret), "%s/secret", argv[1]);
    if (mkdir(argv[1], 0700) < 0 && errno != EEXIST)
        fail(argv[1], -errno, NULL);
    if (access(secret, F_OK) < 0) {
        fill(store, argv[3]);
        write_secret(secret);
    }
    const struct api_conf conf = {
        .address = "127.0.0.1",
        .port = (uint16_t)strtoul(argv[2], NULL, 10),
        .host_name = "",
        .certificate_file = "",
        .key_file = "",
        .store = store,
        .secret_file = secret,
        .metrics_token = "",
        .release = "test",
        .console = console_bundle,
        .tenant_per_s = 10000,
        .user_per_s = 10000,
        .beat_ms = BEAT_MS,
        .authority_folder = "",
        .now_ms = now_ms,
    };
    struct diag diag = {.line = 0};
    struct api *api = NULL;
    int err = api_open(&conf, &diag, &api);
    if (err < 0)
        fail("api_open", err, &diag);
    printf("ready %u\n", (unsigned)api_port(api));
    char line[16];
    while (fgets(line, sizeof(line), stdin) && strcmp(line, "end\n") != 0)
        ;
    api_free(api);
    return 0;
}
