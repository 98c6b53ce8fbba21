#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks which folder includes which: the arrows of the design, and the libraries each may use.

Prints every include that points the wrong way, and ends with "N passed, N failed", where a passed
one is a source file all of whose includes are allowed.

A header of ours stands in quotes by its bare name, one of a library or of the system in angle
brackets. What is neither ours, nor in LIBRARIES, nor the C library's is refused: a new dependency
has its row here.
"""

import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent

# folder -> folders whose headers it may include, besides its own and sync/base
CONTRACT, IDENTITY = "sync/contract", "sync/identity"
RULES, BARCODE, JOURNAL = "firmware/rules", "firmware/barcode", "firmware/journal"
STATION, WEB = "firmware/station", "firmware/web"
LINK, MQTT, INBOX, SQLITE = "sync/link", "sync/mqtt", "sync/inbox", "sync/sqlite"
DAEMON = "sync/daemon"
STORE, INGEST, AGENTS = "cloud-relay/store", "cloud-relay/ingest", "cloud-relay/agents"
ORCHESTRATOR, CHANNELS = "cloud-relay/orchestrator", "cloud-relay/channels"
PLANNER = "cloud-relay/planner"
APPLIANCE = [CONTRACT, IDENTITY, "hal", RULES, BARCODE, JOURNAL, STATION]
ALLOWED = {
    "sync/base": [],
    CONTRACT: [],
    IDENTITY: [CONTRACT],
    "sync/link": [CONTRACT, IDENTITY],  # heads of chains, and the digests of documents
    "sync/mqtt": [CONTRACT, LINK],  # how long to wait before asking once more
    "hal": [],
    "hal/sim": ["hal"],
    RULES: [],
    BARCODE: [],
    JOURNAL: [CONTRACT, IDENTITY, RULES, SQLITE],
    STATION: [CONTRACT, "hal", RULES, BARCODE, JOURNAL],
    # The station's answers are entries, catalogue and stock: their types are read here too.
    WEB: [STATION, JOURNAL, RULES, CONTRACT, "sync/http"],
    # Wiring and tools hold no rule, and see everything on the appliance's side.
    "firmware": APPLIANCE + [WEB, INBOX, LINK, DAEMON],  # which commands are to be done
    "firmware/ctl": APPLIANCE + ["firmware"],
    "sync/sqlite": [],
    DAEMON: [],
    "sync/http": [CONTRACT],
    INBOX: [CONTRACT, IDENTITY, SQLITE],
    # syncd reads the journal that stationd writes, and holds no rule.
    "sync": [CONTRACT, IDENTITY, LINK, MQTT, INBOX, DAEMON, JOURNAL, RULES, "hal"],
    # The relay sees journals as entries, never the appliance's own folders.
    STORE: [CONTRACT, IDENTITY, SQLITE],
    INGEST: [CONTRACT, IDENTITY, LINK, RULES, STORE],
    ORCHESTRATOR: [CONTRACT, IDENTITY, RULES, STORE],
    "cloud-relay/agents": [CONTRACT, IDENTITY, RULES, STORE, ORCHESTRATOR],
    "cloud-relay/agents/monitoring": [CONTRACT, RULES, STORE, ORCHESTRATOR, AGENTS],
    "cloud-relay/agents/analysis": [CONTRACT, RULES, STORE, ORCHESTRATOR, AGENTS],
    "cloud-relay/agents/reallocation": [CONTRACT, RULES, STORE, ORCHESTRATOR, AGENTS, PLANNER],
    "cloud-relay/agents/liquidation": [CONTRACT, IDENTITY, RULES, STORE, ORCHESTRATOR, AGENTS,
                                       CHANNELS],
    "cloud-relay/agents/compliance": [CONTRACT, RULES, STORE, ORCHESTRATOR, AGENTS],
    "cloud-relay/agents/notification": [CONTRACT, RULES, STORE, ORCHESTRATOR, AGENTS, CHANNELS],
    PLANNER: [RULES],  # mathematics: flows, prices, plans
    CHANNELS: [CONTRACT, IDENTITY, RULES, STORE, ORCHESTRATOR],
    # The API publishes documents and checks journals by ingest's functions; it takes none in. It asks
    # liquidation what a campaign would be; agents decide by themselves.
    "cloud-relay/api": [CONTRACT, IDENTITY, "sync/http", RULES, STORE, INGEST, ORCHESTRATOR,
                        AGENTS, "cloud-relay/agents/liquidation", CHANNELS],
    "cloud-relay/console": ["sync/http"],
    "cloud-relay": [CONTRACT, IDENTITY, LINK, MQTT, DAEMON, "sync/http", RULES, STORE, INGEST,
                    ORCHESTRATOR, AGENTS, CHANNELS, "cloud-relay/api", "cloud-relay/console"],
    "board/host": [CONTRACT, IDENTITY, "hal", "hal/sim", RULES, BARCODE, JOURNAL],
}

# third-party header, or its folder -> folders that may know it
LIBRARIES = {
    "sqlite3.h": [SQLITE],
    "libpq-fe.h": [STORE],
    "modbus.h": ["hal", "hal/sim"],
    "gpiod.h": ["hal"],
    "cjson/": [CONTRACT, WEB, "sync/http", ORCHESTRATOR, AGENTS, CHANNELS, "cloud-relay/api"],
    "microhttpd.h": ["sync/http"],
    "curl/": ["sync", CHANNELS],
    "jwt.h": ["cloud-relay/api"],
    "glpk.h": [PLANNER],
    "setjmp.h": [PLANNER],  # the only way out of GLPK's error hook
    "cbor.h": [CONTRACT],
    "csv.h": ["sync/base"],
    "ini.h": ["sync/base"],
    "crypt.h": [STATION, WEB, "firmware/ctl", "cloud-relay/api"],
    "mbedtls/": [IDENTITY],
    "nettle/": [IDENTITY],  # SHA-256 by the processor's own instructions
    "mosquitto.h": ["sync/mqtt"],
    "mqtt_protocol.h": ["sync/mqtt"],
    "openssl/": ["sync/mqtt"],  # libmosquitto and libcurl take its contexts
    "systemd/": ["firmware", "sync", DAEMON, "cloud-relay"],
    "zstd.h": [CONTRACT],
}
# The pure folders: no clock, allocation or locale. stdio.h is there for snprintf().
PURE = [RULES, BARCODE]
PURE_SYSTEM = {"assert.h", "errno.h", "inttypes.h", "limits.h", "math.h", "stdalign.h", "stdbool.h",
               "stddef.h", "stdint.h", "stdio.h", "string.h"}
# The C library's and the kernel's, for all others.
SYSTEM = PURE_SYSTEM | {
    "arpa/inet.h", "ctype.h", "dirent.h", "fcntl.h", "getopt.h", "libgen.h", "netdb.h",
    "netinet/in.h", "netinet/tcp.h", "poll.h", "pthread.h", "regex.h", "signal.h", "stdarg.h", "stdatomic.h",
    "stdlib.h", "strings.h", "termios.h", "time.h", "unistd.h"}
SYSTEM_FOLDERS = ("sys/", "linux/")
GENERATED = {"release.h": "sync/base"}

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')


def folder_of(path):
    return str(path.parent)


def read_headers(product):
    """The folder of each header of ours; two of one name could be taken for each other."""
    home = dict(GENERATED)
    faults = []
    for f in product:
        if f.suffix != ".h":
            continue
        if f.name in home:
            faults.append(f"{f}: the header name is taken in {home[f.name]}")
        home[f.name] = folder_of(f)
    return home, faults


def judge_ours(here, name, home):
    if name not in home:
        return f'"{name}" is no header of ours by its bare name'
    there = home[name]
    if there not in (here, "sync/base") and there not in ALLOWED[here]:
        return f"{here} may not include {there} ({name})"
    return None


def judge_foreign(here, name, home):
    if name in home:
        return f'<{name}> is ours: "{name}"'
    for library, rooms in LIBRARIES.items():
        if name == library or library.endswith("/") and name.startswith(library):
            return None if here in rooms else f"<{name}> is for {', '.join(rooms)} alone"
    if here in PURE:
        return None if name in PURE_SYSTEM else f"<{name}>: {here} is pure"
    if name in SYSTEM or name.startswith(SYSTEM_FOLDERS):
        return None
    return f"<{name}> has no row in tests/arrows.py"


def judge_file(f, home):
    here = folder_of(f)
    if here not in ALLOWED:
        return [f"{f}: folder {here} has no row in tests/arrows.py"]
    faults = []
    for number, line in enumerate((TOP / f).read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            judge = judge_ours if match[1] == '"' else judge_foreign
            fault = judge(here, match[2], home)
            if fault:
                faults.append(f"{f}:{number}: {fault}")
    return faults


def main():
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "*.c", "*.h"],
                            cwd=TOP, check=True, capture_output=True, text=True).stdout.split()
    product = [pathlib.Path(name) for name in listed
               if not name.startswith("tests/") and (TOP / name).exists()]
    home, faults = read_headers(product)
    passed = 0
    for f in product:
        found = judge_file(f, home)
        passed += not found
        faults += found
    print(*faults, f"{passed} passed, {len(faults)} failed", sep="\n")
    return 1 if faults or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
