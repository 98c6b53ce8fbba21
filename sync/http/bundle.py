#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""bundle.py FOLDER NAME OUT.c: writes the files of a folder as a table of http_asset.h."""

import hashlib
import pathlib
import sys

# The same table as in http_asset.c.
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
}


def main():
    folder, name, out = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
    arrays, rows = [], []
    for number, path in enumerate(sorted(p for p in folder.iterdir() if p.suffix in TYPES)):
        data = path.read_bytes()
        etag = hashlib.sha256(data).hexdigest()[:16]
        lines = [", ".join(map(str, data[i:i + 32])) for i in range(0, len(data), 32)]
        arrays.append(f"static const uint8_t file_{number}[] = {{\n" + ",\n".join(lines) + "};\n")
        rows.append(f'    {{"{path.name}", "{TYPES[path.suffix]}", "\\"{etag}\\"", file_{number}, '
                    f"sizeof(file_{number})}},\n")
    text = ('/* SPDX-License-Identifier: Apache-2.0 */\n/* Written by bundle.py. */\n'
            f'#include "http_asset.h"\n\nextern const struct http_asset {name}[];\n\n' +
            "\n".join(arrays) +
            f"\nconst struct http_asset {name}[] = {{\n" + "".join(rows) +
            "    {NULL, NULL, NULL, NULL, 0},\n};\n")
    out.write_text(text)


if __name__ == "__main__":
    main()
