#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks which folder includes which: the arrows of the design, and the libraries each may use.

Prints every include that points the wrong way, and ends with "N passed, N failed", where a passed
one is a source file all of whose includes are allowed.
"""

import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent

# folder -> folders whose headers it may include, besides its own
ALLOWED = {
    "sync/base": [],
    "sync/contract": ["sync/base"],
    "sync/identity": ["sync/base", "sync/contract"],
    "hal": ["sync/base"],
    "hal/sim": ["sync/base", "hal"],
    "firmware/rules": ["sync/base"],
    "firmware/barcode": ["sync/base"],
    "firmware/journal": ["sync/base", "sync/contract", "sync/identity", "firmware/rules"],
    "firmware/station": ["sync/base", "sync/contract", "sync/identity", "hal", "firmware/rules",
                         "firmware/barcode", "firmware/journal"],
    "firmware/web": ["sync/base", "sync/contract", "firmware/station", "firmware/journal",
                     "firmware/rules", "sync/identity"],
    # Wiring and tools see everything on the appliance's side.
    "firmware": ["sync/base", "sync/contract", "sync/identity", "hal", "firmware/rules",
                 "firmware/barcode", "firmware/journal", "firmware/station", "firmware/web"],
    "firmware/ctl": ["sync/base", "sync/contract", "sync/identity", "hal", "firmware/rules",
                     "firmware/barcode", "firmware/journal", "firmware/station"],
    "board/host": ["sync/base", "sync/contract", "sync/identity", "hal", "hal/sim",
                   "firmware/rules", "firmware/barcode", "firmware/journal"],
}

# third-party header -> folders that may know it
LIBRARIES = {
    "sqlite3.h": ["firmware/journal"],
    "modbus.h": ["hal", "hal/sim"],
    "modbus/modbus.h": ["hal", "hal/sim"],
    "gpiod.h": ["hal"],
    "cjson/cJSON.h": ["sync/contract", "firmware/web"],
    "microhttpd.h": ["firmware/web"],
    "cbor.h": ["sync/contract"],
    "csv.h": ["sync/base"],
    "ini.h": ["sync/base"],
    "crypt.h": ["firmware/station", "firmware/web"],
    "systemd/sd-event.h": ["firmware"],
    "systemd/sd-daemon.h": ["firmware"],
    "zstd.h": ["sync/contract"],
}
LIBRARY_FOLDERS = {"mbedtls": ["sync/identity"], "systemd": ["firmware"]}

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')


def folder_of(path):
    return str(path.parent)


def main():
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "*.c", "*.h"],
                            cwd=TOP, check=True, capture_output=True, text=True).stdout.split()
    files = [pathlib.Path(name) for name in listed if (TOP / name).exists()]
    product = [f for f in files if f.parts[0] != "tests"]

    home = {}
    faults = 0
    for f in product:
        if f.suffix == ".h":
            if f.name in home and folder_of(home[f.name]) != folder_of(f):
                print(f"{f}: the header name is taken by {home[f.name]}")
                faults += 1
            home[f.name] = f

    passed = 0
    for f in product:
        here = folder_of(f)
        bad = 0
        if here not in ALLOWED:
            print(f"{f}: folder {here} has no row in tests/arrows.py")
            bad += 1
        for number, line in enumerate((TOP / f).read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if not match or bad and here not in ALLOWED:
                continue
            name = match.group(2)
            target = home.get(pathlib.Path(name).name) if match.group(1) == '"' else None
            if target is not None:
                there = folder_of(target)
                if there != here and there not in ALLOWED[here]:
                    print(f"{f}:{number}: {here} may not include {there} ({name})")
                    bad += 1
            rooms = LIBRARIES.get(name) or LIBRARY_FOLDERS.get(name.split("/")[0])
            if match.group(1) == "<" and rooms is not None and here not in rooms:
                print(f"{f}:{number}: <{name}> is for {', '.join(rooms)} alone")
                bad += 1
        faults += bad
        passed += not bad

    print(f"{passed} passed, {faults} failed")
    return 1 if faults or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
