/* SPDX-License-Identifier: Apache-2.0 */
/* station_host FOLDER PORT [panel]: the real web server over the real station and journal,
 * in a folder of its own, with a small warehouse; for tests of the screen. It prints "ready PORT",
 * and reads lines from stdin: "scan POST BYTES", "weigh POST GRAMS", "end". */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "civil.h"
#include "detect.h"
#include "host_goods.h"
#include "journal.h"
#include "station.h"
#include "web.h"

#define LINE_MAX_BYTES 1024
#define TICK_MS 500 /* how often screens learn what time alone has changed */

struct host {
    struct journal *journal;
    struct station *station;
    struct detect *detect;
    struct web *web;
    struct web_floor floor;
    struct station_conf conf;
    struct web_device devices[2];
    int64_t boot;
};

static int64_t clock_ms(clockid_t id)
{
    struct timespec ts;
    clock_gettime(id, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static struct journal_time now_of(const struct host *h)
{
    return (struct journal_time){.wall_ms = clock_ms(CLOCK_REALTIME),
                                 .mono_ms = clock_ms(CLOCK_MONOTONIC),
                                 .boot = h->boot,
                                 .trust = CLOCK_NTP};
}

static void fail(const char *what, int err, const struct diag *diag)
{
    fprintf(stderr, "station_host: %s: %s %s\n", what, strerror(-err), diag ? diag->text : "");
    exit(1);
}

static void open_journal(struct host *h, const char *folder)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/journal.db", folder);
    struct journal_conf conf = {
        .path = path,
        .origin = {.tenant = "demo", .device = "host", .epoch = 1},
        .site = "test",
    };
    struct journal_time now = now_of(h);
    struct journal_opening opening;
    struct diag diag = {.line = 0};
    int err = journal_open(&conf, &now, &opening, &diag, &h->journal);
    if (err < 0)
        fail("journal_open", err, &diag);
    h->boot = journal_last_boot(h->journal) + 1;
    if (opening.created) {
        now = now_of(h);
        err = host_goods_apply(h->journal, &now, &diag);
        if (err < 0)
            fail("host_goods_apply", err, &diag);
    }
}

static void open_station(struct host *h)
{
    h->conf = (struct station_conf){
        .posts = {{.post = "dock-1", .dock_bin = "DOCK", .quarantine_bin = "QUAR"},
                  {.post = "dock-2", .dock_bin = "DOCK", .quarantine_bin = "QUAR"}},
        .posts_count = 2,
        .repeat_ms = 300,
        .repeat_count_ms = 50,
        .pin_required = true,
        .recount_permille = 100,
    };
    struct diag diag = {.line = 0};
    int err = station_open(&h->conf, h->journal, &diag, &h->station);
    if (err < 0)
        fail("station_open", err, &diag);
}

static void open_detect(struct host *h)
{
    struct journal_time now = now_of(h);
    struct detect_conf conf = detect_conf_default();
    struct diag diag = {.line = 0};
    int32_t today = civil_ist_day(now.wall_ms);
    int err = detect_open(&conf, h->journal, today, &diag, &h->detect);
    if (err < 0)
        fail("detect_open", err, &diag);
    detect_begin_day(h->detect, today);
    while ((err = detect_step(h->detect, &now, 100)) > 0)
        ;
    if (err == 0)
        err = journal_commit(h->journal);
    if (err < 0)
        fail("detect_step", err, NULL);
    detect_committed(h->detect, true);
}

static void open_web(struct host *h, const char *port, bool panel)
{
    struct web_conf conf = {
        .address = "127.0.0.1",
        .port = (uint16_t)strtoul(port, NULL, 10),
        .host_name = "",
        .panel = panel,
        .beat_ms = 500,
    };
    struct diag diag = {.line = 0};
    int err = web_open(&conf, &diag, &h->web);
    if (err < 0)
        fail("web_open", err, &diag);
    h->devices[0] = (struct web_device){"scanner-1", "scanner", "dock-1", WEB_DEVICE_FINE};
    h->devices[1] = (struct web_device){"scale-1", "scale", "dock-1", WEB_DEVICE_LOST};
    h->floor = (struct web_floor){.station = h->station,
                                  .journal = h->journal,
                                  .conf = &h->conf,
                                  .detect = h->detect,
                                  .devices = h->devices,
                                  .devices_count = 2,
                                  .release = "test"};
}

/* Returns false at "end". */
static bool take_line(struct host *h, char *line)
{
    line[strcspn(line, "\n")] = '\0';
    char *rest = line;
    const char *verb = strsep(&rest, " ");
    const char *post = rest ? strsep(&rest, " ") : "";
    struct station_input in = {.kind = INPUT_SCAN};
    if (strcmp(verb, "end") == 0)
        return false;
    snprintf(in.post, sizeof(in.post), "%s", post);
    snprintf(in.device, sizeof(in.device), "scanner-%s", post);
    in.len = (uint16_t)snprintf((char *)in.bytes, sizeof(in.bytes), "%s", rest ? rest : "");
    if (strcmp(verb, "weigh") == 0) {
        in.kind = INPUT_WEIGHT;
        in.grams = rest ? strtoll(rest, NULL, 10) : 0;
    }
    struct station_answer answer;
    if (station_input(h->station, &in, &h->floor.now) == 0 && station_commit(h->station) == 0) {
        while (station_answer(h->station, &answer) == 1)
            printf("answer %s\n", answer.message.code);
    }
    web_notify(h->web, &h->floor);
    return true;
}

static void serve(struct host *h)
{
    struct pollfd fds[] = {{.fd = STDIN_FILENO, .events = POLLIN},
                           {.fd = web_fd(h->web), .events = POLLIN}};
    char line[LINE_MAX_BYTES];
    bool open = true;
    while (open && poll(fds, ARRAY_LEN(fds), TICK_MS) >= 0) {
        h->floor.now = now_of(h);
        h->floor.steady_ms = clock_ms(CLOCK_MONOTONIC);
        if (fds[1].revents & POLLIN)
            (void)web_serve(h->web, &h->floor);
        else
            web_notify(h->web, &h->floor);
        if (fds[0].revents)
            open = fgets(line, sizeof(line), stdin) && take_line(h, line);
    }
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: station_host FOLDER PORT [panel]\n");
        return 2;
    }
    setvbuf(stdin, NULL, _IONBF, 0);  /* poll() must see each line */
    setvbuf(stdout, NULL, _IOLBF, 0); /* and so must whoever reads us */
    struct host h = {.boot = 1};
    if (mkdir(argv[1], 0700) < 0 && errno != EEXIST)
        fail("mkdir", -errno, NULL);
    open_journal(&h, argv[1]);
    open_station(&h);
    open_detect(&h);
    open_web(&h, argv[2], argc > 3 && strcmp(argv[3], "panel") == 0);
    printf("ready %u\n", (unsigned)web_port(h.web));
    serve(&h);
    web_free(h.web);
    detect_free(h.detect);
    station_free(h.station);
    journal_free(h.journal);
    return 0;
}
