/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <systemd/sd-daemon.h>

int daemon_loop(sd_event **ret)
{
    assert(ret);
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    if (sigprocmask(SIG_BLOCK, &ends, NULL) < 0)
        return -errno;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    int err = sd_event_default(ret);
    if (err >= 0)
        err = sd_event_add_signal(*ret, NULL, SIGTERM, NULL, NULL); /* NULL: ends the loop */
    if (err >= 0)
        err = sd_event_add_signal(*ret, NULL, SIGINT, NULL, NULL);
    return err < 0 ? err : 0;
}

void daemon_ready(sd_event *loop, const char *status)
{
    sd_event_set_watchdog(loop, true);
    sd_notifyf(0, "READY=1\nSTATUS=%s", status ? status : "");
}

int daemon_run(sd_event *loop)
{
    daemon_ready(loop, NULL);
    int err = sd_event_loop(loop);
    sd_notify(0, "STOPPING=1");
    return err;
}
