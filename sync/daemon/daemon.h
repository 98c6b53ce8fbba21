/* SPDX-License-Identifier: Apache-2.0 */
/* sync/daemon/daemon.h -- what every daemon of ours does alike: it ends by SIGTERM or SIGINT
 * through its event loop, and tells its supervisor when it is ready and when it stops. It knows
 * nothing of what the loop carries. */
#pragma once

#include <systemd/sd-event.h>

#include "attr.h"

/* The thread's default loop, which ends with 0 at SIGTERM or SIGINT; a peer that is gone (SIGPIPE)
 * and a file at its limit (SIGXFSZ) are errors of the call that meets them. Call it before the
 * first thread is made, which inherits the mask. The caller unreferences *ret, also after a
 * failure. Negative errno of the system. */
NODISCARD int daemon_loop(sd_event **ret);

/* Tells the supervisor that the daemon is ready, in `status` what it waits for (NULL: nothing), and
 * from then on, as often as it asked for, that the loop goes round. */
void daemon_ready(sd_event *loop, const char *status);

/* daemon_ready(), then the loop until it ends: what that ended with, or a negative errno when it
 * failed. What is still to be done has the supervisor's patience: it was told. */
NODISCARD int daemon_run(sd_event *loop);
