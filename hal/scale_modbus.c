/* SPDX-License-Identifier: Apache-2.0 */
#include "scale_modbus.h"

#include <assert.h>
#include <errno.h>
#include <modbus.h>
#include <stdlib.h>

#include "clock.h"
#include "scale_driver.h"

#define EFFECT_READS 10 /* after a command, how often to look for its effect */
#define EFFECT_EVERY_MS 50

struct scale_modbus {
    struct scale base;
    modbus_t *bus;
    const struct scale_register_profile *profile;
    struct scale_register_conf registers;
    int address;
    int32_t timeout_ms;
    int64_t quiet_until_ms; /* after an error: a late answer may come until then; 0: none */
};

static void scale_modbus_free(struct scale_modbus *m) /* takes a half-made object too */
{
    if (!m)
        return;
    if (m->bus)
        modbus_close(m->bus);
    modbus_free(m->bus);
    free(m);
}
DEFINE_AUTO(scale_modbus);

/* Set errno = 0 before each call: libmodbus reports in errno, adds codes of its own far above it,
 * and leaves errno alone on some paths. */
static int wire_err(void)
{
    switch (errno) {
    case ETIMEDOUT:
        return -ETIMEDOUT;
    case EMBBADCRC:
    case EMBBADDATA:
    case EMBBADEXC:
    case EMBUNKEXC:
    case EMBMDATA:
    case EMBBADSLAVE:
        return -EBADMSG;
    case EMBXSBUSY:
    case EMBXACK:
        return -EBUSY;
    default: /* other exceptions mean the wrong device or map; all else a dead link */
        return errno > MODBUS_ENOBASE ? -EPROTO : -EIO;
    }
}

static int open_err(void)
{
    return errno > 0 && errno < MODBUS_ENOBASE ? -errno : -EIO;
}

/* RTU has no transaction number: a late answer to an earlier request looks like a good answer to
 * this one. So after any error the line is left to itself for a timeout and then emptied. */
static void let_late_answers_pass(struct scale_modbus *m)
{
    if (m->quiet_until_ms == 0)
        return;
    clock_sleep_until(m->quiet_until_ms);
    m->quiet_until_ms = 0;
    modbus_flush(m->bus);
}

static int failed(struct scale_modbus *m)
{
    int err = wire_err();
    m->quiet_until_ms = clock_steady_ms() + m->timeout_ms;
    return err;
}

/* One request for state and weight, so that both belong to one instant. */
static int read_registers(struct scale_modbus *m, struct scale_registers *ret,
                          uint16_t values[SCALE_REGISTERS_MAX])
{
    const struct scale_register_profile *p = m->profile;
    let_late_answers_pass(m);
    errno = 0;
    int got = p->function == 4 ? modbus_read_input_registers(m->bus, m->address, p->count, values)
                               : modbus_read_registers(m->bus, m->address, p->count, values);
    if (got < 0)
        return failed(m);
    if (got != p->count)
        return -EBADMSG;
    return scale_registers_decode(p, &m->registers, values, ret);
}

static int modbus_scale_read(struct scale *s, struct scale_reading *ret)
{
    struct scale_modbus *m = (struct scale_modbus *)s;
    struct scale_registers r;
    uint16_t values[SCALE_REGISTERS_MAX];
    int err = read_registers(m, &r, values);
    if (err < 0)
        return err;
    *ret = scale_registers_reading(&r, &m->registers);
    uint8_t raw[2 * SCALE_REGISTERS_MAX];
    for (size_t i = 0; i < m->profile->count; i++) {
        raw[2 * i] = (uint8_t)(values[i] >> 8);
        raw[2 * i + 1] = (uint8_t)(values[i] & 0xff);
    }
    scale_reading_set_raw(ret, raw, 2 * (size_t)m->profile->count);
    return 0;
}

static int tared(const struct scale_registers *r)
{
    return r->shown == SCALE_NET && r->net_counts == 0;
}

static int zeroed(const struct scale_registers *r)
{
    return r->gross_counts == 0;
}

/* Writes once and reads the effect back; a command is never repeated, its answer may have been lost
 * on the way. */
static int command(struct scale_modbus *m, const struct scale_register_command *c,
                   int (*done)(const struct scale_registers *r))
{
    if (c->function == 0)
        return -ENOTSUP;
    let_late_answers_pass(m);
    errno = 0;
    if (modbus_write_registers(m->bus, c->address, 1, &c->value) < 0)
        return failed(m);
    for (int i = 0; i < EFFECT_READS; i++) {
        struct scale_registers r;
        uint16_t values[SCALE_REGISTERS_MAX];
        int err = read_registers(m, &r, values);
        if (err < 0)
            return err;
        if (done(&r))
            return 0;
        clock_sleep_until(clock_steady_ms() + EFFECT_EVERY_MS);
    }
    return -EBUSY;
}

static int modbus_scale_tare(struct scale *s)
{
    struct scale_modbus *m = (struct scale_modbus *)s;
    return command(m, &m->profile->tare, tared);
}

static int modbus_scale_zero(struct scale *s)
{
    struct scale_modbus *m = (struct scale_modbus *)s;
    return command(m, &m->profile->zero, zeroed);
}

static void modbus_scale_free(struct scale *s)
{
    scale_modbus_free((struct scale_modbus *)s);
}

static const struct scale_ops modbus_ops = {.read = modbus_scale_read,
                                            .tare = modbus_scale_tare,
                                            .zero = modbus_scale_zero,
                                            .free = modbus_scale_free};

/* Both timeouts: with the response timeout alone, stray bytes before an answer cost the preset
 * byte timeout of half a second. */
static int set_timeouts(modbus_t *bus, int32_t timeout_ms)
{
    uint32_t seconds = (uint32_t)timeout_ms / 1000;
    uint32_t micros = (uint32_t)timeout_ms % 1000 * 1000;
    return modbus_set_response_timeout(bus, seconds, micros) < 0 ||
                   modbus_set_byte_timeout(bus, seconds, micros) < 0
               ? -1
               : 0;
}

int scale_modbus_open(const struct scale_modbus_conf *conf, struct scale **ret)
{
    assert(conf && conf->profile && conf->timeout_ms > 0 && (conf->device || conf->host) && ret);
    assert(conf->profile->count <= SCALE_REGISTERS_MAX);

    AUTO(scale_modbus) m = calloc(1, sizeof(*m));
    if (!m)
        return -ENOMEM;
    m->base = (struct scale){
        .ops = &modbus_ops, .capacity_g = conf->capacity_g, .last_status = SCALE_NOT_READY};
    m->profile = conf->profile;
    m->registers = conf->registers;
    m->address = conf->address < 0 ? conf->profile->address : conf->address;
    m->timeout_ms = conf->timeout_ms;

    errno = 0;
    m->bus = conf->device ? modbus_new_rtu(conf->device, conf->baud, conf->parity, 8, 1)
                          : modbus_new_tcp(conf->host, conf->port);
    if (!m->bus)
        return open_err();
    if (modbus_set_slave(m->bus, conf->unit_id) < 0 || set_timeouts(m->bus, conf->timeout_ms) < 0 ||
        modbus_connect(m->bus) < 0)
        return open_err();
    modbus_flush(m->bus); /* what lies in the line from before is no answer to us */

    *ret = &TAKE(m)->base;
    return 0;
}
