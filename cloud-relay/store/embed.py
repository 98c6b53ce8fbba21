#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""embed.py OUT FILE...: the schema's files as store_migrations[] (migration.h), one a file, in the
order of the versions that their names begin with, which run 1, 2, ... without a gap."""

import pathlib
import sys

TOP = """/* Written by cloud-relay/store/embed.py. */
#include "migration.h"

"""


def main():
    out = pathlib.Path(sys.argv[1])
    files = sorted(map(pathlib.Path, sys.argv[2:]), key=lambda f: f.name)
    text, rows = TOP, ""
    for version, f in enumerate(files, 1):
        if int(f.name.split("_")[0]) != version:
            sys.exit(f"{f}: version {version} is missing")
        # Numbers, because C promises no string literal longer than 4095.
        octets = ",".join(map(str, f.read_text("ascii").encode() + b"\0"))
        text += f"static const char file_{version}[] = {{{octets}}};\n"
        rows += f'    {{{version}, "{f.name}", file_{version}}},\n'
    text += f"const struct migration store_migrations[] = {{\n{rows}}};\n"
    text += f"const size_t store_migrations_count = {len(files)};\n"
    out.write_text(text)


if __name__ == "__main__":
    main()
