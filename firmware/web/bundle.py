#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""bundle.py FOLDER OUT.c: writes the files of a folder as the table of web_asset.h."""

import hashlib
import pathlib
import sys

# The same table as in web_asset.c.
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
}


def main():
    folder, out = map(pathlib.Path, sys.argv[1:])
    arrays, rows = [], []
    for number, path in enumerate(sorted(p for p in folder.iterdir() if p.suffix in TYPES)):
        data = path.read_bytes()
        etag = hashlib.sha256(data).hexdigest()[:16]
        lines = [", ".join(map(str, data[i:i + 32])) for i in range(0, len(data), 32)]
        arrays.append(f"static const uint8_t file_{number}[] = {{\n" + ",\n".join(lines) + "};\n")
        rows.append(f'    {{"{path.name}", "{TYPES[path.suffix]}", "\\"{etag}\\"", file_{number}, '
                    f"sizeof(file_{number})}},\n")
    text = ('/* SPDX-License-Identifier: Apache-2.0 */\n/* Written by bundle.py. */\n'
            '#include "web_asset.h"\n\n' + "\n".join(arrays) +
            "\nconst struct web_asset web_bundle[] = {\n" + "".join(rows) +
            "    {NULL, NULL, NULL, NULL, 0},\n};\n")
    out.write_text(text)


if __name__ == "__main__":
    main()
