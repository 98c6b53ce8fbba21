/* SPDX-License-Identifier: Apache-2.0 */
#include "queue.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    unsigned char *items;
    size_t capacity;
    size_t item_size;
    size_t first; /* index of the oldest item */
    size_t count;
    bool closed;
    int fd; /* eventfd: non-zero exactly while count > 0 */
};

int queue_open(size_t capacity, size_t item_size, struct queue **ret)
{
    assert(capacity > 0 && item_size > 0 && ret);

    AUTO(queue) q = calloc(1, sizeof(*q));
    if (!q)
        return -ENOMEM;
    q->fd = -1;
    pthread_mutex_init(&q->lock, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC); /* a set wall clock must not wake anyone */
    pthread_cond_init(&q->filled, &attr);
    pthread_condattr_destroy(&attr);
    q->capacity = capacity;
    q->item_size = item_size;
    q->items = calloc(capacity, item_size);
    if (!q->items)
        return -ENOMEM;
    q->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (q->fd < 0)
        return -errno;
    *ret = TAKE(q);
    return 0;
}

int queue_put(struct queue *q, const void *item)
{
    assert(q && item);
    pthread_mutex_lock(&q->lock);
    int err = 0;
    if (q->closed) {
        err = -EPIPE;
    } else if (q->count == q->capacity) {
        err = -EAGAIN;
    } else {
        size_t slot = (q->first + q->count) % q->capacity;
        memcpy(q->items + slot * q->item_size, item, q->item_size);
        if (q->count++ == 0)
            eventfd_write(q->fd, 1);
        pthread_cond_signal(&q->filled);
    }
    pthread_mutex_unlock(&q->lock);
    return err;
}

static int take_locked(struct queue *q, void *ret_item)
{
    if (q->count == 0)
        return 0;
    memcpy(ret_item, q->items + q->first * q->item_size, q->item_size);
    q->first = (q->first + 1) % q->capacity;
    if (--q->count == 0) {
        eventfd_t drained;
        eventfd_read(q->fd, &drained);
    }
    return 1;
}

int queue_take(struct queue *q, void *ret_item)
{
    assert(q && ret_item);
    pthread_mutex_lock(&q->lock);
    int taken = take_locked(q, ret_item);
    pthread_mutex_unlock(&q->lock);
    return taken;
}

int queue_take_wait(struct queue *q, void *ret_item, int timeout_ms)
{
    assert(q && ret_item);
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    if (timeout_ms > 0) {
        until.tv_sec += timeout_ms / 1000;
        until.tv_nsec += (long)(timeout_ms % 1000) * 1000000L;
        if (until.tv_nsec >= 1000000000L) {
            until.tv_sec++;
            until.tv_nsec -= 1000000000L;
        }
    }
    pthread_mutex_lock(&q->lock);
    int err = 0;
    while (q->count == 0 && !q->closed && err == 0)
        err = timeout_ms < 0 ? pthread_cond_wait(&q->filled, &q->lock)
                             : pthread_cond_timedwait(&q->filled, &q->lock, &until);
    int taken = take_locked(q, ret_item);
    pthread_mutex_unlock(&q->lock);
    return taken;
}

void queue_close_input(struct queue *q)
{
    assert(q);
    pthread_mutex_lock(&q->lock);
    q->closed = true;
    pthread_cond_broadcast(&q->filled);
    pthread_mutex_unlock(&q->lock);
}

int queue_fd(const struct queue *q)
{
    assert(q);
    return q->fd;
}

void queue_free(struct queue *q)
{
    if (!q)
        return;
    if (q->fd >= 0)
        close(q->fd);
    pthread_cond_destroy(&q->filled);
    pthread_mutex_destroy(&q->lock);
    free(q->items);
    free(q);
}
