/* SPDX-License-Identifier: Apache-2.0 */
/* hal/scale_field.h -- the fields that scale protocols share: numbers, units, exclusive-or check
 * characters, and the decoders that scale_ascii.c lists. Inside hal only. Pure. */
#pragma once

#include "scale_ascii.h"

/* Reads blanks, an optional sign, blanks, digits with at most one point, blanks; adds digits and
 * decimals to *r. SCALE_BAD_NUMBER otherwise. */
enum scale_frame_error scale_field_number(const uint8_t *field, size_t len,
                                          struct scale_reading *r);

/* Puts a sign that the protocol sends apart from its digits: '+', ' ' and '0' are plus. */
enum scale_frame_error scale_field_sign(uint8_t sign, struct scale_reading *r);

/* A unit between blanks. SCALE_BAD_UNIT for an unknown or empty one. */
enum scale_frame_error scale_field_unit(const uint8_t *field, size_t len, struct scale_reading *r);

/* Whether check[0..1] is the exclusive or of the bytes, each nibble as '0'..'9', 'A'..'F'. */
int scale_field_xor_agrees(const uint8_t *bytes, size_t len, const uint8_t check[2]);

/* Whether the frame ends with CR LF and has no line feed before. */
int scale_field_ends_line(const uint8_t *bytes, size_t len);

/* What a decoder is: it sets reply and reading of *f, which comes zeroed. */
typedef enum scale_frame_error (*scale_decode_fn)(const uint8_t *bytes, size_t len,
                                                  struct scale_frame *f);

enum scale_frame_error scale_decode_mtsics(const uint8_t *b, size_t len, struct scale_frame *f);
enum scale_frame_error scale_decode_and17(const uint8_t *b, size_t len, struct scale_frame *f);
enum scale_frame_error scale_decode_and18(const uint8_t *b, size_t len, struct scale_frame *f);
enum scale_frame_error scale_decode_cas22(const uint8_t *b, size_t len, struct scale_frame *f);
enum scale_frame_error scale_decode_cas10(const uint8_t *b, size_t len, struct scale_frame *f);
enum scale_frame_error scale_decode_toledo17(const uint8_t *b, size_t len, struct scale_frame *f);
enum scale_frame_error scale_decode_toledo18(const uint8_t *b, size_t len, struct scale_frame *f);
enum scale_frame_error scale_decode_yaohua_xor(const uint8_t *b, size_t len, struct scale_frame *f);
enum scale_frame_error scale_decode_yaohua_rev(const uint8_t *b, size_t len, struct scale_frame *f);
enum scale_frame_error scale_decode_yaohua_fwd(const uint8_t *b, size_t len, struct scale_frame *f);
enum scale_frame_error scale_decode_yaohua_w(const uint8_t *b, size_t len, struct scale_frame *f);
enum scale_frame_error scale_decode_yaohua_wg(const uint8_t *b, size_t len, struct scale_frame *f);
enum scale_frame_error scale_decode_rinstrum1(const uint8_t *b, size_t len, struct scale_frame *f);
enum scale_frame_error scale_decode_rinstrum2(const uint8_t *b, size_t len, struct scale_frame *f);
