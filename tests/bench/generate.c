/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints a drawn instance as rnet. Usage: generate SITES SKUS SEED */
#include <stdio.h>
#include <stdlib.h>

#include "rnet.h"
#include "territory_draw.h"

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: generate SITES SKUS SEED\n", stderr);
        return 2;
    }
    struct territory_sizes sizes = {.sites = (uint32_t)strtoul(argv[1], NULL, 10),
                                    .skus = (uint32_t)strtoul(argv[2], NULL, 10),
                                    .seed = strtoull(argv[3], NULL, 10)};
    if (sizes.sites < 2 || sizes.sites > PLAN_SITES_MAX || sizes.skus < 1) {
        fputs("generate: at least 2 sites and 1 SKU\n", stderr);
        return 2;
    }
    struct territory *t = territory_draw(&sizes);
    struct lots *l = NULL;
    struct diag why = {0};
    int err = lots_build(territory_input(t), &l, &why);
    if (err < 0)
        fprintf(stderr, "generate: %s\n", why.text);
    else
        rnet_write(lots_problem(l), stdout);
    lots_free(l);
    territory_free(t);
    return err < 0 ? 1 : 0;
}
