/* SPDX-License-Identifier: Apache-2.0 */
#include "http_listen.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int parse_address(const char *address, uint16_t port, struct sockaddr_storage *ret,
                         socklen_t *ret_len)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    if (inet_pton(AF_INET, address, &in.sin_addr) == 1) {
        memcpy(ret, &in, sizeof(in));
        *ret_len = sizeof(in);
        return 0;
    }
    if (inet_pton(AF_INET6, address, &in6.sin6_addr) == 1) {
        memcpy(ret, &in6, sizeof(in6));
        *ret_len = sizeof(in6);
        return 0;
    }
    return -EINVAL;
}

int http_listen(const char *address, uint16_t port, struct diag *reterr, int *ret_fd,
                uint16_t *ret_port)
{
    assert(address && ret_fd && ret_port);

    struct sockaddr_storage at = {.ss_family = AF_UNSPEC};
    socklen_t len = 0;
    if (parse_address(address, port, &at, &len) < 0) {
        diag_set(reterr, 0, "%s is no numeric address", address);
        return -EINVAL;
    }
    int fd = socket(at.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(fd, (const struct sockaddr *)&at, len) < 0 || listen(fd, SOMAXCONN) < 0 ||
        getsockname(fd, (struct sockaddr *)&at, &len) < 0) {
        int err = -errno;
        diag_set(reterr, 0, "cannot listen on %s port %u: %s", address, (unsigned)port,
                 strerror(-err));
        close(fd);
        return err;
    }
    struct sockaddr_in in; /* the port stands at the same place in both families */
    memcpy(&in, &at, sizeof(in));
    *ret_fd = fd;
    *ret_port = ntohs(in.sin_port);
    return 0;
}
