/* SPDX-License-Identifier: Apache-2.0 */
/* What every scale driver promises (hal/scale.h), over each of them. The simulator plays in a
 * thread of this program, so that the suite also runs under emulation. */
#include "promises.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scale_driver.h"
#include "scale_fake.h"
#include "scale_modbus.h"
#include "scale_serial.h"
#include "scale_sim.h"
#include "scratch.h"
#include "sim_line.h"

#define CAPACITY_G 150000
#define TIMEOUT_MS 250  /* wide, so that a busy machine does not lose an answer that comes */
#define LATE "late 375" /* behind the timeout; the next request must wait it out */
#define LATE_ROUNDS 2
#define LATE_TRIES 20
#define TRIES 4
#define READS_MAX 200 /* a stream may still hold frames from before a change */

enum wire { FAKE, RTU, TCP, ASCII };

/* A driver to be tried, and what its wire can say. */
struct bench {
    const char *name;
    enum wire wire;
    const char *profile;
    enum scale_word_order order;
    enum scale_protocol protocol;
    int tells_motion;
    int tells_overload;
    int answers; /* only when asked: an answer can be late */
    int tares;
    int zeroes;
};

static const struct bench benches[] = {
    {.name = "fake", .wire = FAKE, .tells_motion = 1, .tells_overload = 1},
    {.name = "rtu laumas_tl",
     .wire = RTU,
     .profile = "laumas_tl",
     .tells_motion = 1,
     .tells_overload = 1,
     .answers = 1,
     .zeroes = 1},
    {.name = "rtu dini_dgt",
     .wire = RTU,
     .profile = "dini_dgt",
     .tells_motion = 1,
     .tells_overload = 1,
     .answers = 1,
     .tares = 1,
     .zeroes = 1},
    {.name = "rtu pr5220", .wire = RTU, .profile = "pr5220", .answers = 1},
    {.name = "tcp dini_dgt",
     .wire = TCP,
     .profile = "dini_dgt",
     .tells_motion = 1,
     .tells_overload = 1,
     .answers = 1,
     .tares = 1,
     .zeroes = 1},
    {.name = "tcp tuna_id551",
     .wire = TCP,
     .profile = "tuna_id551",
     .order = SCALE_CDAB,
     .tells_motion = 1,
     .tells_overload = 1,
     .answers = 1},
    {.name = "tcp float32", .wire = TCP, .profile = "float32", .order = SCALE_DCBA, .answers = 1},
    {.name = "ascii mtsics",
     .wire = ASCII,
     .protocol = SCALE_MTSICS,
     .tells_motion = 1,
     .tells_overload = 1,
     .answers = 1,
     .tares = 1,
     .zeroes = 1},
    {.name = "ascii and17",
     .wire = ASCII,
     .protocol = SCALE_AND17,
     .tells_motion = 1,
     .tells_overload = 1},
    {.name = "ascii toledo18",
     .wire = ASCII,
     .protocol = SCALE_TOLEDO18,
     .tells_motion = 1,
     .tells_overload = 1},
    {.name = "ascii yaohua_xor", .wire = ASCII, .protocol = SCALE_YAOHUA_XOR},
};

/* One test's set-up. */
struct rig {
    const struct bench *bench;
    struct scale_fake_step step; /* what the fake plays, over and over */
    struct scratch scratch;
    const char *path;
    struct scale_sim_conf sim_conf;
    struct sim_thread sim;
    struct scale *scale;
};

static int open_scale(struct rig *r)
{
    const struct bench *b = r->bench;
    if (b->wire == FAKE)
        return scale_fake_open(&r->step, 1, CAPACITY_G, &r->scale);
    if (b->wire == ASCII) {
        struct scale_serial_conf conf = {.device = r->path,
                                         .baud = 9600,
                                         .mode = SERIAL_8N1,
                                         .protocol = b->protocol,
                                         .unit = SCALE_UNIT_KG,
                                         .timeout_ms = TIMEOUT_MS,
                                         .capacity_g = CAPACITY_G};
        return scale_serial_open(&conf, &r->scale);
    }
    struct scale_modbus_conf conf = {
        .device = b->wire == RTU ? r->path : NULL,
        .baud = 9600,
        .parity = 'N',
        .host = "127.0.0.1",
        .port = atoi(r->sim.ready),
        .unit_id = 1,
        .profile = scale_register_profile(b->profile),
        .registers = {.decimals = 3, .unit = SCALE_UNIT_KG, .order = b->order},
        .address = -1,
        .timeout_ms = TIMEOUT_MS,
        .capacity_g = CAPACITY_G};
    return scale_modbus_open(&conf, &r->scale);
}

/* The fake understands the same commands, by changing the step it plays. */
static void say_to_fake(struct rig *r, const char *line)
{
    static const struct {
        const char *line;
        int err;
        enum scale_status status;
    } commands[] = {
        {"motion", 0, SCALE_MOTION},        {"overload", 0, SCALE_OVERLOAD},
        {"garble", -EBADMSG, SCALE_STABLE}, {"silent", -ETIMEDOUT, SCALE_STABLE},
        {"unplug", -EIO, SCALE_STABLE},     {"plug", 0, SCALE_STABLE},
        {"clear", 0, SCALE_STABLE},
    };
    long long grams = 0;
    if (sscanf(line, "put %lld", &grams) == 1) {
        r->step = (struct scale_fake_step){
            .reading = {
                .counts = grams, .decimals = 3, .unit = SCALE_UNIT_KG, .kind = SCALE_GROSS}};
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        if (strcmp(commands[i].line, line) == 0) {
            r->step.err = commands[i].err;
            r->step.reading.status = commands[i].status;
            return;
        }
    }
    fail_msg("the fake knows no \"%s\"", line);
}

static void say(struct rig *r, const char *line)
{
    if (r->bench->wire == FAKE)
        say_to_fake(r, line);
    else
        assert_int_equal(sim_thread_say(&r->sim, line), 0);
}

static struct rig *set_up(void **state)
{
    struct rig *r = calloc(1, sizeof(*r));
    assert_non_null(r);
    r->bench = *state;
    if (r->bench->wire != FAKE) {
        r->scratch = scratch_new();
        r->path = scratch_path(&r->scratch, "tty");
        r->sim_conf = (struct scale_sim_conf){
            .wire = r->bench->wire == RTU   ? SCALE_SIM_RTU
                    : r->bench->wire == TCP ? SCALE_SIM_TCP
                                            : SCALE_SIM_ASCII,
            .path = r->path,
            .profile = r->bench->profile ? scale_register_profile(r->bench->profile) : NULL,
            .order = r->bench->order,
            .protocol = r->bench->protocol,
            .period_ms = 5};
        assert_int_equal(sim_thread_start(&r->sim, scale_sim_run, &r->sim_conf), 0);
    }
    say(r, "put 12340");
    assert_int_equal(open_scale(r), 0);
    return r;
}

static void tear_down(struct rig *r)
{
    scale_free(r->scale);
    if (r->bench->wire != FAKE) {
        sim_thread_stop(&r->sim);
        scratch_remove(&r->scratch);
    }
    free(r);
}

/* Reads, again where the machine was too busy for the answer: silence is no wrong answer. */
static int read_patiently(struct rig *r, struct scale_reading *ret)
{
    int err = -ETIMEDOUT;
    for (int tries = 0; err == -ETIMEDOUT && tries < TRIES; tries++)
        err = scale_read(r->scale, ret);
    return err;
}

/* Reads until it gives `want`; a scale that is asked must give it at once. */
static void expect_result(struct rig *r, int want, struct scale_reading *ret)
{
    int reads = r->bench->wire == ASCII && !r->bench->answers ? READS_MAX : 1;
    int got = want - 1;
    while (got != want && reads-- > 0)
        got = want == -ETIMEDOUT ? scale_read(r->scale, ret) : read_patiently(r, ret);
    assert_int_equal(got, want);
}

/* The same for a weight. */
static struct scale_reading expect_weight(struct rig *r, int64_t want_g)
{
    int reads = r->bench->wire == ASCII && !r->bench->answers ? READS_MAX : 1;
    struct scale_reading reading = {0};
    int64_t got_g = want_g - 1;
    while (got_g != want_g && reads-- > 0) {
        assert_int_equal(read_patiently(r, &reading), 0);
        assert_int_equal(scale_reading_grams(&reading, &got_g), 0);
    }
    assert_int_equal(got_g, want_g);
    return reading;
}

static void a_weight_arrives_with_its_digits(void **state)
{
    struct rig *r = set_up(state);
    struct scale_reading reading = expect_weight(r, 12340);
    char value[DECIMAL_TEXT_SIZE];
    assert_string_equal(scale_reading_value(&reading, value), "12.340");
    assert_string_equal(scale_unit_name(reading.unit), "kg");
    assert_int_equal(reading.status, r->bench->tells_motion ? SCALE_STABLE : SCALE_UNKNOWN);
    assert_true(reading.at_mono_ms > 0);
    assert_true(reading.raw_len > 0 || r->bench->wire == FAKE);
    say(r, "put -70");
    expect_weight(r, -70);
    tear_down(r);
}

static void motion_is_told_where_the_wire_tells_it(void **state)
{
    struct rig *r = set_up(state);
    if (r->bench->tells_motion) {
        say(r, "put 500");
        say(r, "motion");
        assert_int_equal(expect_weight(r, 500).status, SCALE_MOTION);
    }
    tear_down(r);
}

static void an_overload_is_no_weight(void **state)
{
    struct rig *r = set_up(state);
    if (r->bench->tells_overload) {
        struct scale_reading reading = {.counts = 4711};
        expect_weight(r, 12340);
        say(r, "overload");
        int reads = READS_MAX; /* the reading is kept apart: a stream may still hold good frames */
        int err = 0;
        while (err == 0 && reads-- > 0) {
            struct scale_reading other = {0};
            err = read_patiently(r, &other);
        }
        assert_int_equal(err, -ERANGE);
        assert_int_equal(read_patiently(r, &reading), -ERANGE);
        assert_int_equal(reading.counts, 4711);
        assert_int_equal(scale_last_status(r->scale), SCALE_OVERLOAD);
    }
    tear_down(r);
}

static void a_weight_beyond_capacity_is_refused(void **state)
{
    struct rig *r = set_up(state);
    struct scale_reading reading = {0};
    say(r, "put 150001");
    expect_result(r, -ERANGE, &reading);
    say(r, "put 150000");
    if (r->bench->wire == ASCII && !r->bench->answers)
        expect_result(r, 0, &reading);
    expect_weight(r, 150000);
    tear_down(r);
}

static int64_t grams_of(const struct scale_reading *reading)
{
    int64_t grams = 0;
    assert_int_equal(scale_reading_grams(reading, &grams), 0);
    return grams;
}

/* Asks for 77 g, answered too late. False when the machine was so busy that the timeout itself came
 * later than the answer. */
static bool times_out(struct rig *r)
{
    struct scale_reading reading = {0};
    say(r, "put 77");
    say(r, LATE);
    int err = scale_read(r->scale, &reading);
    if (err == 0)
        assert_int_equal(grams_of(&reading), 77);
    else
        assert_int_equal(err, -ETIMEDOUT);
    return err < 0;
}

static void a_late_answer_is_never_taken_for_the_current_one(void **state)
{
    struct rig *r = set_up(state);
    int late = 0;
    for (int g = 1000; r->bench->answers && late < LATE_ROUNDS; g++) {
        assert_true(g < 1000 + LATE_TRIES);
        late += times_out(r);
        char line[32];
        snprintf(line, sizeof(line), "put %d", g);
        say(r, line);
        say(r, "clear");
        struct scale_reading reading = {0};
        assert_int_equal(read_patiently(r, &reading), 0);
        assert_int_equal(grams_of(&reading), g);
    }
    tear_down(r);
}

static void a_garbled_answer_is_dropped_and_the_next_is_good(void **state)
{
    struct rig *r = set_up(state);
    struct scale_reading reading = {0};
    say(r, "garble");
    expect_result(r, -EBADMSG, &reading);
    say(r, "clear");
    expect_result(r, 0, &reading);
    expect_weight(r, 12340);
    tear_down(r);
}

static void silence_times_out(void **state)
{
    struct rig *r = set_up(state);
    struct scale_reading reading = {0};
    say(r, "silent");
    expect_result(r, -ETIMEDOUT, &reading);
    say(r, "clear");
    expect_weight(r, 12340);
    tear_down(r);
}

static void a_pulled_plug_is_a_lost_link_until_it_is_opened_again(void **state)
{
    struct rig *r = set_up(state);
    struct scale_reading reading = {0};
    expect_weight(r, 12340);
    say(r, "unplug");
    expect_result(r, -EIO, &reading);
    assert_int_equal(scale_read(r->scale, &reading), -EIO);
    scale_free(r->scale);
    r->scale = NULL;
    say(r, "plug");
    say(r, "put 500");
    assert_int_equal(open_scale(r), 0);
    expect_weight(r, 500);
    tear_down(r);
}

static void a_tare_is_taken_or_not_supported(void **state)
{
    struct rig *r = set_up(state);
    if (r->bench->tares) {
        assert_int_equal(scale_tare(r->scale), 0);
        struct scale_reading reading = expect_weight(r, 0);
        assert_true(reading.kind == SCALE_NET || r->bench->protocol == SCALE_MTSICS);
        say(r, "put 12840");
        expect_weight(r, 500);
    } else {
        assert_int_equal(scale_tare(r->scale), -ENOTSUP);
    }
    tear_down(r);
}

static void a_zero_is_set_or_not_supported(void **state)
{
    struct rig *r = set_up(state);
    if (r->bench->zeroes) {
        say(r, "put 12");
        assert_int_equal(scale_zero(r->scale), 0);
        expect_weight(r, 0);
    } else {
        assert_int_equal(scale_zero(r->scale), -ENOTSUP);
    }
    tear_down(r);
}

static const struct CMUnitTest promises[] = {
    cmocka_unit_test(a_weight_arrives_with_its_digits),
    cmocka_unit_test(motion_is_told_where_the_wire_tells_it),
    cmocka_unit_test(an_overload_is_no_weight),
    cmocka_unit_test(a_weight_beyond_capacity_is_refused),
    cmocka_unit_test(a_late_answer_is_never_taken_for_the_current_one),
    cmocka_unit_test(a_garbled_answer_is_dropped_and_the_next_is_good),
    cmocka_unit_test(silence_times_out),
    cmocka_unit_test(a_pulled_plug_is_a_lost_link_until_it_is_opened_again),
    cmocka_unit_test(a_tare_is_taken_or_not_supported),
    cmocka_unit_test(a_zero_is_set_or_not_supported),
};

int main(void)
{
    return promises_keep("scale", benches, ARRAY_LEN(benches), sizeof(benches[0]), promises,
                         ARRAY_LEN(promises));
}
