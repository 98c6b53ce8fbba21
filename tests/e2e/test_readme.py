# SPDX-License-Identifier: Apache-2.0
"""What the README says of configuration is what the daemons print of themselves."""

import pathlib
import re
import subprocess

TOP = pathlib.Path(__file__).resolve().parents[2]


DAEMONS = {"firmware/stationd": 40, "sync/syncd": 8, "cloud-relay/relayd": 10}  # and at least so many keys


def printed_keys(daemon):
    out = subprocess.run([TOP / "build/release" / daemon, "--print-config"], check=True,
                         capture_output=True, text=True).stdout
    section, about = "", None
    for line in out.splitlines():
        if line.startswith("["):
            section = line[1:-1]
        elif line.startswith("# "):
            about = re.fullmatch(r'# (.*) \((.*); default "(.*)"\)', line).groups()
        elif " =" in line:
            yield section + "." + line.split(" =")[0], *about


def test_every_key_stands_in_the_readme_as_it_is(build):
    readme = (TOP / "README.md").read_text()
    total = 0
    for daemon, least in DAEMONS.items():
        keys = list(printed_keys(daemon))
        assert len(keys) > least
        total += len(keys)
        for key, meaning, allowed, preset in keys:
            row = f"| `{key}` | {meaning} | {allowed} |"
            assert row in readme, f"README.md lacks: {row} `{preset}` |"
    assert readme.count("\n| `") == total
