/* SPDX-License-Identifier: Apache-2.0 */
/* web/web.h -- the station's HTTP server: the operator screen's files, a JSON API, and live views
 * by server-sent events. It books nothing itself: every write is a command to the station, and is
 * answered after its commit. HTTP runs in threads of its own; all else runs in the thread of the
 * loop that calls web_collect() and web_settle(), and never blocks there.
 *
 *   for scanners and scales:  station_input()        as station.h says
 *   when web_fd() is ready:   web_collect()          commands join the same group, behind the
 * others once:                     station_commit() for scanners and scales:  station_answer() as
 * many as they gave then:                     web_settle()           takes the other answers,
 * replies, tells screens
 *
 * Who may do what. There is no TLS here: the network of the warehouse is the boundary, and this is
 * what holds inside it.
 *   - Anyone may read the posts, their views while nobody works there, messages and health.
 *   - Signing in is the station's own: "worker:W07", "pin:1234". A screen that signed a worker in
 *     at a post gets a session of that post and worker: a cookie of 128 random bits, HttpOnly,
 *     SameSite=Strict, 12 hours. It acts while that worker is signed in there (also by badge), and
 *     ends with its own "sign_out". Strangers get 8 steps of signing in a minute and post, on top
 *     of the station's guard against guessing PINs, and none while someone works there.
 *   - A panel is the screen wired to the post: it reaches the server from the appliance itself
 *     (loopback), if conf.panel says so, pairs with its post, and serves whoever signs in there.
 *   - Lists need the session of a signed-in worker, reports one of a supervisor; a post that counts
 *     gets no list that tells quantities (CNT-02), and its views hold none (station.h).
 *   - Only our own names are answered to, writes only from our own pages, bodies only as JSON.
 *
 * Events: GET /api/v1/posts/{post}/events. An event "view" carries the whole view; its id is the
 * run of the server and the view's version, so a screen that comes back with Last-Event-ID gets a
 * view only if it changed, and gets one after every restart. "beat" comes at least every beat_ms,
 * so that a screen can see a dead link. A screen that lags WEB_WATCH_VIEWS_MAX views behind is
 * dropped; it comes back by itself. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "detect.h"
#include "diag.h"
#include "journal.h"
#include "station.h"
#include "web_sync.h"

#define WEB_REQUESTS_MAX 128 /* requests that wait for the loop; more are told to come again */
#define WEB_CONNECTIONS_MAX 64
#define WEB_WATCHERS_MAX 32 /* screens that watch posts */
#define WEB_ANSWER_MS 5000
#define WEB_BEAT_MS 5000

struct web;

struct web_conf {
    const char *address;   /* numeric, v4 or v6: where to listen */
    uint16_t port;         /* 0: any that is free, see web_port() */
    const char *folder;    /* files of the screen, for development; NULL: those in the binary */
    const char *host_name; /* a name besides addresses, localhost and *.local; "": none */
    bool panel;            /* screens on the appliance itself are panels */
    int beat_ms;           /* 0: WEB_BEAT_MS */

    /* Told of each answer to a command of a screen, for lamp and buzzer; may be NULL. */
    void (*on_answer)(const struct station_answer *answer, void *context);
    void *context;
};

enum web_device_state { WEB_DEVICE_FINE, WEB_DEVICE_LOST, WEB_DEVICE_OFF };

struct web_device { /* as the owner knows it; for the health page */
    char name[ENTRY_DEVICE_SIZE];
    char kind[STATION_CODE_SIZE]; /* scanner, scale, printer, clock, ... */
    char post[STATION_POST_SIZE];
    enum web_device_state state;
};
#define WEB_DEVICES_MAX 64

/* All that requests are answered from; borrowed for the call. */
struct web_floor {
    struct station *station;
    struct journal *journal;
    const struct station_conf *conf;
    struct detect *detect; /* NULL: nothing is scored, the list of stock at risk is empty */
    struct journal_time now;
    int64_t steady_ms; /* CLOCK_MONOTONIC: sessions last by it, whatever calendar is simulated */
    const struct web_device *devices;
    size_t devices_count;
    const char *release;         /* of the software */
    const struct web_sync *sync; /* NULL: nobody looks after it */
};

/* Listens and starts its threads. Strings of conf are borrowed for good.
 *   -EINVAL  *reterr: no numeric address
 *   -EADDRINUSE -EACCES -EADDRNOTAVAIL -ENOMEM -EIO  with *reterr */
NODISCARD int web_open(const struct web_conf *conf, struct diag *reterr, struct web **ret);

uint16_t web_port(const struct web *w);

/* Readable while requests wait. Borrowed. */
int web_fd(const struct web *w);

/* Takes the requests that wait; gives their commands to the station. Returns how many inputs that
 * were: their answers are web_settle()'s. */
int web_collect(struct web *w, const struct web_floor *floor);

/* After station_commit(), which returned commit_err, and after other answers were taken: replies to
 * all that was collected, and tells the screens. */
void web_settle(struct web *w, const struct web_floor *floor, int commit_err);

/* Sends views that changed to the screens that watch them. For changes that came from elsewhere
 * (scanners, documents, a worker's time running out); web_settle() does it itself. */
void web_notify(struct web *w, const struct web_floor *floor);

/* web_collect(), station_commit(), web_settle(): for an owner with no other inputs in hand. */
int web_serve(struct web *w, const struct web_floor *floor);

/* Ends all streams, refuses what waits, and waits for the threads. NULL is fine. */
void web_free(struct web *w);
DEFINE_AUTO(web);
