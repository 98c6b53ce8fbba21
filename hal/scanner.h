/* SPDX-License-Identifier: Apache-2.0 */
/* hal/scanner.h -- one barcode scanner, whatever wire it is on: it delivers frames. It does not
 * interpret them, and does not judge repeats (scan_repeat.h). Nothing blocks. Not thread-safe: one
 * owner.
 *
 *   loop: fd readable, or the deadline has come  ->  scanner_read() until it returns 0
 *         -EIO                                   ->  scanner_free(), open again as retry.h says */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "scan_frame.h"
#include "serial_port.h"

#define SCANNER_NAME_SIZE 32
#define SCANNER_PATH_SIZE 256
#define SCANNER_MATCH_SIZE 128

struct scanner;

/* How one scanner is attached and set up; the configuration fills it. Opened by
 * scanner_evdev_open() or scanner_serial_open(). How the scanner types GS is no setting: all ways
 * are read at all times. */
struct scanner_profile {
    char name[SCANNER_NAME_SIZE];          /* as in every frame: "dock-1" */
    char path[SCANNER_PATH_SIZE];          /* the device; "" for evdev: found by the match below */
    char match_name[SCANNER_MATCH_SIZE];   /* evdev: the input device's name */
    char match_serial[SCANNER_MATCH_SIZE]; /* evdev: its serial number, or Bluetooth address; ""
                                              takes any */
    int baud;                              /* serial: 0 is 9600 */
    enum serial_mode line;                 /* serial */
    uint8_t gs_substitute; /* a printable character that this scanner sends for GS; 0: none. Not
                              mapped here, as the journal keeps the frame untouched: the barcode
                              layer is given it. */
    struct scan_frame_conf frame;
};

struct scanner_frame {
    char device[SCANNER_NAME_SIZE];
    int64_t mono_ms; /* when it was read */
    bool partial;    /* no terminator came: the tail may be missing */
    size_t len;      /* at least 1 */
    uint8_t bytes[SCAN_FRAME_MAX];
};

/* What this scanner delivered since it was opened. */
struct scanner_counts {
    uint64_t whole;
    uint64_t partial;
    uint64_t lost;
};

/* For POLLIN. Borrowed: do not read or close it. Right after opening, read once without waiting for
 * it: bytes may have come already. */
int scanner_fd(const struct scanner *s);

/* When scanner_read() must be called though the descriptor is silent, to close a frame that has no
 * terminator; on CLOCK_MONOTONIC. INT64_MAX: never. */
int64_t scanner_deadline_ms(const struct scanner *s);

/* Takes the next frame: 1 with *ret_frame, 0 when there is none yet. now_mono_ms is the present
 * CLOCK_MONOTONIC. Each call first takes in all that waits on the wire, up to 1,024 key events or
 * 4,096 bytes, so that frames wait here and not in the kernel's small buffer.
 *   -EBADMSG  a scan came that cannot be read whole: tell the operator to scan again, go on reading
 *   -EIO      the device is gone; all it had sent was delivered before. Free and reopen. */
NODISCARD int scanner_read(struct scanner *s, int64_t now_mono_ms, struct scanner_frame *ret_frame);

struct scanner_counts scanner_counts(const struct scanner *s);

void scanner_free(struct scanner *s); /* NULL is fine */
DEFINE_AUTO(scanner);
