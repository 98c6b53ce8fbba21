/* SPDX-License-Identifier: Apache-2.0 */
/* hal/scanner_fake.h -- a scanner in memory; the test's side of the fake. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "scanner.h"

/* The device, which outlives the scanner that a program opens on it. */
struct scanner_fake;

NODISCARD int scanner_fake_new(struct scanner_fake **ret); /* plugged in. -ENOMEM */

/* As a driver opens its device. -ENODEV while unplugged; else as scanner_stream_open(). One at a
 * time: a second one takes over. */
NODISCARD int scanner_fake_open(struct scanner_fake *f, const struct scanner_profile *p,
                                struct scanner **ret);

/* The device sends n bytes: a scan is its text and "\r", a line error a NUL. -ENODEV when no
 * scanner is open on it, -EAGAIN when 64 KiB wait already. All or nothing up to 4,096 bytes. */
NODISCARD int scanner_fake_send(struct scanner_fake *f, const void *bytes, size_t n);

void scanner_fake_unplug(struct scanner_fake *f);
void scanner_fake_plug(struct scanner_fake *f);

void scanner_fake_free(struct scanner_fake *f); /* the scanner on it reads -EIO from then on */
DEFINE_AUTO(scanner_fake);
