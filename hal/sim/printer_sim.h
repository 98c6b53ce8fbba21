/* SPDX-License-Identifier: Apache-2.0 */
/* hal/sim/printer_sim.h -- a label printer on a TCP port: keeps each ^XA..^XZ as a numbered file
 * (000001.zpl, ...) in a folder and answers ~HS. For tests and the demo; prints nothing.
 *
 * Commands, one a line:
 *   ready | paper_out | ribbon_out | head_open | paused | silent
 *   stall | clear      (takes no more bytes; takes them again)
 *   unplug | plug      (nobody listens; listens again on the same port)
 *   labels N           (answers when N labels were kept) */
#pragma once

struct printer_sim_conf {
    int port;           /* on 127.0.0.1; 0 takes a free one, which the ready line says */
    const char *folder; /* must be there */
};

/* The sim_run_fn; conf is a struct printer_sim_conf. */
int printer_sim_run(const void *conf, int in_fd, int out_fd);
