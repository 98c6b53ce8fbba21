#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""embed.py openapi.yaml OUT.c: the document as JSON text, for api_document.h."""

import json
import pathlib
import sys

import yaml


def main():
    source, out = map(pathlib.Path, sys.argv[1:])
    document = yaml.safe_load(source.read_text())
    document.pop("x-sets")  # what YAML's anchors stood for
    data = json.dumps(document, ensure_ascii=True, separators=(",", ":")).encode()
    rows = [", ".join(map(str, data[i:i + 32])) for i in range(0, len(data), 32)]
    out.write_text("/* SPDX-License-Identifier: GPL-3.0-or-later */\n/* Written by embed.py. */\n"
                   '#include "api_document.h"\n\nconst char api_openapi[] = {\n'
                   + ",\n".join(rows) + ", 0};\n")


if __name__ == "__main__":
    main()
