/* SPDX-License-Identifier: Apache-2.0 */
#include "printer_tcp.h"

#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "printer_driver.h"

struct printer_tcp {
    struct printer base;
    struct sockaddr_storage address;
    socklen_t address_len;
};

/* Connects until the deadline. A descriptor, or -ENOTCONN. */
static int dial(const struct printer_tcp *t, int64_t deadline_ms)
{
    int fd = socket(t->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -ENOTCONN;
    int err = connect(fd, (const struct sockaddr *)&t->address, t->address_len) < 0 ? errno : 0;
    if (err == EINPROGRESS) {
        int64_t left_ms = deadline_ms - clock_steady_ms();
        struct pollfd p = {.fd = fd, .events = POLLOUT};
        socklen_t len = sizeof(err);
        if (poll(&p, 1, left_ms > 0 ? (int)left_ms : 0) != 1 ||
            getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
            err = ETIMEDOUT;
    }
    if (err != 0) {
        close(fd);
        return -ENOTCONN;
    }
    return fd;
}

static int tcp_send(struct printer *p, const uint8_t *label, size_t len, int64_t deadline_ms)
{
    int fd = dial((struct printer_tcp *)p, deadline_ms);
    if (fd < 0)
        return fd;
    int err = printer_write(fd, label, len, deadline_ms);
    close(fd);
    return err;
}

static int tcp_status(struct printer *p, int64_t deadline_ms, struct printer_status *ret)
{
    int fd = dial((struct printer_tcp *)p, deadline_ms);
    if (fd < 0)
        return fd;
    int err = printer_ask(fd, deadline_ms, ret);
    close(fd);
    return err;
}

static void tcp_free(struct printer *p)
{
    free((struct printer_tcp *)p);
}

static const struct printer_ops tcp_ops = {
    .send = tcp_send, .status = tcp_status, .free = tcp_free};

int printer_tcp_open(const char *host, int port, struct printer **ret)
{
    assert(host && ret);
    char service[16];
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                                   .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    snprintf(service, sizeof(service), "%d", port);
    if (port < 1 || port > 65535 || getaddrinfo(host, service, &hints, &found) != 0)
        return -EINVAL;
    struct printer_tcp *t = calloc(1, sizeof(*t));
    if (t) {
        t->base.ops = &tcp_ops;
        memcpy(&t->address, found->ai_addr, found->ai_addrlen);
        t->address_len = found->ai_addrlen;
        *ret = &t->base;
    }
    freeaddrinfo(found);
    return t ? 0 : -ENOMEM;
}
