#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""bundle.py FOLDER NAME OUT.c: writes the files of a folder as a table of http_asset.h."""

import gzip
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


def array(arrays, name, data):
    """Adds the bytes as a constant; returns its entity tag, name and length for a row."""
    lines = [", ".join(map(str, data[i:i + 32])) for i in range(0, len(data), 32)]
    arrays.append(f"static const uint8_t {name}[] = {{\n" + ",\n".join(lines) + "};\n")
    etag = hashlib.sha256(data).hexdigest()[:16]
    return f'"\\"{etag}\\"", {name}, sizeof({name})'


def main():
    folder, name, out = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
    arrays, rows = [], []
    for number, path in enumerate(sorted(p for p in folder.iterdir() if p.suffix in TYPES)):
        data = path.read_bytes()
        short = gzip.compress(data, 9, mtime=0)
        plain = array(arrays, f"file_{number}", data)
        zipped = array(arrays, f"gzip_{number}", short) if len(short) < len(data) else "NULL, NULL, 0"
        rows.append(f'    {{"{path.name}", "{TYPES[path.suffix]}", {plain}, {zipped}}},\n')
    text = ('/* SPDX-License-Identifier: Apache-2.0 */\n/* Written by bundle.py. */\n'
            f'#include "http_asset.h"\n\nextern const struct http_asset {name}[];\n\n' +
            "\n".join(arrays) +
            f"\nconst struct http_asset {name}[] = {{\n" + "".join(rows) +
            "    {NULL, NULL, NULL, NULL, 0, NULL, NULL, 0},\n};\n")
    out.write_text(text)


if __name__ == "__main__":
    main()
