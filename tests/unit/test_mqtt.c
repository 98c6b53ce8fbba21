/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "attr.h"
#include "authority.h"
#include "broker.h"
#include "mqtt.h"
#include "scratch.h"

#define WAIT_MS 30000 /* for what must happen, on a busy machine */
#define DAY_MS INT64_C(86400000)
#define MADE_MS INT64_C(1800000000000) /* January 2027: when the certificates begin */

static const char *const all[] = {"t/#", NULL};

static struct mqtt_conf plain(const char *name, const char *const *brokers)
{
    return (struct mqtt_conf){.name = name,
                              .brokers = brokers,
                              .filters = all,
                              .keepalive_s = 60,
                              .inflight = 8,
                              .receiving = 16,
                              .seed = 1};
}

static struct mqtt *begin(const struct mqtt_conf *conf)
{
    struct diag why = {0};
    struct mqtt *m = NULL;
    assert_int_equal(mqtt_open(conf, &why, &m), 0);
    return m;
}

/* The next event of that kind; others are passed over. */
static struct mqtt_event await(struct mqtt *m, enum mqtt_event_kind kind)
{
    struct mqtt_event event = {.kind = MQTT_UP};
    for (;;) {
        if (mqtt_take(m, &event) == 1) {
            if (event.kind == kind)
                return event;
            if (event.kind == MQTT_MESSAGE)
                free(event.bytes);
            continue;
        }
        struct pollfd fd = {mqtt_fd(m), POLLIN, 0};
        if (poll(&fd, 1, WAIT_MS) != 1)
            fail_msg("event %d did not come in %d ms", (int)kind, WAIT_MS);
    }
}

static void skip_without_broker(void)
{
    if (broker_available())
        return;
    print_message("mosquitto is not installed\n");
    skip();
}

/* A broker of its own, and how it is named to clients. */
struct place {
    struct scratch scratch;
    struct broker broker;
    const char *brokers[2];
};

static void place_open(struct place *p, const char *more)
{
    skip_without_broker();
    *p = (struct place){.scratch = scratch_new()};
    p->broker = (struct broker){.scratch = &p->scratch, .more = more};
    broker_start(&p->broker);
    p->brokers[0] = p->broker.address;
}

static void place_close(struct place *p)
{
    broker_kill(&p->broker);
    scratch_remove(&p->scratch);
}

static void messages_arrive_whole_and_in_order(void **state)
{
    (void)state;
    struct place place;
    place_open(&place, NULL);
    struct mqtt_conf conf = plain("a", place.brokers);
    AUTO(mqtt) a = begin(&conf);
    conf.name = "b";
    conf.filters = NULL;
    AUTO(mqtt) b = begin(&conf);
    await(a, MQTT_UP);
    await(b, MQTT_UP);
    static uint8_t big[MQTT_PAYLOAD_MAX];
    for (size_t i = 0; i < sizeof(big); i++)
        big[i] = (uint8_t)(i * 31);
    for (uint64_t i = 1; i <= 40; i++) {
        size_t len = i == 20 ? sizeof(big) : (size_t)i;
        assert_int_equal(mqtt_publish(b, "t/x", big, len, false, i), 0);
        struct mqtt_event done = await(b, MQTT_PUBLISHED);
        assert_true(done.token == i);
        assert_int_equal(done.err, 0);
    }
    for (size_t i = 1; i <= 40; i++) {
        struct mqtt_event got = await(a, MQTT_MESSAGE);
        assert_string_equal(got.topic, "t/x");
        assert_int_equal(got.len, i == 20 ? sizeof(big) : i);
        assert_memory_equal(got.bytes, big, got.len);
        assert_false(got.retained);
        free(got.bytes);
    }
    assert_int_equal(mqtt_publish(b, "t/x", big, sizeof(big) + 1, false, 1), -EMSGSIZE);
    mqtt_free(TAKE(a));
    mqtt_free(TAKE(b));
    place_close(&place);
}

/* Nothing is lost where the caller does not come: the broker is made to wait. */
static void a_caller_that_takes_nothing_holds_the_rest_back(void **state)
{
    (void)state;
    struct place place;
    place_open(&place, "allow_anonymous true\nmax_queued_messages 0\n");
    struct mqtt_conf conf = plain("a", place.brokers);
    conf.receiving = 4;
    AUTO(mqtt) a = begin(&conf);
    conf.name = "b";
    conf.filters = NULL;
    AUTO(mqtt) b = begin(&conf);
    await(a, MQTT_UP);
    await(b, MQTT_UP);
    const uint32_t count = 3000;
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(mqtt_publish(b, "t/x", &i, sizeof(i), false, i), 0);
        assert_int_equal(await(b, MQTT_PUBLISHED).err, 0);
    }
    for (uint32_t i = 0; i < count; i++) {
        struct mqtt_event got = await(a, MQTT_MESSAGE);
        uint32_t number = UINT32_MAX;
        memcpy(&number, got.bytes, sizeof(number));
        free(got.bytes);
        assert_int_equal(number, i);
    }
    assert_true(mqtt_dropped(a) == 0);
    mqtt_free(TAKE(a));
    mqtt_free(TAKE(b));
    place_close(&place);
}

static void more_than_was_agreed_is_not_under_way(void **state)
{
    (void)state;
    const char *const brokers[] = {"127.0.0.1:1", NULL};
    struct mqtt_conf conf = plain("a", brokers);
    AUTO(mqtt) m = begin(&conf);
    for (uint64_t i = 0; i < 8; i++)
        assert_int_equal(mqtt_publish(m, "t/x", "x", 1, false, i), 0);
    assert_int_equal(mqtt_publish(m, "t/x", "x", 1, false, 8), -EAGAIN);
    for (uint64_t i = 0; i < 8; i++) { /* without a connection each fails by itself */
        struct mqtt_event done = await(m, MQTT_PUBLISHED);
        assert_true(done.token == i);
        assert_int_equal(done.err, -ENOTCONN);
    }
    assert_int_equal(mqtt_publish(m, "t/x", "x", 1, false, 9), 0);
}

static void the_next_broker_is_tried_when_one_is_down_and_a_killed_one_is_come_back_to(void **state)
{
    (void)state;
    struct place place;
    place_open(&place, NULL);
    char dead[32];
    snprintf(dead, sizeof(dead), "127.0.0.1:%d", broker_free_port());
    const char *const brokers[] = {dead, place.broker.address, NULL};
    struct mqtt_conf conf = plain("a", brokers);
    AUTO(mqtt) m = begin(&conf);
    struct mqtt_event down = await(m, MQTT_DOWN);
    assert_int_equal(down.err, -ECONNREFUSED);
    assert_int_equal(down.broker, 0);
    assert_true(down.words[0]);
    assert_int_equal(await(m, MQTT_UP).broker, 1);
    broker_kill(&place.broker);
    assert_int_equal(await(m, MQTT_DOWN).broker, 1);
    broker_start(&place.broker);
    assert_int_equal(await(m, MQTT_UP).broker, 1);
    mqtt_renew(m);
    assert_int_equal(await(m, MQTT_DOWN).err, 0);
    assert_int_equal(await(m, MQTT_UP).broker, 1);
    mqtt_free(TAKE(m));
    place_close(&place);
}

static void birth_and_will_stand_for_presence(void **state)
{
    (void)state;
    struct place place;
    place_open(&place, NULL);
    struct mqtt_conf conf = plain("a", place.brokers);
    static const char *const presence[] = {"p/+", NULL};
    conf.filters = presence;
    AUTO(mqtt) watcher = begin(&conf);
    await(watcher, MQTT_UP);
    conf = plain("b", place.brokers);
    conf.presence = "p/b";
    conf.birth = "online";
    conf.will = "offline";
    AUTO(mqtt) b = begin(&conf);
    struct mqtt_event got = await(watcher, MQTT_MESSAGE);
    assert_string_equal(got.topic, "p/b");
    assert_string_equal((char *)got.bytes, "online");
    free(got.bytes);
    mqtt_free(TAKE(b)); /* it leaves in order: its will is said all the same */
    got = await(watcher, MQTT_MESSAGE);
    assert_string_equal((char *)got.bytes, "offline");
    free(got.bytes);
    mqtt_free(TAKE(watcher));
    place_close(&place);
}

static void a_second_one_of_the_same_name_is_noticed(void **state)
{
    (void)state;
    struct place place;
    place_open(&place, NULL);
    struct mqtt_conf conf = plain("twin", place.brokers);
    AUTO(mqtt) a = begin(&conf);
    await(a, MQTT_UP);
    AUTO(mqtt) b = begin(&conf);
    await(b, MQTT_UP);
    struct mqtt_event down = await(a, MQTT_DOWN);
    assert_true(down.err == -EEXIST || down.err == -EIO); /* mosquitto does not always say why */
    mqtt_free(TAKE(a));
    mqtt_free(TAKE(b));
    place_close(&place);
}

/* --- TLS */

static void make_identity(struct scratch *s, const struct key *ca_key, const char *ca,
                          enum authority_role role, const char *name)
{
    AUTO(key) key = NULL;
    char file[64];
    snprintf(file, sizeof(file), "%s.key", name);
    assert_int_equal(key_open(scratch_path(s, file), &key), 1);
    char request[CERTIFICATE_REQUEST_SIZE];
    char pem[CERTIFICATE_PEM_SIZE];
    assert_int_equal(certificate_request(key, name, request), 0);
    const struct authority_order order = {.role = role,
                                          .name = name,
                                          .request = request,
                                          .from_ms = MADE_MS,
                                          .to_ms = MADE_MS + 90 * DAY_MS,
                                          .hosts = {"127.0.0.1"},
                                          .hosts_count = role == AUTHORITY_SERVER};
    assert_int_equal(authority_issue(ca_key, ca, &order, pem), 0);
    snprintf(file, sizeof(file), "%s.pem", name);
    scratch_write(s, file, pem);
}

static void certificates_are_checked_at_the_time_that_is_told(void **state)
{
    (void)state;
    skip_without_broker();
    struct scratch scratch = scratch_new();
    AUTO(key) ca_key = NULL;
    char ca[CERTIFICATE_PEM_SIZE];
    assert_int_equal(key_open(scratch_path(&scratch, "ca.key"), &ca_key), 1);
    assert_int_equal(
        authority_root(ca_key, "root", MADE_MS - 3650 * DAY_MS, MADE_MS + 3650 * DAY_MS, ca), 0);
    scratch_write(&scratch, "ca.pem", ca);
    make_identity(&scratch, ca_key, ca, AUTHORITY_SERVER, "broker");
    make_identity(&scratch, ca_key, ca, AUTHORITY_DEVICE, "acme.wh-1");
    char more[1024]; /* the broker itself asks for no certificate: its own clock is the machine's */
    snprintf(more, sizeof(more),
             "cafile %s/ca.pem\ncertfile %s/broker.pem\nkeyfile %s/broker.key\n"
             "allow_anonymous true\n",
             scratch.folder, scratch.folder, scratch.folder);
    struct broker broker = {.scratch = &scratch, .more = more};
    broker_start(&broker);
    const char *const brokers[] = {broker.address, NULL};
    char files[3][128];
    struct mqtt_conf conf = plain("acme.wh-1", brokers);
    snprintf(files[0], sizeof(files[0]), "%s/ca.pem", scratch.folder);
    snprintf(files[1], sizeof(files[1]), "%s/acme.wh-1.pem", scratch.folder);
    snprintf(files[2], sizeof(files[2]), "%s/acme.wh-1.key", scratch.folder);
    conf.ca = files[0];
    conf.certificate = files[1];
    conf.key = files[2];
    struct timespec mono;
    clock_gettime(CLOCK_MONOTONIC, &mono);
    int64_t mono_ms = (int64_t)mono.tv_sec * 1000;
    conf.clock_known = true;
    conf.clock_offset_ms = MADE_MS + 10 * DAY_MS - mono_ms;
    AUTO(mqtt) m = begin(&conf);
    await(m, MQTT_UP);
    mqtt_clock(m, MADE_MS + 91 * DAY_MS - mono_ms, false); /* the broker's has run out by then */
    mqtt_renew(m);
    assert_int_equal(await(m, MQTT_DOWN).err, 0); /* the renewal itself */
    assert_int_equal(await(m, MQTT_DOWN).err, -EKEYREJECTED);
    mqtt_clock(m, 0, true); /* a clock that is not believed leaves the dates out */
    mqtt_renew(m);
    await(m, MQTT_UP);
    mqtt_free(TAKE(m));

    scratch_write(&scratch, "other.pem", ca); /* another root: made now */
    AUTO(key) other = NULL;
    assert_int_equal(key_open(scratch_path(&scratch, "other.key"), &other), 1);
    assert_int_equal(authority_root(other, "root", MADE_MS - DAY_MS, MADE_MS + DAY_MS, ca), 0);
    scratch_write(&scratch, "other.pem", ca);
    snprintf(files[0], sizeof(files[0]), "%s/other.pem", scratch.folder);
    conf.doubtful = true;
    AUTO(mqtt) stranger = begin(&conf);
    assert_int_equal(await(stranger, MQTT_DOWN).err, -EKEYREJECTED);
    mqtt_free(TAKE(stranger));
    broker_kill(&broker);

    AUTO(mqtt) alone = begin(&conf); /* with TLS too it is noticed at once that nobody is there */
    assert_int_equal(await(alone, MQTT_DOWN).err, -ECONNREFUSED);
    mqtt_free(TAKE(alone));
    scratch_remove(&scratch);
}

static void a_configuration_that_makes_no_sense_is_refused(void **state)
{
    (void)state;
    static const char *const none[] = {NULL};
    static const char *const no_port[] = {"host", NULL};
    static const char *const good[] = {"host:1883", NULL};
    struct diag why = {0};
    struct mqtt *m = NULL;
    struct mqtt_conf conf = plain("a", none);
    assert_int_equal(mqtt_open(&conf, &why, &m), -EINVAL);
    conf = plain("a", no_port);
    assert_int_equal(mqtt_open(&conf, &why, &m), -EINVAL);
    conf = plain("a", good);
    conf.ca = "ca.pem"; /* without a certificate of ours */
    assert_int_equal(mqtt_open(&conf, &why, &m), -EINVAL);
    conf = plain("a", good);
    conf.inflight = 0;
    assert_int_equal(mqtt_open(&conf, &why, &m), -EINVAL);
    assert_true(why.text[0]);
    assert_null(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_arrive_whole_and_in_order),
        cmocka_unit_test(a_caller_that_takes_nothing_holds_the_rest_back),
        cmocka_unit_test(more_than_was_agreed_is_not_under_way),
        cmocka_unit_test(
            the_next_broker_is_tried_when_one_is_down_and_a_killed_one_is_come_back_to),
        cmocka_unit_test(birth_and_will_stand_for_presence),
        cmocka_unit_test(a_second_one_of_the_same_name_is_noticed),
        cmocka_unit_test(certificates_are_checked_at_the_time_that_is_told),
        cmocka_unit_test(a_configuration_that_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests_name("mqtt", tests, NULL, NULL);
}
