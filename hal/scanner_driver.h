/* SPDX-License-Identifier: Apache-2.0 */
/* hal/scanner_driver.h -- for drivers only: embed struct scanner first, and fill all but `counts`
 * and `gone`. */
#pragma once

#include "scanner.h"

struct scanner_ops {
    /* Takes what waits on the descriptor into the driver's buffer, with one read. Must not block.
     * 1: something came; 0: nothing waits, or the buffer is full; -EIO: the device is gone. */
    int (*fill)(struct scanner *s, int64_t now_ms);
    /* Decodes the buffer up to the end of a frame, which is then in `frame`. SCAN_FRAME_OPEN only
     * when the buffer is used up. Must not block. */
    enum scan_frame_end (*next)(struct scanner *s, int64_t now_ms);
    /* Ends the open frame: its gap has passed, or the device is gone. */
    enum scan_frame_end (*cut)(struct scanner *s);
    /* Closes and frees everything, the descriptor too. */
    void (*free)(struct scanner *s);
};

struct scanner {
    const struct scanner_ops *ops;
    const struct scan_frame *frame; /* the driver's: where a frame is found, and its deadline */
    int fd;
    char name[SCANNER_NAME_SIZE];
    struct scanner_counts counts;
    bool gone;
};
