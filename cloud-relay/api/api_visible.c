/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api_visible.h"

#include <string.h>

#include "api_age.h"
#include "event_type.h"

/* Types that are seen by more than those who see money. */
static const struct {
    const char *prefix; /* of the type */
    enum api_role role;
} seen[] = {
    {EVENT_INVENTORY_UPDATED, ROLE_FIELD},
    {EVENT_INVENTORY_UPDATED, ROLE_AGENT},
    {"Transfer", ROLE_FIELD},
    {"Order", ROLE_FIELD},
    {"Order", ROLE_AGENT},
    {"Order", ROLE_MANAGER},
    {"Order", ROLE_PROCUREMENT},
    {"Device", ROLE_TECHNICIAN},
    {"Claim", ROLE_TECHNICIAN},
    {"Certificate", ROLE_TECHNICIAN},
    {"Agent", ROLE_TECHNICIAN},
    {"Letter", ROLE_TECHNICIAN},
    {"agent.", ROLE_TECHNICIAN},
    {"AlertAcknowledged", ROLE_MANAGER}, /* of the trail, but whoever sees an alert sees this */
    {"AlertAcknowledged", ROLE_PROCUREMENT},
};

static bool type_is_seen(const struct api_call *call, enum event_kind kind, const char *type)
{
    enum api_role role = call->who.role;
    if (role == ROLE_OWNER || role == ROLE_AUDITOR ||
        (kind != EVENT_AUDIT && (role == ROLE_MANAGER || role == ROLE_PROCUREMENT)))
        return true;
    for (size_t i = 0; i < ARRAY_LEN(seen); i++) {
        if (seen[i].role == role && strncmp(type, seen[i].prefix, strlen(seen[i].prefix)) == 0)
            return true;
    }
    return false;
}

const char *api_event_site(const cJSON *body)
{
    static const char *const names[] = {"site", "from_site", "fromSite", "sourceSite", "where"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        const char *site = api_member_text(body, names[i], "");
        if (site[0] != '\0')
            return site;
    }
    return "";
}

const char *api_event_territory(const struct api_call *call, const cJSON *body)
{
    const cJSON *inner = cJSON_GetObjectItemCaseSensitive(body, "recommendation");
    const char *territory = api_member_text(body, "territory", "");
    if (territory[0] == '\0')
        territory = api_member_text(inner ? inner : body, "sourceTerritory", "");
    if (territory[0] != '\0')
        return territory;
    const char *place = api_event_site(body);
    const struct api_site *site = place[0] != '\0' ? api_site_find(call, place) : NULL;
    return site ? site->territory : "";
}

bool api_event_is_visible(const struct api_call *call, enum event_kind kind, const char *type,
                          const cJSON *body)
{
    if (!type_is_seen(call, kind, type))
        return false;
    if (call->who.territories[0] == '\0')
        return true;
    const char *territory = api_event_territory(call, body);
    return territory[0] != '\0' && api_territory_is_ours(call, territory);
}
