/* SPDX-License-Identifier: Apache-2.0 */
/* hal/sim/scanner_wire.h -- the scanner's end of a wire: a FIFO that carries key events, or a
 * pseudo-terminal that carries bytes. The drivers open the other end by its path. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "hid_encode.h"

struct scanner_wire;

/* Both plug the device in: they make `path`, and remove it again when unplugged or freed. -errno as
 * of mkfifo(3), posix_openpt(3), symlink(2); -EEXIST when the path is there already. */
NODISCARD int scanner_wire_evdev(const char *path, const struct hid_encode_conf *conf,
                                 struct scanner_wire **ret);
NODISCARD int scanner_wire_serial(const char *path, struct scanner_wire **ret);

/* Sends a scan and its terminator. Waits while the wire is full: 1 MiB of a FIFO, some 4 KiB of a
 * terminal. -ENODEV when unplugged; -EINVAL as hid_encode(), -E2BIG above SCAN_FRAME_MAX bytes. */
NODISCARD int scanner_wire_scan(struct scanner_wire *w, const uint8_t *text, size_t n);

/* The same without the terminator: a scan that breaks off. */
NODISCARD int scanner_wire_type(struct scanner_wire *w, const uint8_t *text, size_t n);

/* What the wire does to a scan in trouble: the kernel drops events, a byte has wrong parity. */
NODISCARD int scanner_wire_garble(struct scanner_wire *w);

/* Bytes as they are, on whatever wire. */
NODISCARD int scanner_wire_raw(struct scanner_wire *w, const uint8_t *bytes, size_t n);

void scanner_wire_unplug(struct scanner_wire *w);
NODISCARD int scanner_wire_plug(struct scanner_wire *w); /* 0 also when plugged in already */

void scanner_wire_free(struct scanner_wire *w);
DEFINE_AUTO(scanner_wire);
