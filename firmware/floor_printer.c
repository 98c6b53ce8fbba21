/* SPDX-License-Identifier: Apache-2.0 */
#include "floor_printer.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

#include "barcode_facts.h"
#include "decimal.h"
#include "device_line.h"
#include "log.h"
#include "printer_file.h"
#include "printer_tcp.h"
#include "queue.h"
#include "text.h"
#include "zpl_label.h"

#define PRINTERS_MAX 8
#define LABEL_BYTES 2048
#define WAIT_MS 3000 /* between tries while no printer can be reached */

static const char *const drivers[] = {"tcp", "file", NULL};

struct attached {
    char name[ENTRY_DEVICE_SIZE];
    struct printer *printer;
    bool online;
    bool tried;
};

/* What the thread tells the loop. */
struct news {
    size_t printer;
    bool online;
};

struct floor_printers {
    struct attached printers[PRINTERS_MAX];
    size_t count;
    struct queue *labels;
    struct queue *news;
    sd_event_source *io;
    struct floor_hooks hooks;
    pthread_t thread;
    bool running;
    atomic_bool stopping;
};

void floor_printers_free(struct floor_printers *f)
{
    if (!f)
        return;
    f->stopping = true;
    if (f->labels)
        queue_close_input(f->labels);
    if (f->running)
        pthread_join(f->thread, NULL);
    sd_event_source_disable_unref(f->io);
    for (size_t i = 0; i < f->count; i++)
        printer_free(f->printers[i].printer);
    queue_free(f->labels);
    queue_free(f->news);
    free(f);
}

/* The date by which a scanner will know it again. */
static enum barcode_date_kind date_kind(int32_t expiry_kind)
{
    switch ((enum expiry_kind)expiry_kind) {
    case EXPIRY_BEST_BEFORE:
        return BARCODE_BEST_BEFORE;
    case EXPIRY_SELL_BY:
        return BARCODE_SELL_BY;
    case EXPIRY_USE_BY:
    case EXPIRY_COMPUTED:
        return BARCODE_USE_BY;
    }
    return BARCODE_USE_BY;
}

static void set_date(struct barcode_date *date, int32_t day)
{
    if (day == CIVIL_NONE)
        return;
    struct civil_date d = civil_date(day);
    date->day = day;
    snprintf(date->yymmdd, sizeof(date->yymmdd), "%02u%02u%02u", (unsigned)d.year % 100,
             (unsigned)d.month % 100, (unsigned)d.day % 100);
}

/* The bytes of a label, or a negative errno when it cannot be written as one. */
static int render(const struct station_label *l, char *buf, size_t size)
{
    struct barcode_facts facts = barcode_facts_none();
    strcpy(facts.gtin14, l->gtin);
    strcpy(facts.batch, l->batch.number);
    set_date(&facts.dates[date_kind(l->expiry_kind)], l->batch.expiry_day);
    char payload[BARCODE_ELEMENTS_SIZE];
    size_t len = 0;
    struct gs1_reject why;
    int err = barcode_facts_compose(&facts, GS1_RAW, *l->gtin ? GS1_FULL : GS1_LENIENT, payload,
                                    sizeof(payload), &len, &why);
    if (err < 0)
        return err;
    struct zpl_batch batch = {.sku_name = l->name,
                              .batch = l->batch.number,
                              .mfg_day = l->made_day,
                              .exp_day = l->batch.expiry_day,
                              .mrp_paise = l->batch.mrp_paise,
                              .quantity = 1,
                              .quantity_unit = "pcs",
                              .symbol = ZPL_GS1_DATAMATRIX,
                              .payload = payload};
    return zpl_batch_label(&zpl_50x30_203dpi, &batch, l->copies, buf, size);
}

static void set_online(struct floor_printers *f, size_t i, bool online)
{
    struct attached *a = &f->printers[i];
    if (a->tried && a->online == online)
        return;
    a->tried = true;
    a->online = online;
    struct news n = {.printer = i, .online = online};
    int err = queue_put(f->news, &n);
    (void)err; /* full: the loop is told at the next change */
}

/* True when the label is done with: a printer has it, or may have it. A label that may have come
 * out is never sent again by itself. */
static bool send_somewhere(struct floor_printers *f, const char *job, const char *bytes, size_t len)
{
    for (size_t i = 0; i < f->count; i++) {
        int err = printer_send(f->printers[i].printer, bytes, len);
        set_online(f, i, err == 0);
        if (err == -ENOTCONN)
            continue;
        if (err < 0)
            log_line(LOG_LEVEL_WARNING,
                     "printer %s: job %s may be printed or not, ask for it again if it is missing: "
                     "%s",
                     f->printers[i].name, job, strerror(-err));
        return true;
    }
    return false;
}

static void *print(void *arg)
{
    struct floor_printers *f = arg;
    char bytes[LABEL_BYTES];
    struct station_label label;
    while (queue_take_wait(f->labels, &label, -1) == 1) {
        int len = render(&label, bytes, sizeof(bytes));
        if (len < 0) {
            log_line(LOG_LEVEL_WARNING, "printer: job %s cannot be written as a label, dropped: %s",
                     label.job, strerror(-len));
            continue;
        }
        bool waited = false;
        while (!send_somewhere(f, label.job, bytes, (size_t)len) && !f->stopping) {
            if (!waited)
                log_line(LOG_LEVEL_WARNING, "printer: none can be reached, job %s waits",
                         label.job);
            waited = true;
            struct timespec pause = {.tv_sec = WAIT_MS / 1000};
            nanosleep(&pause, NULL);
        }
    }
    return NULL;
}

void floor_printers_put(struct floor_printers *f, const struct station_label *label)
{
    assert(f && label);
    if (f->count == 0)
        return;
    if (queue_put(f->labels, label) < 0)
        log_line(LOG_LEVEL_WARNING, "printer: %d labels wait already, job %s dropped",
                 FLOOR_LABELS_MAX, label->job);
}

static int on_news(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
    (void)source;
    (void)fd;
    (void)revents;
    struct floor_printers *f = userdata;
    struct news n;
    while (queue_take(f->news, &n) == 1)
        f->hooks.on_state(f->printers[n.printer].name, n.online, f->hooks.context);
    return 0;
}

static int open_printer(const char *what, const char *text, struct attached *a, struct diag *reterr)
{
    static const char *const keys[] = {"name", NULL};
    struct device_line l;
    int err = device_line_parse(what, text, drivers, keys, &l, reterr);
    if (err < 0)
        return err;
    if (text_copy(a->name, sizeof(a->name), device_line_text(&l, "name", what)) < 0) {
        diag_set(reterr, 0, "%s: name is too long", what);
        return -EINVAL;
    }
    if (strcmp(l.driver, "file") == 0)
        return printer_file_open(l.path, &a->printer);
    char host[64];
    const char *colon = strrchr(l.path, ':');
    int64_t port = 0;
    if (!colon || text_copy_n(host, sizeof(host), l.path, (size_t)(colon - l.path)) < 0 ||
        decimal_parse(colon + 1, 0, &port) < 0 || port < 1 || port > 65535 ||
        printer_tcp_open(host, (int)port, &a->printer) < 0) {
        diag_set(reterr, 0, "%s: \"%.60s\": a numeric ADDRESS:PORT", what, l.path);
        return -EINVAL;
    }
    return 0;
}

int floor_printers_open(const char *const lines[], size_t count, sd_event *event,
                        const struct floor_hooks *hooks, struct diag *reterr,
                        struct floor_printers **ret)
{
    assert(count <= PRINTERS_MAX && event && hooks && ret);
    AUTO(floor_printers) f = calloc(1, sizeof(*f));
    if (!f)
        return -ENOMEM;
    f->hooks = *hooks;
    int err = queue_open(FLOOR_LABELS_MAX, sizeof(struct station_label), &f->labels);
    if (err == 0)
        err = queue_open(2 * PRINTERS_MAX, sizeof(struct news), &f->news);
    if (err == 0)
        err = sd_event_add_io(event, &f->io, queue_fd(f->news), EPOLLIN, on_news, f);
    for (size_t i = 0; i < count && err >= 0; i++) {
        if (!*lines[i])
            continue;
        char what[32];
        snprintf(what, sizeof(what), "printer%zu", i + 1);
        err = open_printer(what, lines[i], &f->printers[f->count], reterr);
        const struct floor_device device = {f->printers[f->count].name, "printer", "", false};
        f->count += err == 0;
        if (err == 0)
            err = hooks->on_claim(what, &device, hooks->context, reterr);
    }
    if (err >= 0) {
        err = -pthread_create(&f->thread, NULL, print, f);
        f->running = err == 0;
    }
    if (err < 0)
        return err;
    *ret = TAKE(f);
    return 0;
}
