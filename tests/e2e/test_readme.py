# SPDX-License-Identifier: Apache-2.0
"""What the README says of configuration is what stationd prints of itself."""

import pathlib
import re
import subprocess

TOP = pathlib.Path(__file__).resolve().parents[2]


def printed_keys():
    out = subprocess.run([TOP / "build/release/firmware/stationd", "--print-config"],
                         check=True, capture_output=True, text=True).stdout
    section, about = "", None
    for line in out.splitlines():
        if line.startswith("["):
            section = line[1:-1]
        elif line.startswith("# "):
            about = re.fullmatch(r'# (.*) \((.*); default "(.*)"\)', line).groups()
        elif " =" in line:
            yield section + "." + line.split(" =")[0], *about


def test_every_key_stands_in_the_readme_as_it_is():
    readme = (TOP / "README.md").read_text()
    keys = list(printed_keys())
    assert len(keys) > 40
    for key, meaning, allowed, preset in keys:
        row = f"| `{key}` | {meaning} | {allowed} |"
        assert row in readme, f"README.md lacks: {row} `{preset}` |"
    assert readme.count("\n| `") == len(keys)
