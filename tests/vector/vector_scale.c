/* SPDX-License-Identifier: Apache-2.0 */
/* Vectors of weighing indicators: single frames, streams, Modbus exchanges. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "modbus_frame.h"
#include "scale_register.h"
#include "scale_stream.h"
#include "vector.h"

#define BYTES_MAX 4096

static int protocol_of(const struct csv_row *row, enum scale_protocol *ret, struct diag *reterr)
{
    const char *name = csv_row_get(row, "protocol");
    int err = scale_protocol_by_name(name, ret);
    if (err < 0)
        diag_set(reterr, csv_row_line(row), "no protocol is called \"%s\"", name);
    return err;
}

static int check_frame(const struct csv_row *row, struct vector_run *run, struct diag *reterr)
{
    enum scale_protocol protocol;
    char bytes[BYTES_MAX];
    size_t len = 0;
    int err = protocol_of(row, &protocol, reterr);
    if (err == 0)
        err = vector_unescape(csv_row_get(row, "frame"), bytes, sizeof(bytes), &len, reterr);
    if (err < 0)
        return err;

    struct scale_frame f = {0};
    enum scale_frame_error bad = scale_ascii_decode(protocol, (const uint8_t *)bytes, len, &f);
    int weight = !bad && f.reply == SCALE_REPLY_WEIGHT;
    char value[DECIMAL_TEXT_SIZE];
    const char *status = bad      ? scale_frame_error_name(bad)
                         : weight ? scale_status_name(f.reading.status)
                                  : scale_frame_notice_name(&f);
    vector_expect_text(run, "result",
                       bad      ? "err"
                       : weight ? "ok"
                                : "status",
                       csv_row_get(row, "result"));
    vector_expect_text(run, "status", status, csv_row_get(row, "status"));
    vector_expect_text(run, "kind", weight ? scale_kind_name(f.reading.kind) : "",
                       csv_row_get(row, "kind"));
    vector_expect_text(run, "value", weight ? scale_reading_value(&f.reading, value) : "",
                       csv_row_get(row, "value"));
    vector_expect_text(run, "unit", weight ? scale_unit_name(f.reading.unit) : "",
                       csv_row_get(row, "unit"));
    return 0;
}

/* The weights of a stream that comes in pieces of `step` bytes, joined by '|'. */
static void weights_of(enum scale_protocol protocol, const char *bytes, size_t len, size_t step,
                       char *ret, size_t size)
{
    struct scale_stream stream = scale_stream_init(protocol);
    size_t used = 0;
    ret[0] = '\0';
    for (size_t piece = 0; piece < len; piece += step) {
        size_t end = piece + step < len ? piece + step : len;
        size_t at = piece;
        while (at < end) {
            struct scale_frame f;
            size_t taken = 0;
            int found =
                scale_stream_next(&stream, (const uint8_t *)bytes + at, end - at, &taken, &f);
            at += taken;
            if (!found || f.reply != SCALE_REPLY_WEIGHT || used >= size)
                continue;
            char value[DECIMAL_TEXT_SIZE];
            used += (size_t)snprintf(ret + used, size - used, "%s%s", used > 0 ? "|" : "",
                                     scale_reading_value(&f.reading, value));
        }
    }
}

static int check_stream(const struct csv_row *row, struct vector_run *run, struct diag *reterr)
{
    enum scale_protocol protocol;
    char bytes[BYTES_MAX];
    size_t len = 0;
    int err = protocol_of(row, &protocol, reterr);
    if (err == 0)
        err = vector_unescape(csv_row_get(row, "bytes"), bytes, sizeof(bytes), &len, reterr);
    if (err < 0)
        return err;
    const char *want = csv_row_get(row, "expect_values");
    char got[BYTES_MAX];
    weights_of(protocol, bytes, len, len, got, sizeof(got));
    vector_expect_text(run, "in one piece", got, want);
    weights_of(protocol, bytes, len, 1, got, sizeof(got));
    vector_expect_text(run, "byte by byte", got, want);
    weights_of(protocol, bytes, len, 7, got, sizeof(got));
    vector_expect_text(run, "in pieces of seven", got, want);
    return 0;
}

static int unhex(const char *text, uint8_t *ret, size_t size, size_t *ret_len, struct diag *reterr)
{
    size_t len = strlen(text) / 2;
    if (strlen(text) % 2 != 0 || len > size) {
        diag_set(reterr, 0, "\"%s\" is not bytes in hexadecimal", text);
        return -EINVAL;
    }
    for (size_t i = 0; i < len; i++) {
        unsigned byte = 0;
        if (sscanf(text + 2 * i, "%2x", &byte) != 1) {
            diag_set(reterr, 0, "\"%s\" is not bytes in hexadecimal", text);
            return -EINVAL;
        }
        ret[i] = (uint8_t)byte;
    }
    *ret_len = len;
    return 0;
}

/* One answered row: counts, or the digits of a float, and the flags where the row has them. */
static int expect_registers(const struct csv_row *row, struct vector_run *run,
                            const struct scale_register_profile *profile,
                            const struct modbus_registers *got, struct diag *reterr)
{
    struct scale_register_conf conf = {.order = SCALE_ABCD};
    const char *order = csv_row_get(row, "word_order");
    if (order[0] != '\0' && scale_word_order_by_name(order, &conf.order) < 0) {
        diag_set(reterr, csv_row_line(row), "no word order is called \"%s\"", order);
        return -EINVAL;
    }
    struct scale_registers r = {0};
    int err = scale_registers_decode(profile, &conf, got->value, &r);
    if (err < 0) {
        vector_expect_text(run, "registers", "not decoded", "decoded");
        return 0;
    }
    if (profile->type == SCALE_FLOAT32) {
        uint32_t bits = scale_register_u32(got->value + profile->gross, conf.order);
        err = scale_float_shortest(bits, &r.gross_counts, &r.decimals);
        if (err < 0)
            return err;
    }
    char value[DECIMAL_TEXT_SIZE];
    vector_expect_text(run, "gross", decimal_format(r.gross_counts, r.decimals, value),
                       csv_row_get(row, "gross_counts_or_value"));
    const char *net = csv_row_get(row, "net_counts");
    if (net[0] != '\0')
        vector_expect_text(run, "net", decimal_format(r.net_counts, r.decimals, value), net);
    const char *stable = csv_row_get(row, "stable");
    const char *overload = csv_row_get(row, "overload");
    uint16_t state = profile->state < 0 ? 0 : got->value[profile->state];
    if (overload[0] != '\0')
        vector_expect_text(run, "overload bit", state & profile->overload ? "1" : "0", overload);
    if (stable[0] != '\0') {
        vector_expect_text(run, "stable bit", state & profile->stable ? "1" : "0", stable);
        if (scale_reading_usable(&(struct scale_reading){.status = r.status}))
            vector_expect_text(run, "stable", r.status == SCALE_STABLE ? "1" : "0", stable);
    }
    return 0;
}

static int check_modbus(const struct csv_row *row, struct vector_run *run, struct diag *reterr)
{
    const struct scale_register_profile *profile =
        scale_register_profile(csv_row_get(row, "profile"));
    uint8_t bytes[MODBUS_FRAME_MAX];
    size_t len = 0;
    struct modbus_read read;
    if (!profile) {
        diag_set(reterr, csv_row_line(row), "no such profile");
        return -EINVAL;
    }
    int err = unhex(csv_row_get(row, "request"), bytes, sizeof(bytes), &len, reterr);
    if (err < 0)
        return err;
    if (modbus_read_decode(bytes, len, &read) < 0) {
        diag_set(reterr, csv_row_line(row), "the request is not one to read registers");
        return -EINVAL;
    }
    vector_expect_int(run, "function", profile->function, read.function);
    vector_expect_int(run, "registers", profile->count, read.count);
    uint8_t again[8];
    vector_expect_int(run, "request built again",
                      modbus_read_encode(&read, again) == len && memcmp(again, bytes, len) == 0, 1);

    err = unhex(csv_row_get(row, "response"), bytes, sizeof(bytes), &len, reterr);
    if (err < 0)
        return err;
    struct modbus_registers got = {0};
    enum modbus_frame_error bad = modbus_answer_decode(&read, bytes, len, &got);
    char error[32];
    if (bad == MODBUS_FRAME_EXCEPTION)
        snprintf(error, sizeof(error), "EXCEPTION_%u", got.exception);
    else
        snprintf(error, sizeof(error), "%s", modbus_frame_error_name(bad));
    vector_expect_text(run, "result", bad ? "err" : "ok", csv_row_get(row, "result"));
    vector_expect_text(run, "error", error, csv_row_get(row, "error"));
    return bad ? 0 : expect_registers(row, run, profile, &got, reterr);
}

static const char *const frame_columns[] = {"id",   "protocol", "frame", "result", "status",
                                            "kind", "value",    "unit",  NULL};
static const char *const stream_columns[] = {"id", "protocol", "bytes", "expect_values", NULL};
static const char *const modbus_columns[] = {
    "id",         "profile", "word_order", "request",
    "response",   "result",  "error",      "gross_counts_or_value",
    "net_counts", "stable",  "overload",   NULL};

const struct vector_kind vector_scale_kinds[] = {
    {"scale_frames", frame_columns, check_frame, "id"},
    {"scale_streams", stream_columns, check_stream, "id"},
    {"scale_modbus", modbus_columns, check_modbus, "id"},
    {NULL, NULL, NULL, NULL},
};
