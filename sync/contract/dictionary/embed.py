#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a file as a C array: embed.py FILE NAME OUT.c"""

import pathlib
import sys

source, name, out = sys.argv[1:]
content = pathlib.Path(source).read_bytes()
rows = [", ".join(str(b) for b in content[i:i + 20]) for i in range(0, len(content), 20)]
table = ",\n".join(rows)
pathlib.Path(out).write_text(f"""/* Made by sync/contract/dictionary/embed.py. */
#include "batch_dictionary_bytes.h"

const size_t {name}_len = {len(content)};
const uint8_t {name}[] = {{
{table}}};
""")
