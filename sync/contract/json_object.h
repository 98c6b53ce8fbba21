/* SPDX-License-Identifier: Apache-2.0 */
/* contract/json_object.h -- reads one bounded JSON object from outside by cJSON, which by itself
 * nests a thousand deep. For the readers of this folder. Pure but for the tree's memory. */
#pragma once

#include <cjson/cJSON.h>
#include <stddef.h>

#include "attr.h"
#include "diag.h"

#define JSON_TEXT_MAX 8192 /* bytes that are looked at: what a tree can take is bounded by it */

/* The object that text of len bytes is, all of it, for cJSON_Delete(). Brackets nest at most
 * `depth` deep.
 *   -EBADMSG  not such a text; *reterr says where
 *   -ENOMEM */
NODISCARD int json_object(const char *text, size_t len, int depth, cJSON **ret,
                          struct diag *reterr);
