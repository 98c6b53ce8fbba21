#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""tests/failures.py [--names] LOG: what failed in a suite, out of what its tools said: each test that
failed by its name, with what says most about the cause; with --names a line each. It reads ctest with
cmocka, pytest with Hypothesis, node's TAP, libFuzzer, compilers, and lines "FAILED  name". What it
does not know it passes over.
"""

import pathlib
import re
import sys

TOLD_MAX = 20  # failures that are told with their causes; of others the names
CAUSE_MAX = 14  # lines
WIDTH_MAX = 240  # of a line
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
CAUSE = re.compile(r"\[ +(ERROR|LINE|FAILED) +\]|ERROR: |SUMMARY: |runtime error: |: error: |fatal error|"
                   r"Assertion .* failed|undefined reference|Test unit written|Traceback|Error: ")
OWN_FRAME = re.compile(r"^ *#\d+ 0x\w+ in \S+ .*/(sync|firmware|cloud-relay|hal|tests)/")


class Failure:
    def __init__(self, name):
        self.name = name[:WIDTH_MAX]
        self.cause = []

    def add(self, lines):
        """Returns itself. A line is told once."""
        for line in lines:
            line = line.strip()[:WIDTH_MAX]
            if line and line not in self.cause:
                self.cause.append(line)
        return self


def until(lines, first, end):
    """The lines from `first` to before the one that `end` matches."""
    last = next((n for n in range(first, len(lines)) if end.search(lines[n])), len(lines))
    return lines[first:last]


def telling(lines):
    """What says most about a program's end: else its last words."""
    told = [line for line in lines if CAUSE.search(line)]
    frames = [line for line in lines if OWN_FRAME.search(line)]
    return (told[:CAUSE_MAX - 4] + frames[:4]) if told else lines[-6:]


# --- the tools

def of_ctest(lines, _):
    begun = re.compile(r"^ *\d+/\d+ Test +#\d+: (\S+) \.*(?:\*\*\*|Subprocess )(.*?) +[\d.]+ sec")
    next_one = re.compile(r"^ *\d+/\d+ Test +#\d+: |^ +Start +\d+: |^\d+% tests passed")
    found = {}
    for n, line in enumerate(lines):
        if match := begun.search(line):
            found[match[1]] = Failure(match[1]).add(telling(until(lines, n + 1, next_one)))
    for line in lines:  # what never ran has no lines of its own
        if match := re.match(r"^\t *\d+ - (\S+) \((.*)\)$", line):
            found.setdefault(match[1], Failure(match[1])).add([match[2]])
    return list(found.values())


def of_pytest(lines, _):
    # A long name leaves one line's mark before and behind it; "_ _ _" stands within a test.
    head = re.compile(r"^_+ (?!_ )(?:ERROR (?:at (?:setup|teardown) of|collecting) )?(.*?) _+$")
    end = re.compile(r"^_+ (?!_ ).* _+$|^=+ ")
    causes = {}
    for n, line in enumerate(lines):
        if match := head.match(line):
            block = until(lines, n + 1, end)
            said = [one[1:] for one in block if re.match(r"^E  ", one)]
            places = [one for one in block if re.match(r"^\S+\.py:\d+: ", one)]
            example = next((i for i, one in enumerate(block) if "Falsifying example" in one), None)
            examples = [] if example is None else block[example:example + 6]
            causes[match[1]] = [*said[:CAUSE_MAX - 6], *places[-1:], *examples]
    found = []
    for line in lines:
        if match := re.match(r"^(?:FAILED|ERROR) (\S+\.py(?:::.*?)?)(?: - (.*))?$", line):
            name = match[1].split("::", 1)[-1].replace("::", ".")
            found.append(Failure(match[1]).add([*causes.get(name, []), match[2] or ""]))
    return found


def of_tap(lines, _):
    found = []
    for n, line in enumerate(lines):
        if match := re.match(r"^ *not ok \d+ - (.*)$", line):
            if re.search(r" # (SKIP|TODO)\b", line):
                continue
            block = until(lines, n + 1, re.compile(r"^ *(\.\.\.|(not )?ok \d+ )"))
            said = [one for one in block
                    if not re.match(r"^ *(---|duration_ms:|type:|failureType:|stack:|code:|name:)", one)]
            frames = [one for one in said if re.search(r"\.m?js:\d+:\d+", one)]
            said = [one for one in said if one not in frames]
            found.append(Failure(match[1]).add(said[:CAUSE_MAX - 3] + frames[:3]))
    return found


def of_fuzzing(lines, folder):
    found = []
    for line in lines:
        if match := re.match(r"^fuzz (\S+): FAILED$", line):
            log = folder / f"fuzz-{match[1]}.log"
            found.append(Failure(f"fuzz {match[1]}").add(telling(read(log) if log.exists() else [])))
    return found


def of_building(lines, _):
    found = []
    for n, line in enumerate(lines):
        if match := re.match(r"^(FAILED: \S+|CMake Error.*)", line):
            block = until(lines, n + 1, re.compile(r"^\[\d+/\d+\]|^ninja: |^FAILED: |^CMake Error"))
            found.append(Failure(match[1]).add(telling(block[:400])))
        elif match := re.match(r"^(\S+\.[ch]):(\d+):\d+: error: code should be clang-formatted", line):
            if not any(failure.name == match[1] for failure in found):
                found.append(Failure(match[1]).add([line]))
    return found


def of_plain(lines, _):
    return [Failure(match[1]).add(telling(until(lines, n + 1, re.compile(r"^\S"))))
            for n, line in enumerate(lines) if (match := re.match(r"^FAILED  (\S.*)$", line))]


TOOLS = [of_tap, of_ctest, of_pytest, of_fuzzing, of_building, of_plain]


def read(path):
    return COLOUR.sub("", path.read_text(errors="replace")).splitlines()


def failures(path):
    lines = read(path)
    return [failure for tool in TOOLS for failure in tool(lines, path.parent)]


def main():
    *options, log = sys.argv[1:]
    found = failures(pathlib.Path(log))
    for failure in found:
        if "--names" in options:
            print(f"{failure.name}: {failure.cause[0]}"[:WIDTH_MAX] if failure.cause else failure.name)
        else:
            print(failure.name)
            for line in failure.cause[:CAUSE_MAX] if failure in found[:TOLD_MAX] else []:
                print("    " + line)


if __name__ == "__main__":
    main()
