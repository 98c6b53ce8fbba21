/* SPDX-License-Identifier: Apache-2.0 */
#include "printer_sim.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "printer_status.h"
#include "sim_line.h"
#include "zpl.h"

struct printer_sim {
    const struct printer_sim_conf *conf;
    struct printer_status status;
    int stalled;
    int port;
    int listener;
    int client;
    char in[ZPL_LABEL_MAX];
    size_t in_len;
    int kept;
    int awaited; /* labels that a command waits for; 0: none */
    int out_fd;
};

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static int plug(struct printer_sim *s)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)s->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(at);
    int on = 1;
    int small = 4096; /* so that a stalled printer is full soon */
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s->listener < 0 || setsockopt(s->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
        setsockopt(s->listener, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)) < 0 ||
        bind(s->listener, (struct sockaddr *)&at, sizeof(at)) < 0 || listen(s->listener, 4) < 0 ||
        getsockname(s->listener, (struct sockaddr *)&at, &len) < 0)
        return -errno;
    s->port = ntohs(at.sin_port);
    return 0;
}

static void unplug(struct printer_sim *s)
{
    close_fd(&s->client);
    close_fd(&s->listener);
    s->in_len = 0;
}

static void keep(struct printer_sim *s, const char *label, size_t len)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/%06d.zpl", s->conf->folder, s->kept + 1);
    FILE *out = fopen(path, "wbe");
    if (!out)
        return;
    if (fwrite(label, 1, len, out) == len)
        s->kept++;
    fclose(out);
}

static void remove_front(struct printer_sim *s, size_t n)
{
    s->in_len -= n;
    memmove(s->in, s->in + n, s->in_len);
}

static void answer(struct printer_sim *s)
{
    char text[PRINTER_ANSWER_MAX];
    if (s->status.state == PRINTER_SILENT)
        return;
    size_t len = printer_status_write(&s->status, text);
    (void)!send(s->client, text, len, MSG_NOSIGNAL);
}

/* Takes whole labels and questions off the front; other bytes are passed over. */
static void digest(struct printer_sim *s)
{
    while (s->in_len >= 3) {
        if (memcmp(s->in, "~HS", 3) == 0) {
            answer(s);
            remove_front(s, 3);
        } else if (memcmp(s->in, "^XA", 3) == 0) {
            const char *end = memmem(s->in, s->in_len, "^XZ", 3);
            if (!end)
                return;
            size_t len = (size_t)(end - s->in) + 3;
            keep(s, s->in, len);
            remove_front(s, len);
        } else {
            remove_front(s, 1);
        }
    }
}

static void read_client(struct printer_sim *s)
{
    ssize_t n = recv(s->client, s->in + s->in_len, sizeof(s->in) - s->in_len, MSG_DONTWAIT);
    if (n <= 0) {
        close_fd(&s->client);
        s->in_len = 0;
        return;
    }
    s->in_len += (size_t)n;
    digest(s);
    if (s->in_len == sizeof(s->in))
        s->in_len = 0; /* longer than any label */
}

static void on_line(void *context, const char *line, char answer_text[SIM_LINE_MAX])
{
    struct printer_sim *s = context;
    snprintf(answer_text, SIM_LINE_MAX, "ok");
    for (unsigned state = PRINTER_READY; state <= PRINTER_SILENT; state++) {
        if (strcmp(line, printer_state_name((enum printer_state)state)) == 0) {
            s->status.state = (enum printer_state)state;
            return;
        }
    }
    if (strcmp(line, "stall") == 0 || strcmp(line, "clear") == 0) {
        s->stalled = line[0] == 's';
    } else if (strcmp(line, "unplug") == 0) {
        unplug(s);
    } else if (strcmp(line, "plug") == 0) {
        unplug(s);
        if (plug(s) < 0)
            snprintf(answer_text, SIM_LINE_MAX, "error: cannot listen");
    } else if (sscanf(line, "labels %d", &s->awaited) == 1) {
        answer_text[0] = '\0'; /* comes when they are kept */
    } else {
        snprintf(answer_text, SIM_LINE_MAX, "error: not a command");
    }
}

static void tell_awaited(struct printer_sim *s)
{
    if (s->awaited > 0 && s->kept >= s->awaited) {
        s->awaited = 0;
        dprintf(s->out_fd, "ok\n");
    }
}

static void play(struct printer_sim *s, int in_fd, int out_fd)
{
    struct sim_line lines = {.len = 0};
    int open = 1;
    while (open) {
        struct pollfd p[] = {
            {.fd = in_fd, .events = POLLIN},
            {.fd = s->stalled ? -1 : s->client, .events = POLLIN},
            {.fd = s->client < 0 ? s->listener : -1, .events = POLLIN}}; /* one peer at a time */
        if (poll(p, ARRAY_LEN(p), -1) < 0)
            continue;
        if (p[1].revents)
            read_client(s);
        if (p[2].revents)
            s->client = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC);
        if (p[0].revents)
            open = sim_line_serve(&lines, in_fd, out_fd, on_line, s);
        tell_awaited(s);
    }
}

int printer_sim_run(const void *conf, int in_fd, int out_fd)
{
    struct printer_sim *s = calloc(1, sizeof(*s));
    if (!s)
        return -ENOMEM;
    *s = (struct printer_sim){.conf = conf, .listener = -1, .client = -1, .out_fd = out_fd};
    s->port = s->conf->port;
    int err = plug(s);
    if (err == 0) {
        dprintf(out_fd, "ready %d\n", s->port);
        play(s, in_fd, out_fd);
    }
    unplug(s);
    free(s);
    return err;
}
