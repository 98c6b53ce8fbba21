/* SPDX-License-Identifier: Apache-2.0 */
#include "scale_sim.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "clock.h"
#include "modbus_frame.h"
#include "scale_encode.h"
#include "scale_slave.h"
#include "sim_line.h"

#define ANSWERS_MAX 16
#define DECIMALS 3 /* it shows kilograms with three places: counts are grams */
#define MBAP_LEN 7

/* An answer that waits for its time: what it says was fixed when it was asked for. */
struct answer {
    int64_t due_ms;
    size_t len;
    uint8_t bytes[MODBUS_FRAME_MAX + MBAP_LEN];
};

struct scale_sim {
    const struct scale_sim_conf *conf;
    struct scale_load load;
    struct scale_slave slave;
    int64_t late_ms;
    int garbling;
    int silent;

    int listener; /* TCP */
    int port;
    int device; /* pty master, or the connection */
    int peer;   /* pty slave, kept open so that a client's close is no hang-up */
    uint8_t in[MODBUS_FRAME_MAX + MBAP_LEN];
    size_t in_len;
    struct answer answers[ANSWERS_MAX]; /* in the order of their time */
    size_t answer_count;
    int64_t next_frame_ms;
};

static struct scale_reading reading_of(const struct scale_sim *s)
{
    return (struct scale_reading){.counts = scale_load_net(&s->load),
                                  .decimals = DECIMALS,
                                  .unit = SCALE_UNIT_KG,
                                  .kind = s->load.tared ? SCALE_NET : SCALE_GROSS,
                                  .status = s->load.status};
}

static void queue_answer(struct scale_sim *s, const uint8_t *bytes, size_t len)
{
    if (s->silent || s->answer_count == ANSWERS_MAX)
        return;
    struct answer *a = &s->answers[s->answer_count++];
    a->due_ms = clock_steady_ms() + s->late_ms;
    a->len = len;
    memcpy(a->bytes, bytes, len);
    if (s->garbling)
        a->bytes[len / 2] = a->bytes[len / 2] == '?' ? '!' : '?';
}

static void send_due(struct scale_sim *s)
{
    while (s->answer_count > 0 && s->answers[0].due_ms <= clock_steady_ms()) {
        /* A full pty drops, as a line without a reader does. */
        if (s->device >= 0 && write(s->device, s->answers[0].bytes, s->answers[0].len) < 0)
            tcflush(s->device, TCOFLUSH);
        s->answer_count--;
        memmove(s->answers, s->answers + 1, s->answer_count * sizeof(s->answers[0]));
    }
}

/* --- Modbus */

static void serve_rtu(struct scale_sim *s)
{
    size_t len = scale_slave_request_len(s->in, s->in_len);
    if (len == 0 || s->in_len < len + 2)
        return;
    uint8_t out[MODBUS_FRAME_MAX];
    if (s->in_len == len + 2 && modbus_frame_crc(s->in, s->in_len) == 0)
        queue_answer(s, out, modbus_frame_seal(out, scale_slave_serve(&s->slave, s->in, out)));
    s->in_len = 0;
}

static void serve_tcp(struct scale_sim *s)
{
    while (s->in_len > MBAP_LEN) {
        size_t total = 6 + ((size_t)s->in[4] << 8 | s->in[5]);
        if (total > sizeof(s->in) || total < MBAP_LEN + 5) {
            s->in_len = 0;
            return;
        }
        if (s->in_len < total)
            return;
        uint8_t out[MODBUS_FRAME_MAX + MBAP_LEN];
        memcpy(out, s->in, 4);
        size_t len = scale_slave_serve(&s->slave, s->in + 6, out + 6);
        out[4] = (uint8_t)(len >> 8);
        out[5] = (uint8_t)(len & 0xff);
        if (s->garbling)
            out[0] ^= 0x40; /* TCP has no check of the payload: spoil the transaction number */
        int garbling = s->garbling;
        s->garbling = 0;
        queue_answer(s, out, len + 6);
        s->garbling = garbling;
        s->in_len -= total;
        memmove(s->in, s->in + total, s->in_len);
    }
}

/* --- MT-SICS and streams */

static void queue_reading(struct scale_sim *s)
{
    uint8_t frame[SCALE_FRAME_MAX];
    struct scale_reading r = reading_of(s);
    int len = scale_encode(s->conf->protocol, &r, frame);
    if (len > 0)
        queue_answer(s, frame, (size_t)len);
}

static void queue_text(struct scale_sim *s, const char *text)
{
    queue_answer(s, (const uint8_t *)text, strlen(text));
}

static void serve_command(struct scale_sim *s, const char *line)
{
    if (strcmp(line, "SI") == 0 || strcmp(line, "S") == 0) {
        queue_reading(s);
    } else if (strcmp(line, "T") == 0) {
        struct scale_reading r = reading_of(s);
        char text[SIM_LINE_MAX];
        char value[DECIMAL_TEXT_SIZE];
        s->load.tare_g = scale_load_gross(&s->load);
        s->load.tared = 1;
        snprintf(text, sizeof(text), "T S %10s kg\r\n", scale_reading_value(&r, value));
        queue_text(s, text);
    } else if (strcmp(line, "Z") == 0) {
        s->load.zero_g = s->load.load_g;
        queue_text(s, "Z A\r\n");
    } else if (strcmp(line, "TAC") == 0) {
        s->load.tared = 0;
        queue_text(s, "TAC A\r\n");
    } else {
        queue_text(s, "ES\r\n");
    }
}

static void serve_ascii(struct scale_sim *s)
{
    uint8_t *end = memchr(s->in, '\n', s->in_len);
    while (end) {
        size_t len = (size_t)(end - s->in) + 1;
        char line[sizeof(s->in) + 1];
        memcpy(line, s->in, len);
        line[len >= 2 && line[len - 2] == '\r' ? len - 2 : len - 1] = '\0';
        s->in_len -= len;
        memmove(s->in, s->in + len, s->in_len);
        if (!scale_protocol_continuous(s->conf->protocol))
            serve_command(s, line);
        end = memchr(s->in, '\n', s->in_len);
    }
}

/* --- the wire */

static int open_pty(struct scale_sim *s)
{
    s->device = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    char name[64];
    if (s->device < 0 || grantpt(s->device) < 0 || unlockpt(s->device) < 0 ||
        ptsname_r(s->device, name, sizeof(name)) != 0)
        return -errno;
    s->peer = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    struct termios t;
    if (s->peer < 0 || tcgetattr(s->peer, &t) < 0)
        return -errno;
    cfmakeraw(&t); /* no echo, before anybody opens it */
    if (tcsetattr(s->peer, TCSANOW, &t) < 0)
        return -errno;
    unlink(s->conf->path);
    return symlink(name, s->conf->path) < 0 ? -errno : 0;
}

static int open_listener(struct scale_sim *s)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)s->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(at);
    int on = 1;
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s->listener < 0 || setsockopt(s->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
        bind(s->listener, (struct sockaddr *)&at, sizeof(at)) < 0 || listen(s->listener, 4) < 0 ||
        getsockname(s->listener, (struct sockaddr *)&at, &len) < 0)
        return -errno;
    s->port = ntohs(at.sin_port);
    return 0;
}

static int plug(struct scale_sim *s)
{
    return s->conf->wire == SCALE_SIM_TCP ? open_listener(s) : open_pty(s);
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void unplug(struct scale_sim *s)
{
    if (s->conf->wire != SCALE_SIM_TCP && s->device >= 0)
        unlink(s->conf->path);
    close_fd(&s->device);
    close_fd(&s->peer);
    close_fd(&s->listener);
    s->in_len = 0;
    s->answer_count = 0;
}

static void read_device(struct scale_sim *s)
{
    ssize_t n = read(s->device, s->in + s->in_len, sizeof(s->in) - s->in_len);
    if (n <= 0) {
        if (s->conf->wire == SCALE_SIM_TCP && (n == 0 || errno != EAGAIN)) {
            close_fd(&s->device);
            s->in_len = 0;
            s->answer_count = 0;
        }
        return;
    }
    s->in_len += (size_t)n;
    if (s->conf->wire == SCALE_SIM_RTU)
        serve_rtu(s);
    else if (s->conf->wire == SCALE_SIM_TCP)
        serve_tcp(s);
    else
        serve_ascii(s);
    if (s->in_len == sizeof(s->in))
        s->in_len = 0; /* nothing that we speak is so long */
}

static void accept_client(struct scale_sim *s)
{
    int fd = accept4(s->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
        return;
    close_fd(&s->device);
    s->device = fd;
    s->in_len = 0;
    s->answer_count = 0;
}

/* --- commands */

static void set_status(struct scale_sim *s, int64_t status)
{
    s->load.status = (enum scale_status)status;
}

static void do_put(struct scale_sim *s, int64_t grams)
{
    s->load.load_g = grams;
    s->load.status = SCALE_STABLE;
}

static void do_zero(struct scale_sim *s, int64_t arg)
{
    (void)arg;
    s->load.zero_g = s->load.load_g;
}

static void do_tare(struct scale_sim *s, int64_t on)
{
    s->load.tared = (int)on;
    s->load.tare_g = scale_load_gross(&s->load);
}

static void do_late(struct scale_sim *s, int64_t ms)
{
    s->late_ms = ms;
}

static void do_garble(struct scale_sim *s, int64_t arg)
{
    (void)arg;
    s->garbling = 1;
}

static void do_silent(struct scale_sim *s, int64_t arg)
{
    (void)arg;
    s->silent = 1;
}

static void do_clear(struct scale_sim *s, int64_t arg)
{
    (void)arg;
    s->late_ms = 0;
    s->garbling = 0;
    s->silent = 0;
}

static void do_unplug(struct scale_sim *s, int64_t arg)
{
    (void)arg;
    unplug(s);
}

static const struct {
    const char *name;
    void (*fn)(struct scale_sim *s, int64_t arg);
    int takes_number;
    int64_t arg; /* given when it takes none */
} commands[] = {
    {"put", do_put, 1, 0},
    {"stable", set_status, 0, SCALE_STABLE},
    {"motion", set_status, 0, SCALE_MOTION},
    {"overload", set_status, 0, SCALE_OVERLOAD},
    {"underload", set_status, 0, SCALE_UNDERLOAD},
    {"zero", do_zero, 0, 0},
    {"tare", do_tare, 0, 1},
    {"untare", do_tare, 0, 0},
    {"late", do_late, 1, 0},
    {"garble", do_garble, 0, 0},
    {"silent", do_silent, 0, 0},
    {"clear", do_clear, 0, 0},
    {"unplug", do_unplug, 0, 0},
};

static void on_line(void *context, const char *line, char answer[SIM_LINE_MAX])
{
    struct scale_sim *s = context;
    char name[16] = "";
    long long number = 0;
    int fields = sscanf(line, "%15s %lld", name, &number);
    snprintf(answer, SIM_LINE_MAX, "ok");
    if (strcmp(name, "plug") == 0) {
        unplug(s);
        int err = plug(s);
        if (err < 0)
            snprintf(answer, SIM_LINE_MAX, "error: %s", strerror(-err));
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        if (strcmp(commands[i].name, name) == 0 && fields == 1 + commands[i].takes_number) {
            commands[i].fn(s, commands[i].takes_number ? number : commands[i].arg);
            return;
        }
    }
    snprintf(answer, SIM_LINE_MAX, "error: not a command");
}

static int sends_itself(const struct scale_sim *s)
{
    return s->conf->wire == SCALE_SIM_ASCII && scale_protocol_continuous(s->conf->protocol);
}

static int wait_ms(const struct scale_sim *s)
{
    int64_t next = INT64_MAX;
    if (s->answer_count > 0)
        next = s->answers[0].due_ms;
    if (sends_itself(s) && s->next_frame_ms < next)
        next = s->next_frame_ms;
    if (next == INT64_MAX)
        return -1;
    int64_t left = next - clock_steady_ms();
    return left > 0 ? (int)left : 0;
}

static void play(struct scale_sim *s, int in_fd, int out_fd)
{
    struct sim_line lines = {.len = 0};
    int open = 1;
    while (open) {
        struct pollfd p[] = {{.fd = in_fd, .events = POLLIN},
                             {.fd = s->device, .events = POLLIN},
                             {.fd = s->listener, .events = POLLIN}};
        if (poll(p, ARRAY_LEN(p), wait_ms(s)) < 0)
            continue;
        if (p[1].revents)
            read_device(s);
        if (p[2].revents)
            accept_client(s);
        if (p[0].revents)
            open = sim_line_serve(&lines, in_fd, out_fd, on_line, s);
        if (sends_itself(s) && s->next_frame_ms <= clock_steady_ms()) {
            queue_reading(s);
            s->next_frame_ms = clock_steady_ms() + s->conf->period_ms;
        }
        send_due(s);
    }
}

int scale_sim_run(const void *conf, int in_fd, int out_fd)
{
    struct scale_sim s = {.conf = conf, .listener = -1, .device = -1, .peer = -1};
    s.port = s.conf->port;
    s.slave = (struct scale_slave){s.conf->profile, s.conf->order, &s.load};
    int err = plug(&s);
    if (err == 0) {
        if (s.conf->wire == SCALE_SIM_TCP)
            dprintf(out_fd, "ready %d\n", s.port);
        else
            dprintf(out_fd, "ready %s\n", s.conf->path);
        play(&s, in_fd, out_fd);
    }
    unplug(&s);
    return err;
}
