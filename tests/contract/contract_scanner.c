/* SPDX-License-Identifier: Apache-2.0 */
/* One suite over every scanner driver: the fake, evdev (key events in a FIFO), serial (a
 * pseudo-terminal). What only one wire has follows at the end. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "attr.h"
#include "scanner.h"
#include "scanner_evdev.h"
#include "scanner_fake.h"
#include "scanner_serial.h"
#include "scanner_wire.h"
#include "scratch.h"

#define WAIT_MS 30000

/* Long, so that a slow machine does not cut a scan; gaps are tested by giving a later time. */
#define IDLE_MS 30000

struct bench;

struct wire {
    const char *name;
    int (*setup)(struct bench *b);
    int (*open)(struct bench *b, struct scanner **ret);
    int (*send)(struct bench *b, const char *text, bool terminated);
    int (*garble)(struct bench *b);
    void (*unplug)(struct bench *b);
    int (*plug)(struct bench *b);
};

struct bench {
    const struct wire *wire;
    struct scratch scratch;
    struct scanner_profile profile;
    struct scanner_fake *fake;
    struct scanner_wire *sim;
};

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* --- fake */

static int fake_setup(struct bench *b)
{
    return scanner_fake_new(&b->fake);
}

static int fake_open(struct bench *b, struct scanner **ret)
{
    return scanner_fake_open(b->fake, &b->profile, ret);
}

static int fake_send(struct bench *b, const char *text, bool terminated)
{
    int err = scanner_fake_send(b->fake, text, strlen(text));
    return err == 0 && terminated ? scanner_fake_send(b->fake, "\r", 1) : err;
}

static int fake_garble(struct bench *b)
{
    return scanner_fake_send(b->fake, "", 1);
}

static void fake_unplug(struct bench *b)
{
    scanner_fake_unplug(b->fake);
}

static int fake_plug(struct bench *b)
{
    scanner_fake_plug(b->fake);
    return 0;
}

/* --- the simulator's wires */

static int evdev_setup(struct bench *b)
{
    static const struct hid_encode_conf conf = {.terminator = KEY_ENTER};
    return scanner_wire_evdev(b->profile.path, &conf, &b->sim);
}

static int evdev_open(struct bench *b, struct scanner **ret)
{
    return scanner_evdev_open(&b->profile, ret);
}

static int serial_setup(struct bench *b)
{
    return scanner_wire_serial(b->profile.path, &b->sim);
}

static int serial_open(struct bench *b, struct scanner **ret)
{
    return scanner_serial_open(&b->profile, ret);
}

static int sim_send(struct bench *b, const char *text, bool terminated)
{
    const uint8_t *bytes = (const uint8_t *)text;
    return terminated ? scanner_wire_scan(b->sim, bytes, strlen(text))
                      : scanner_wire_type(b->sim, bytes, strlen(text));
}

static int sim_garble(struct bench *b)
{
    return scanner_wire_garble(b->sim);
}

static void sim_unplug(struct bench *b)
{
    scanner_wire_unplug(b->sim);
}

static int sim_plug(struct bench *b)
{
    return scanner_wire_plug(b->sim);
}

static const struct wire wires[] = {
    {"fake", fake_setup, fake_open, fake_send, fake_garble, fake_unplug, fake_plug},
    {"evdev", evdev_setup, evdev_open, sim_send, sim_garble, sim_unplug, sim_plug},
    {"serial", serial_setup, serial_open, sim_send, sim_garble, sim_unplug, sim_plug},
};

/* --- benches */

static void begin(struct bench *b, const struct wire *wire, const char *name)
{
    *b = (struct bench){.wire = wire, .scratch = scratch_new()};
    b->profile.frame.idle_ms = IDLE_MS;
    snprintf(b->profile.name, sizeof(b->profile.name), "%s", name);
    strcpy(b->profile.path, scratch_path(&b->scratch, "device"));
    assert_int_equal(wire->setup(b), 0);
}

static void end(struct bench *b)
{
    scanner_fake_free(b->fake);
    scanner_wire_free(b->sim);
    assert_int_equal(rmdir(b->scratch.folder), 0); /* the simulator took its device away */
}

/* Reads until something but "nothing yet" comes. */
static int read_next(struct scanner *s, struct scanner_frame *ret)
{
    for (;;) {
        int got = scanner_read(s, now_ms(), ret);
        if (got != 0)
            return got;
        struct pollfd readable = {.fd = scanner_fd(s), .events = POLLIN};
        assert_int_equal(poll(&readable, 1, WAIT_MS), 1);
    }
}

static void expect_frame(struct scanner *s, const char *device, const char *text, bool partial)
{
    struct scanner_frame f;
    assert_int_equal(read_next(s, &f), 1);
    assert_string_equal(f.device, device);
    assert_int_equal(f.len, strlen(text));
    assert_memory_equal(f.bytes, text, f.len);
    assert_int_equal(f.partial, partial);
}

/* Something was sent without a terminator: waits until the scanner has taken it in. */
static void take_in(struct scanner *s)
{
    struct scanner_frame f;
    while (scanner_deadline_ms(s) == INT64_MAX) {
        struct pollfd readable = {.fd = scanner_fd(s), .events = POLLIN};
        assert_int_equal(poll(&readable, 1, WAIT_MS), 1);
        assert_int_equal(scanner_read(s, now_ms(), &f), 0);
    }
}

/* --- the contract */

static void a_scan_arrives_whole(struct bench *b, struct scanner *s)
{
    struct scanner_frame f;
    int64_t before_ms = now_ms();
    assert_int_equal(scanner_read(s, before_ms, &f), 0);
    assert_int_equal(scanner_deadline_ms(s), INT64_MAX);
    assert_int_equal(b->wire->send(b,
                                   "]C10108901234567894\x1d"
                                   "10Ab-1/x",
                                   true),
                     0);
    assert_int_equal(read_next(s, &f), 1);
    assert_int_equal(f.len, 28);
    assert_memory_equal(f.bytes,
                        "]C10108901234567894\x1d"
                        "10Ab-1/x",
                        f.len);
    assert_string_equal(f.device, "one");
    assert_false(f.partial);
    assert_true(f.mono_ms >= before_ms && f.mono_ms <= now_ms());
    assert_int_equal(scanner_read(s, now_ms(), &f), 0);
    assert_int_equal(scanner_counts(s).whole, 1);
}

static void a_machine_speed_burst_loses_nothing_and_keeps_its_order(struct bench *b,
                                                                    struct scanner *s)
{
    char text[64];
    for (int round = 0; round < 40; round++) {
        for (int i = 0; i < 25; i++) {
            snprintf(text, sizeof(text), "]E0890%04d", round * 25 + i);
            assert_int_equal(b->wire->send(b, text, true), 0);
        }
        for (int i = 0; i < 25; i++) {
            snprintf(text, sizeof(text), "]E0890%04d", round * 25 + i);
            expect_frame(s, "one", text, false);
        }
    }
    assert_int_equal(scanner_counts(s).whole, 1000);
    assert_int_equal(scanner_counts(s).lost, 0);
}

static void what_has_no_terminator_is_partial_at_the_deadline(struct bench *b, struct scanner *s)
{
    struct scanner_frame f;
    assert_int_equal(b->wire->send(b, "8901", false), 0);
    take_in(s);
    int64_t deadline_ms = scanner_deadline_ms(s);
    assert_int_equal(scanner_read(s, deadline_ms - 1, &f), 0);
    assert_int_equal(scanner_read(s, deadline_ms, &f), 1);
    assert_true(f.partial);
    assert_int_equal(f.len, 4);
    assert_memory_equal(f.bytes, "8901", 4);
    assert_int_equal(scanner_deadline_ms(s), INT64_MAX);
    assert_int_equal(b->wire->send(b, "8902", true), 0);
    expect_frame(s, "one", "8902", false);
    assert_int_equal(scanner_counts(s).partial, 1);
}

static void a_garbled_scan_is_reported_and_the_next_is_whole(struct bench *b, struct scanner *s)
{
    struct scanner_frame f = {.len = 77};
    assert_int_equal(b->wire->send(b, "89", false), 0);
    assert_int_equal(b->wire->garble(b), 0);
    assert_int_equal(b->wire->send(b, "01", true), 0);
    assert_int_equal(read_next(s, &f), -EBADMSG);
    assert_int_equal(f.len, 77);
    assert_int_equal(b->wire->send(b, "8902", true), 0);
    expect_frame(s, "one", "8902", false);
    assert_int_equal(scanner_counts(s).lost, 1);
}

static void a_scan_beyond_the_maximum_is_reported_and_the_next_is_whole(struct bench *b,
                                                                        struct scanner *s)
{
    char text[SCAN_FRAME_MAX + 1];
    memset(text, '8', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_int_equal(b->wire->send(b, text, true), 0);
    expect_frame(s, "one", text, false);
    struct scanner_frame f;
    assert_int_equal(b->wire->send(b, text, false), 0);
    assert_int_equal(b->wire->send(b, "9", true), 0);
    assert_int_equal(read_next(s, &f), -EBADMSG);
    assert_int_equal(b->wire->send(b, "8902", true), 0);
    expect_frame(s, "one", "8902", false);
}

static void an_unplugged_device_delivers_what_it_had_and_is_gone(struct bench *b, struct scanner *s)
{
    struct scanner_frame f = {.len = 77};
    assert_int_equal(b->wire->send(b, "8901", false), 0);
    take_in(s);
    b->wire->unplug(b);
    expect_frame(s, "one", "8901", true);
    assert_int_equal(read_next(s, &f), -EIO);
    assert_int_equal(read_next(s, &f), -EIO); /* and stays so */
    assert_int_equal(f.len, 77);
    assert_int_equal(scanner_deadline_ms(s), INT64_MAX);
}

static void a_device_that_returns_works_when_opened_again(struct bench *b, struct scanner *s)
{
    struct scanner_frame f;
    b->wire->unplug(b);
    assert_int_equal(read_next(s, &f), -EIO);
    AUTO(scanner) again = NULL;
    int err = b->wire->open(b, &again);
    assert_true(err == -ENOENT || err == -ENODEV);
    assert_null(again);
    assert_int_equal(b->wire->plug(b), 0);
    assert_int_equal(b->wire->open(b, &again), 0);
    assert_int_equal(b->wire->send(b, "8901", true), 0);
    expect_frame(again, "one", "8901", false);
}

static void two_scanners_do_not_mix(struct bench *b, struct scanner *s)
{
    struct bench other;
    begin(&other, b->wire, "two");
    AUTO(scanner) t = NULL;
    assert_int_equal(other.wire->open(&other, &t), 0);
    assert_int_equal(b->wire->send(b, "89", false), 0);
    assert_int_equal(other.wire->send(&other, "75", false), 0);
    assert_int_equal(b->wire->send(b, "01", true), 0);
    assert_int_equal(other.wire->send(&other, "02", true), 0);
    expect_frame(t, "two", "7502", false);
    expect_frame(s, "one", "8901", false);
    end(&other);
}

static const struct {
    const char *name;
    void (*run)(struct bench *b, struct scanner *s);
} contract[] = {
    {"a scan arrives whole", a_scan_arrives_whole},
    {"a machine-speed burst loses nothing and keeps its order",
     a_machine_speed_burst_loses_nothing_and_keeps_its_order},
    {"what has no terminator is partial at the deadline",
     what_has_no_terminator_is_partial_at_the_deadline},
    {"a garbled scan is reported and the next is whole",
     a_garbled_scan_is_reported_and_the_next_is_whole},
    {"a scan beyond the maximum is reported and the next is whole",
     a_scan_beyond_the_maximum_is_reported_and_the_next_is_whole},
    {"an unplugged device delivers what it had and is gone",
     an_unplugged_device_delivers_what_it_had_and_is_gone},
    {"a device that returns works when opened again",
     a_device_that_returns_works_when_opened_again},
    {"two scanners do not mix", two_scanners_do_not_mix},
};

struct row {
    char name[128];
    const struct wire *wire;
    void (*run)(struct bench *b, struct scanner *s);
};

static void contract_row(void **state)
{
    const struct row *r = *state;
    struct bench b;
    begin(&b, r->wire, "one");
    AUTO(scanner) s = NULL;
    assert_int_equal(r->wire->open(&b, &s), 0);
    r->run(&b, s);
    end(&b);
}

/* --- one wire only */

static void a_key_event_that_comes_in_pieces_is_one(void **state)
{
    (void)state;
    struct bench b;
    begin(&b, &wires[1], "one");
    AUTO(scanner) s = NULL;
    assert_int_equal(b.wire->open(&b, &s), 0);
    struct input_event e = {.type = EV_KEY, .code = KEY_8, .value = 1};
    const uint8_t *bytes = (const uint8_t *)&e;
    struct scanner_frame f;
    for (size_t i = 0; i < sizeof(e); i++) {
        assert_int_equal(scanner_wire_raw(b.sim, bytes + i, 1), 0);
        assert_int_equal(scanner_read(s, now_ms(), &f), 0);
    }
    assert_int_equal(b.wire->send(&b, "9", true), 0);
    expect_frame(s, "one", "89", false);
    end(&b);
}

static void show_attribute(struct scratch *sysfs, const char *event, const char *attribute,
                           const char *text)
{
    char name[64];
    snprintf(name, sizeof(name), "%s/device/%s", event, attribute);
    scratch_write(sysfs, name, text);
}

static void show_device(struct scratch *sysfs, const char *event, const char *name,
                        const char *serial, const char *keys)
{
    show_attribute(sysfs, event, "name", name);
    show_attribute(sysfs, event, "uniq", serial);
    show_attribute(sysfs, event, "capabilities/key", keys);
}

static void a_scanner_is_found_by_name_and_serial_whatever_its_number(void **state)
{
    (void)state;
    struct scratch sysfs = scratch_new();
    static const char keyboard[] =
        "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe\n";
    struct scanner_profile p = {.match_name = "Datalogic Gryphon", .match_serial = "S2"};
    char path[SCANNER_PATH_SIZE] = "as before";
    show_device(&sysfs, "event2", "Power Button\n", "\n", "10000000000000 0\n");
    show_device(&sysfs, "event9", "Datalogic Gryphon\n", "S1\n", keyboard);
    assert_int_equal(scanner_evdev_find(&p, sysfs.folder, "/dev/input", path), -ENODEV);
    assert_string_equal(path, "as before");

    show_device(&sysfs, "event3", "Datalogic Gryphon\n", "S2\n", "0\n"); /* its volume keys */
    show_device(&sysfs, "event10", "Datalogic Gryphon\n", "S2\n", keyboard);
    assert_int_equal(scanner_evdev_find(&p, sysfs.folder, "/dev/input", path), 0);
    assert_string_equal(path, "/dev/input/event10");
    p.match_serial[0] = '\0';
    assert_int_equal(scanner_evdev_find(&p, sysfs.folder, "/dev/input", path), 0);
    assert_string_equal(path, "/dev/input/event9");
    assert_int_equal(scanner_evdev_find(&p, "/nonexistent", "/dev/input", path), -ENODEV);

    scratch_remove(&sysfs);
}

static void what_is_no_scanner_is_refused(void **state)
{
    (void)state;
    struct scanner_profile p = {.name = "one", .path = "/proc/self/exe"};
    AUTO(scanner) s = NULL;
    assert_int_equal(scanner_evdev_open(&p, &s), -EINVAL);
    snprintf(p.path, sizeof(p.path), "/dev/null");
    assert_int_equal(scanner_evdev_open(&p, &s), -EINVAL);
    assert_int_equal(scanner_serial_open(&p, &s), -ENOTTY);
    snprintf(p.path, sizeof(p.path), "/nonexistent");
    assert_int_equal(scanner_evdev_open(&p, &s), -ENOENT);
    assert_int_equal(scanner_serial_open(&p, &s), -ENOENT);
    p.baud = 9601;
    assert_int_equal(scanner_serial_open(&p, &s), -EINVAL);
    assert_null(s);
}

static void a_fifo_that_nobody_writes_is_no_device(void **state)
{
    (void)state;
    struct scratch scratch = scratch_new();
    struct scanner_profile p = {.name = "one"};
    strcpy(p.path, scratch_path(&scratch, "fifo"));
    assert_int_equal(mkfifo(p.path, 0600), 0);
    AUTO(scanner) s = NULL;
    assert_int_equal(scanner_evdev_open(&p, &s), -ENODEV);
    scratch_remove(&scratch);
}

static void a_parity_error_on_a_seven_bit_line_is_reported(void **state)
{
    (void)state;
    struct bench b;
    begin(&b, &wires[2], "one");
    b.profile.line = SERIAL_7E1;
    AUTO(scanner) s = NULL;
    assert_int_equal(b.wire->open(&b, &s), 0);
    struct scanner_frame f;
    assert_int_equal(scanner_wire_raw(b.sim,
                                      (const uint8_t *)"89\xB0"
                                                       "1\r",
                                      5),
                     0);
    assert_int_equal(read_next(s, &f), -EBADMSG);
    assert_int_equal(b.wire->send(&b, "8901", true), 0);
    expect_frame(s, "one", "8901", false);
    end(&b);
}

static void a_serial_line_has_one_owner(void **state)
{
    (void)state;
    struct bench b;
    begin(&b, &wires[2], "one");
    AUTO(scanner) other = NULL;
    AUTO(scanner) s = NULL;
    assert_int_equal(b.wire->open(&b, &s), 0);
    assert_int_equal(b.wire->open(&b, &other), -EBUSY);
    scanner_free(TAKE(s));
    assert_int_equal(b.wire->open(&b, &other), 0);
    assert_int_equal(b.wire->send(&b, "8901", true), 0);
    expect_frame(other, "one", "8901", false);
    end(&b);
}

int main(void)
{
    const struct CMUnitTest others[] = {
        cmocka_unit_test(a_key_event_that_comes_in_pieces_is_one),
        cmocka_unit_test(a_scanner_is_found_by_name_and_serial_whatever_its_number),
        cmocka_unit_test(what_is_no_scanner_is_refused),
        cmocka_unit_test(a_fifo_that_nobody_writes_is_no_device),
        cmocka_unit_test(a_parity_error_on_a_seven_bit_line_is_reported),
        cmocka_unit_test(a_serial_line_has_one_owner),
    };
    static struct row rows[ARRAY_LEN(wires) * ARRAY_LEN(contract)];
    struct CMUnitTest tests[ARRAY_LEN(rows)];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct row *r = &rows[i];
        r->wire = &wires[i / ARRAY_LEN(contract)];
        r->run = contract[i % ARRAY_LEN(contract)].run;
        snprintf(r->name, sizeof(r->name), "%s: %s", r->wire->name,
                 contract[i % ARRAY_LEN(contract)].name);
        tests[i] = (struct CMUnitTest){r->name, contract_row, NULL, NULL, r};
    }
    return cmocka_run_group_tests_name("scanner", tests, NULL, NULL) +
           cmocka_run_group_tests_name("scanner: one wire only", others, NULL, NULL);
}
