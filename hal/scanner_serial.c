/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner_serial.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "scanner_stream.h"

#define BAUD_PRESET 9600

static const struct {
    uint32_t baud;
    speed_t speed;
} speeds[] = {
    {1200, B1200},   {2400, B2400},   {4800, B4800},   {9600, B9600},
    {19200, B19200}, {38400, B38400}, {57600, B57600}, {115200, B115200},
};

static int find_speed(uint32_t baud, speed_t *ret)
{
    for (size_t i = 0; i < ARRAY_LEN(speeds); i++) {
        if (speeds[i].baud != baud)
            continue;
        *ret = speeds[i].speed;
        return 0;
    }
    return -EINVAL;
}

static int set_up(int fd, speed_t speed, enum scanner_line line)
{
    struct termios t;
    if (tcgetattr(fd, &t) < 0)
        return -errno;
    cfmakeraw(&t);
    t.c_cflag |= CLOCAL | CREAD;
    t.c_cflag &= ~(tcflag_t)(CSTOPB | CRTSCTS);
    if (line == SCANNER_7E1) {
        /* A byte with wrong parity, or a break, is read as NUL, which spoils its frame. */
        t.c_cflag &= ~(tcflag_t)(CSIZE | PARODD);
        t.c_cflag |= CS7 | PARENB;
        t.c_iflag |= INPCK;
    }
    t.c_cc[VMIN] = 1; /* so that a read without bytes says EAGAIN, and 0 means hung up */
    t.c_cc[VTIME] = 0;
    if (cfsetspeed(&t, speed) < 0 || tcsetattr(fd, TCSANOW, &t) < 0 || tcflush(fd, TCIFLUSH) < 0 ||
        ioctl(fd, TIOCEXCL) < 0)
        return -errno;
    return 0;
}

int scanner_serial_open(const struct scanner_profile *p, struct scanner **ret)
{
    assert(p && ret);

    speed_t speed = B0;
    int err = find_speed(p->baud ? p->baud : BAUD_PRESET, &speed);
    if (err < 0)
        return err;
    int fd = open(p->path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    err = set_up(fd, speed, p->line);
    if (err < 0) {
        close(fd);
        return err;
    }
    struct scan_frame_conf frame = p->frame;
    frame.seven_bit = frame.seven_bit || p->line == SCANNER_7E1;
    return scanner_stream_open(fd, p->name, &frame, ret);
}
