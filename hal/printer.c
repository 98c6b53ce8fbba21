/* SPDX-License-Identifier: Apache-2.0 */
#include "printer.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "printer_driver.h"

int printer_send(struct printer *p, const void *label, size_t len)
{
    assert(p && label && len > 0);
    return p->ops->send(p, label, len, clock_steady_ms() + PRINTER_SEND_MS);
}

int printer_status(struct printer *p, struct printer_status *ret)
{
    assert(p && ret);
    if (!p->ops->status)
        return -ENOTSUP;
    struct printer_status status = {0};
    int err = p->ops->status(p, clock_steady_ms() + PRINTER_STATUS_MS, &status);
    if (err < 0)
        return err;
    *ret = status;
    return 0;
}

void printer_free(struct printer *p)
{
    if (p)
        p->ops->free(p);
}

/* 1 when ready, 0 at the deadline, -EIO when poll fails. */
static int wait_for(int fd, short events, int64_t deadline_ms)
{
    int64_t left_ms = deadline_ms - clock_steady_ms();
    struct pollfd pfd = {.fd = fd, .events = events};
    int n = poll(&pfd, 1, left_ms > 0 ? (int)left_ms : 0);
    if (n < 0 && errno != EINTR)
        return -EIO;
    return n != 0;
}

int printer_write(int fd, const uint8_t *bytes, size_t len, int64_t deadline_ms)
{
    size_t handed = 0;
    while (handed < len) {
        /* A socket whose peer is gone must be an error here, not a signal. */
        ssize_t n = send(fd, bytes + handed, len - handed, MSG_NOSIGNAL);
        if (n < 0 && errno == ENOTSOCK)
            n = write(fd, bytes + handed, len - handed);
        if (n > 0) {
            handed += (size_t)n;
            continue;
        }
        if (n < 0 && errno != EAGAIN && errno != EINTR)
            return handed > 0 ? -EIO : -ENOTCONN;
        int ready = wait_for(fd, POLLOUT, deadline_ms);
        if (ready < 0)
            return handed > 0 ? -EIO : -ENOTCONN;
        if (ready == 0)
            return handed > 0 ? -ETIMEDOUT : -ENOTCONN;
    }
    return 0;
}

int printer_ask(int fd, int64_t deadline_ms, struct printer_status *ret)
{
    static const uint8_t question[] = "~HS\r\n";
    char answer[PRINTER_ANSWER_MAX];
    size_t len = 0;
    int err = printer_write(fd, question, sizeof(question) - 1, deadline_ms);
    if (err < 0)
        return -ENOTCONN;
    while (len < sizeof(answer)) {
        int ready = wait_for(fd, POLLIN, deadline_ms);
        if (ready < 0)
            return -ENOTCONN;
        if (ready == 0)
            break;
        ssize_t n = read(fd, answer + len, sizeof(answer) - len);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (n <= 0)
            return -ENOTCONN;
        len += (size_t)n;
        err = printer_status_read(answer, len, ret);
        if (err != -EAGAIN)
            break;
    }
    if (len == 0 || err < 0) /* no answer, half of one, or none that we read: nothing is known */
        *ret = (struct printer_status){.state = PRINTER_SILENT};
    return 0;
}
