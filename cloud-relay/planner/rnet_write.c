/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <inttypes.h>

#include "decimal.h"
#include "rnet.h"
#include "rnet_fields.h"

void rnet_write(const struct plan_problem *p, FILE *out)
{
    assert(p && out);
    char kg[2][DECIMAL_TEXT_SIZE];
    fprintf(out, "p rnet %" PRIu32 " %" PRIu32 " %" PRIu32 "\n", p->sites, p->lanes, p->skus);
    for (uint32_t j = 0; j < p->sites; j++)
        fprintf(out, "d %" PRIu32 " %s\n", j, decimal_format(p->room_mg[j], RNET_KG_PLACES, kg[0]));
    for (uint32_t l = 0; l < p->lanes; l++) {
        const struct plan_lane *lane = &p->lane[l];
        fprintf(out, "l %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRId64 " %s %" PRId64 " %s\n",
                lane->id, lane->from, lane->to, lane->trucks_max,
                decimal_format(lane->truck_mg, RNET_KG_PLACES, kg[0]), lane->truck_paise,
                decimal_format(lane->least_mg, RNET_KG_PLACES, kg[1]));
    }
    for (uint32_t k = 0; k < p->skus; k++) {
        const struct plan_sku *sku = &p->sku[k];
        fprintf(out, "s %" PRIu32 " %s %" PRIu32 " %" PRIu32 "\n", sku->id,
                decimal_format(sku->case_mg, RNET_KG_PLACES, kg[0]), sku->nodes, sku->arcs);
        for (uint32_t v = 0; v < sku->nodes; v++) {
            if (p->supply[sku->node_at + v] != 0)
                fprintf(out, "n %" PRIu32 " %" PRId64 "\n", v, p->supply[sku->node_at + v]);
        }
        for (size_t a = sku->arc_at; a < sku->arc_at + sku->arcs; a++) {
            const struct netflow_arc *arc = &p->arc[a];
            int64_t lane = p->arc_lane[a] < 0 ? PLAN_LOCAL : (int64_t)p->lane[p->arc_lane[a]].id;
            fprintf(out, "a %" PRIu32 " %" PRIu32 " %" PRId64 " %" PRId64 " %" PRId64 "\n",
                    arc->tail, arc->head, arc->capacity, arc->cost, lane);
        }
    }
}
