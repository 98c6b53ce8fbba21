#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the C tables of Application Identifiers and code lists from gs1_ai.csv and gs1_codes.csv.

generate.py          rewrites ../gs1_ai_table.c and ../gs1_code_table.c
generate.py --check  exits 1, naming the file, when a committed table is not what would be written
"""
import csv
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent
CHARSETS = {"N": "GS1_DIGITS", "X": "GS1_SET_82", "Y": "GS1_SET_39", "Z": "GS1_BASE64URL"}
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MEMBERS = {  # GS1 General Specifications, figures 7.11-1 to 7.11-3
    "GS1_DIGITS": "0123456789",
    "GS1_SET_82": UPPER + UPPER.lower() + "0123456789!\"%&'()*+,-./_:;<=>?",
    "GS1_SET_39": UPPER + "0123456789#-/",
    "GS1_BASE64URL": UPPER + UPPER.lower() + "0123456789-_",
}
CLASSES_MAX = 128  # the bits of struct gs1_class_set; class 0 is "in no association"
# Its content is a North American coupon's, which nobody here acts on.
UNCHECKED = {"couponcode", "couponposoffer"}


def rows(name):
    with open(HERE / name, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


class Pool:
    """Numbers equal things once, in the order of their first use."""

    def __init__(self, *first):
        self.items = list(first)

    def add(self, item):
        if item not in self.items:
            self.items.append(item)
        return self.items.index(item)


def matches(pattern, ai):
    return len(pattern) == len(ai) and all(p in ("n", c) for p, c in zip(pattern, ai))


def classes_of(ais):
    """Partitions the AIs so that every pattern of an association is a union of parts."""
    patterns = set()
    for ai in ais:
        for field in ("requires", "excludes"):
            patterns.update(p for p in re.split("[&;+]", ai[field]) if p)
    by_signature = {}
    klass = {}
    for ai in ais:
        digits = ai["ai"]
        hit = tuple(sorted(p for p in patterns if matches(p, digits)))
        klass[digits] = 0 if not hit else by_signature.setdefault(hit, len(by_signature) + 1)
    assert len(by_signature) < CLASSES_MAX
    return klass


def class_set(pattern_list, klass):
    bits = 0
    for pattern in pattern_list:
        hit = {k for d, k in klass.items() if matches(pattern, d)}
        assert hit, pattern
        for k in hit:
            bits |= 1 << k
    return bits


def words(bits):
    return "{{0x%016xU, 0x%016xU}}" % (bits & (2**64 - 1), bits >> 64)


def component(text, tests):
    m = re.fullmatch(r"(\[?)([NXYZ])(\.\.)?(\d+)\]?", text)
    low = 1 if m[3] else int(m[4])
    names = [t for t in tests.split("+") if t != "-" and t not in UNCHECKED]
    assert len(names) <= 3
    tests_c = ", ".join("GS1_TEST_" + n.upper() for n in names) or "GS1_TEST_NONE"
    return "{%s, %d, %s, %s, {%s}}" % (
        CHARSETS[m[2]], low, m[4], "true" if m[1] else "false", tests_c)


def excluded(a):
    return a["excludes"].split(";") if a["excludes"] else []


def flags(a):
    assert a["predefined_length"] != a["fnc1_after"]
    names = [
        ("GS1_AI_SEPARATED", a["fnc1_after"] == "1"),
        ("GS1_AI_LINK_KEY", a["dl_role"] == "key"),
        ("GS1_AI_LINK_ATTRIBUTE", a["dl_attr_ok"] == "1"),
        ("GS1_AI_ONE_OF_CLASS", any(matches(p, a["ai"]) for p in excluded(a))),
        ("GS1_AI_SIGNATURE", a["ai"] == "8030"),
        ("GS1_AI_SERIAL_OPTIONAL", a["ai"] in ("253", "255", "8003")),
    ]
    return " | ".join(n for n, on in names if on) or "0"


def ai_table():
    ais = rows("gs1_ai.csv")
    klass = classes_of(ais)
    assert [a["ai"] for a in ais] == sorted(a["ai"] for a in ais)  # checks run in this order
    formats, requires, excludes = Pool(), Pool(()), Pool(0)
    qualifiers = Pool("")
    records = []
    for a in ais:
        parts, tests = a["components"].split(), a["component_tests"].split()
        assert len(parts) == len(tests), a
        fmt = formats.add(tuple(component(p, t) for p, t in zip(parts, tests)))
        clauses = []
        for clause in a["requires"].split("&") if a["requires"] else []:
            alternatives = clause.split(";")
            any_of = class_set([x for x in alternatives if "+" not in x], klass)
            both = tuple(class_set(x.split("+"), klass) for x in alternatives if "+" in x)
            clauses.append((any_of, both))
        req = requires.add(tuple(clauses))
        # Its own class is a flag: only another AI of the class is meant, never the AI itself.
        exc = excludes.add(class_set(excluded(a), klass) & ~(1 << klass[a["ai"]]))
        quals = qualifiers.add(a["dl_qualifiers"])
        records.append(
            '{"%s", %d, %d, %d, %d, %s, %s, %d, %d, %d, %d}' % (
                a["ai"], len(a["ai"]), fmt, int(a["min_len"]), int(a["max_len"]),
                a["implied_decimals"] or "GS1_NO_DECIMALS", flags(a), klass[a["ai"]], req, exc,
                quals))

    out = ["/* SPDX-License-Identifier: Apache-2.0 */",
           "/* Generated by tables/generate.py from tables/gs1_ai.csv; do not edit. */",
           "/* Facts: GS1 Barcode Syntax Dictionary, (c) GS1 AISBL, Apache License 2.0. */",
           '#include "gs1_ai_table.h"', "", "/* clang-format off */"]

    def array(head, items):
        out.append("")
        out.append(head + " = {")
        out.extend("    %s," % i for i in items)
        out.append("};")

    bits = {name: 1 << i for i, name in enumerate(MEMBERS)}
    sets = [sum(bits[n] for n, members in MEMBERS.items() if chr(c) in members)
            for c in range(256)]
    array("const uint8_t gs1_charsets[256]",
          [", ".join(map(str, sets[i:i + 16])) for i in range(0, 256, 16)])

    flat, heads = [], []
    for f in formats.items:
        heads.append("{%d, %d}" % (len(flat), len(f)))
        flat.extend(f)
    array("const struct gs1_component gs1_components[]", flat)
    array("const struct gs1_format gs1_formats[]", heads)

    both_flat, clause_flat, heads = [], [], []
    for clauses in requires.items:
        heads.append("{%d, %d}" % (len(clause_flat), len(clauses)))
        for any_of, both in clauses:
            clause_flat.append("{%s, %d, %d}" % (words(any_of), len(both_flat), len(both)))
            both_flat.extend(words(b) for b in both)
    array("const struct gs1_class_set gs1_conjunctions[]", both_flat)
    array("const struct gs1_clause gs1_clauses[]", clause_flat)
    array("const struct gs1_requirement gs1_requirements[]", heads)
    array("const struct gs1_class_set gs1_exclusions[]", [words(e) for e in excludes.items])

    index = {a["ai"]: i for i, a in enumerate(ais)}
    sequence, heads = [], []
    for q in qualifiers.items:
        lists = [x.split(";") for x in q.split("|")] if q else []
        heads.append("{%d, %d}" % (len(sequence), len(lists)))
        for one in lists:
            assert len(one) <= 3
            sequence.append("{%d, {%s}}" % (len(one), ", ".join(str(index[x]) for x in one)))
    array("const struct gs1_qualifier_list gs1_qualifier_lists[]", sequence)
    array("const struct gs1_qualifiers gs1_qualifiers[]", heads)

    slots, prefixes = [0], []
    for p in range(100):
        head = "%02d" % p
        here = [a["ai"] for a in ais if a["ai"].startswith(head)]
        if not here:
            prefixes.append("{0, 0}")
            continue
        (length,) = {len(d) for d in here}  # the first two digits fix the length
        prefixes.append("{%d, %d}" % (length, len(slots)))
        block = [0] * 10 ** (length - 2)
        for d in here:
            block[int(d[2:] or "0")] = index[d] + 1
        slots += block
    array("const struct gs1_prefix gs1_prefixes[100]", prefixes)
    array("const uint16_t gs1_slots[]",
          [", ".join(map(str, slots[i:i + 20])) for i in range(0, len(slots), 20)])
    array("const struct gs1_ai gs1_ai_table[GS1_AI_COUNT]", records)
    assert len(ais) == 541, "GS1_AI_COUNT in gs1_ai.h"
    return "\n".join(out) + "\n"


def code_table():
    lists = {}
    for r in rows("gs1_codes.csv"):
        lists.setdefault(r["kind"], []).append(r["code"])
    out = ["/* SPDX-License-Identifier: Apache-2.0 */",
           "/* Generated by tables/generate.py from tables/gs1_codes.csv; do not edit. */",
           "/* Facts: GS1 Barcode Syntax Dictionary, (c) GS1 AISBL, Apache License 2.0. */",
           '#include "gs1_code.h"', "", "/* clang-format off */"]
    heads = []
    for kind in sorted(lists):
        codes = sorted(lists[kind])
        width = max(map(len, codes))
        out += ["", "static const char %s[][%d] = {" % (kind, width + 1)]
        per_line = 80 // (width + 4)
        out += ["    " + " ".join('"%s",' % c for c in codes[i:i + per_line])
                for i in range(0, len(codes), per_line)]
        out.append("};")
        heads.append("    [GS1_CODE_%s] = {%s[0], sizeof(%s) / sizeof(%s[0]), %d}," % (
            kind.upper(), kind, kind, kind, width))
    out += ["", "const struct gs1_code_list gs1_code_lists[] = {", *heads, "};"]
    return "\n".join(out) + "\n"


def main():
    stale = 0
    for name, text in (("gs1_ai_table.c", ai_table()), ("gs1_code_table.c", code_table())):
        path = TOP / name
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            print(f"{name} is not what tables/generate.py writes: run it and commit")
            stale = 1
    return stale


sys.exit(main())
