/* SPDX-License-Identifier: Apache-2.0 */
/* base/queue.h -- a bounded queue of fixed-size items between threads: the only way in which
 * threads of this project meet. Its descriptor becomes readable while items wait, so an event loop
 * can sleep on it. Thread-safe: any number of putters and takers. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "attr.h"

struct queue;

/* Room for `capacity` items of `item_size` bytes, taken at once: nothing is allocated later.
 * -ENOMEM, or -errno of eventfd. */
NODISCARD int queue_open(size_t capacity, size_t item_size, struct queue **ret);

/* Copies *item in. Never blocks: -EAGAIN when full (the caller says what is dropped or refused),
 * -EPIPE after queue_close_input(). */
NODISCARD int queue_put(struct queue *q, const void *item);

/* Copies the oldest item out. Never blocks: 1 and *ret_item, or 0 when empty. */
int queue_take(struct queue *q, void *ret_item);

/* As queue_take(), but waits up to timeout_ms (negative: for ever). 0 on time-out, or when empty
 * and its input is closed. */
int queue_take_wait(struct queue *q, void *ret_item, int timeout_ms);

/* No more items; those inside can still be taken, and waiting takers wake. */
void queue_close_input(struct queue *q);

/* Readable (POLLIN) while items wait. Borrowed: do not read or close it. */
int queue_fd(const struct queue *q);

void queue_free(struct queue *q);
DEFINE_AUTO(queue);
