/* SPDX-License-Identifier: Apache-2.0 */
/* What every printer driver promises (hal/printer.h), over each of them. */
#include "promises.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attr.h"
#include "printer_fake.h"
#include "printer_file.h"
#include "printer_sim.h"
#include "printer_tcp.h"
#include "scratch.h"
#include "sim_line.h"

#define FLOOD_BYTES (32 << 20) /* more than two socket buffers hold */

enum wire { FAKE, TCP, PLAIN_FILE };

struct bench {
    const char *name;
    enum wire wire;
    int answers; /* to the question how it is */
};

static const struct bench benches[] = {{"fake", FAKE, 1}, {"tcp", TCP, 1}, {"file", PLAIN_FILE, 0}};

struct rig {
    const struct bench *bench;
    struct printer_fake fake;
    struct scratch scratch;
    struct printer_sim_conf sim_conf;
    struct sim_thread sim;
    struct printer *printer;
};

static struct rig *set_up(void **state)
{
    struct rig *r = calloc(1, sizeof(*r));
    assert_non_null(r);
    r->bench = *state;
    r->scratch = scratch_new();
    switch (r->bench->wire) {
    case FAKE:
        assert_int_equal(printer_fake_open(&r->fake, &r->printer), 0);
        break;
    case TCP:
        r->sim_conf.folder = r->scratch.folder;
        assert_int_equal(sim_thread_start(&r->sim, printer_sim_run, &r->sim_conf), 0);
        assert_int_equal(printer_tcp_open("127.0.0.1", atoi(r->sim.ready), &r->printer), 0);
        break;
    case PLAIN_FILE:
        assert_int_equal(printer_file_open(scratch_path(&r->scratch, "labels.zpl"), &r->printer),
                         0);
        break;
    }
    return r;
}

static void tear_down(struct rig *r)
{
    printer_free(r->printer);
    if (r->bench->wire == TCP)
        sim_thread_stop(&r->sim);
    /* No test sends more, and nothing may be kept twice. */
    assert_int_not_equal(access(scratch_path(&r->scratch, "000005.zpl"), F_OK), 0);
    scratch_remove(&r->scratch);
    free(r);
}

static void say(struct rig *r, const char *line)
{
    if (r->bench->wire == TCP) {
        assert_int_equal(sim_thread_say(&r->sim, line), 0);
        return;
    }
    if (r->bench->wire != FAKE)
        return;
    for (unsigned s = PRINTER_READY; s <= PRINTER_SILENT; s++)
        if (strcmp(line, printer_state_name((enum printer_state)s)) == 0)
            r->fake.status.state = (enum printer_state)s;
    if (strcmp(line, "unplug") == 0 || strcmp(line, "plug") == 0)
        r->fake.send_err = r->fake.status_err = line[0] == 'u' ? -ENOTCONN : 0;
}

static void read_file(const char *path, char *ret, size_t size)
{
    FILE *in = fopen(path, "rbe");
    assert_non_null(in);
    ret[fread(ret, 1, size - 1, in)] = '\0';
    fclose(in);
}

/* The text of the n-th label that the printer took. */
static void expect_label(struct rig *r, int n, const char *want)
{
    char got[256];
    char name[16];
    char line[32];
    switch (r->bench->wire) {
    case FAKE:
        assert_int_equal(r->fake.sent, n);
        snprintf(got, sizeof(got), "%.*s", (int)r->fake.last_len, r->fake.last);
        break;
    case TCP:
        snprintf(line, sizeof(line), "labels %d", n);
        say(r, line);
        snprintf(name, sizeof(name), "%06d.zpl", n);
        read_file(scratch_path(&r->scratch, name), got, sizeof(got));
        break;
    case PLAIN_FILE:
        read_file(scratch_path(&r->scratch, "labels.zpl"), got, sizeof(got));
        memmove(got, got + strlen(got) - strlen(want), strlen(want) + 1);
        break;
    }
    assert_string_equal(got, want);
}

static void labels_arrive_whole_and_in_order(void **state)
{
    struct rig *r = set_up(state);
    assert_int_equal(printer_send(r->printer, "^XA^FD1^FS^XZ", 13), 0);
    expect_label(r, 1, "^XA^FD1^FS^XZ");
    assert_int_equal(printer_send(r->printer, "^XA^FD2^FS^XZ", 13), 0);
    expect_label(r, 2, "^XA^FD2^FS^XZ");
    tear_down(r);
}

static void it_says_how_it_is(void **state)
{
    struct rig *r = set_up(state);
    for (unsigned s = PRINTER_READY; s <= PRINTER_SILENT; s++) {
        struct printer_status got = {.labels_remaining = 47};
        say(r, printer_state_name((enum printer_state)s));
        assert_int_equal(printer_send(r->printer, "", 1), 0); /* the file is there then */
        int err = printer_status(r->printer, &got);
        assert_int_equal(err, r->bench->answers ? 0 : -ENOTSUP);
        if (err == 0)
            assert_string_equal(printer_state_name(got.state),
                                printer_state_name((enum printer_state)s));
        else
            assert_int_equal(got.labels_remaining, 47);
    }
    tear_down(r);
}

static void a_printer_that_is_not_there_takes_nothing_and_comes_back(void **state)
{
    struct rig *r = set_up(state);
    struct printer_status status;
    if (r->bench->wire == PLAIN_FILE) {
        struct printer *gone = NULL;
        assert_int_equal(printer_file_open("/dev/no-such-printer", &gone), 0);
        assert_int_equal(printer_send(gone, "^XA^XZ", 6), -ENOTCONN);
        assert_int_equal(printer_status(gone, &status), -ENOTCONN);
        assert_int_equal(access("/dev/no-such-printer", F_OK), -1);
        printer_free(gone);
    } else {
        say(r, "unplug");
        assert_int_equal(printer_send(r->printer, "^XA^XZ", 6), -ENOTCONN);
        assert_int_equal(printer_status(r->printer, &status), -ENOTCONN);
        say(r, "plug");
    }
    assert_int_equal(printer_send(r->printer, "^XA^FD1^FS^XZ", 13), 0);
    expect_label(r, 1, "^XA^FD1^FS^XZ");
    tear_down(r);
}

static void a_printer_that_stops_leaves_the_label_unknown(void **state)
{
    struct rig *r = set_up(state);
    if (r->bench->wire == TCP) {
        char *flood = calloc(1, FLOOD_BYTES);
        assert_non_null(flood);
        say(r, "stall");
        assert_int_equal(printer_send(r->printer, flood, FLOOD_BYTES), -ETIMEDOUT);
        say(r, "clear");
        free(flood);
    }
    tear_down(r);
}

static const struct CMUnitTest promises[] = {
    cmocka_unit_test(labels_arrive_whole_and_in_order),
    cmocka_unit_test(it_says_how_it_is),
    cmocka_unit_test(a_printer_that_is_not_there_takes_nothing_and_comes_back),
    cmocka_unit_test(a_printer_that_stops_leaves_the_label_unknown),
};

int main(void)
{
    return promises_keep("printer", benches, ARRAY_LEN(benches), sizeof(benches[0]), promises,
                         ARRAY_LEN(promises));
}
