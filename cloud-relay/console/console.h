/* SPDX-License-Identifier: GPL-3.0-or-later */
/* console/console.h -- the relay's web console as files in the binary, for api_conf.console. What
 * they ask of the server stands in api/openapi.yaml alone. */
#pragma once

#include "http_asset.h"

extern const struct http_asset console_bundle[]; /* ended by a row without a name */
