/* SPDX-License-Identifier: Apache-2.0 */
#include "serial_port.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/file.h>
#include <termios.h>
#include <unistd.h>

static int speed_of(int baud, speed_t *ret)
{
    static const struct {
        int baud;
        speed_t speed;
    } speeds[] = {{1200, B1200},   {2400, B2400},   {4800, B4800},   {9600, B9600},
                  {19200, B19200}, {38400, B38400}, {57600, B57600}, {115200, B115200}};
    for (size_t i = 0; i < ARRAY_LEN(speeds); i++) {
        if (speeds[i].baud == baud) {
            *ret = speeds[i].speed;
            return 0;
        }
    }
    return -EINVAL;
}

static int set_up(int fd, speed_t speed, enum serial_mode mode)
{
    struct termios t;
    if (tcgetattr(fd, &t) < 0)
        return -errno;
    /* Not TIOCEXCL: root passes it, and it outlives us where somebody else has the tty open, as the
     * simulators have the far end of theirs. */
    if (flock(fd, LOCK_EX | LOCK_NB) < 0)
        return errno == EWOULDBLOCK ? -EBUSY : -errno;
    cfmakeraw(&t);
    t.c_cflag |= CLOCAL | CREAD;
    t.c_cflag &= ~(tcflag_t)(CSTOPB | PARODD | CRTSCTS);
    if (mode != SERIAL_8N1) {
        t.c_cflag |= PARENB;
        t.c_iflag |= INPCK;
    }
    if (mode == SERIAL_7E1)
        t.c_cflag = (t.c_cflag & ~(tcflag_t)CSIZE) | CS7;
    t.c_cc[VMIN] = 1; /* so that a read without bytes says EAGAIN, and 0 means hung up */
    t.c_cc[VTIME] = 0;
    if (cfsetspeed(&t, speed) < 0 || tcsetattr(fd, TCSANOW, &t) < 0 || tcflush(fd, TCIOFLUSH) < 0)
        return -errno;
    return 0;
}

int serial_port_open(const char *device, int baud, enum serial_mode mode)
{
    assert(device);
    speed_t speed;
    int err = speed_of(baud, &speed);
    if (err < 0)
        return err;
    int fd = open(device, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    err = set_up(fd, speed, mode);
    if (err < 0) {
        close(fd);
        return err;
    }
    return fd;
}
