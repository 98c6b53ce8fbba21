/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner_serial.h"

#include <assert.h>

#include "scanner_stream.h"

#define BAUD_PRESET 9600

int scanner_serial_open(const struct scanner_profile *p, struct scanner **ret)
{
    assert(p && ret);

    int fd = serial_port_open(p->path, p->baud ? p->baud : BAUD_PRESET, p->line);
    if (fd < 0)
        return fd;
    /* A line error arrives as NUL, which spoils its frame; so does an eighth bit where there are
     * only seven. */
    struct scan_frame_conf frame = p->frame;
    frame.seven_bit = frame.seven_bit || p->line == SERIAL_7E1;
    return scanner_stream_open(fd, p->name, &frame, ret);
}
