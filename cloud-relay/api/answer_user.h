/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/answer_user.h -- a user as the answers show one. */
#pragma once

#include "api_call.h"
#include "attr.h"

/* Writes the members of that user into `to`. 1: there is none. */
NODISCARD int answer_user(struct api_call *call, cJSON *to, const char *user);

/* "items": all users of the tenant. */
NODISCARD int answer_users(struct api_call *call);
