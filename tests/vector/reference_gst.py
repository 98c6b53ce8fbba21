#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""reference_gst.py SEED RUNNER...: a second reading of the GST rules, written apart from the product in
decimal and calendar arithmetic of Python. It draws rows, says what they must give, and lets the
vector runner judge them. Ends with "N passed, N failed"."""
import csv
import datetime
import pathlib
import random
import re
import subprocess
import sys
import tempfile
from decimal import ROUND_HALF_UP, Decimal

DAY = datetime.timedelta(days=1)
CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
GSTIN = re.compile(r"[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z][Z1-9ABD-J][0-9A-Z]")
STATES = {f"{n:02d}" for n in (*range(1, 25), 26, 27, *range(29, 39), 97)}
LEGACY = {"25", "28"}
PLACES = ["04", "07", "24", "27", "29", "33", "38", "97"]


def paise(amount):
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def yes(flag):
    return "Y" if flag else "N"


def number(rng, digits, places):
    return Decimal(rng.randint(0, 10**digits)).scaleb(-rng.choice(places))


def place(rng):
    """Who sells to whom, and the place of supply that follows."""
    row = {
        "doc_date": "2026-04-10",
        "supplier_state": rng.choice(PLACES),
        "bill_to_state": rng.choice(PLACES),
        "delivery_state": rng.choice(PLACES),
        "recipient_type": rng.choice(["REG", "REG", "URP", "SEZ"]),
    }
    unregistered = row["recipient_type"] == "URP"
    row["recipient_address_state"] = rng.choice([*PLACES, ""]) if unregistered else ""
    row["txn_type"] = "REGULAR" if unregistered else rng.choice(["REGULAR", "BILL_TO_SHIP_TO"])
    if unregistered:
        pos = row["recipient_address_state"] or row["supplier_state"]
    elif row["txn_type"] == "REGULAR":
        pos = row["delivery_state"]
    else:
        pos = row["bill_to_state"]
    inter = pos != row["supplier_state"] or row["recipient_type"] == "SEZ"
    row |= {"exp_place_of_supply": pos, "exp_kind": "INTER" if inter else "INTRA"}
    return row


def line(rng, inter):
    quantity, price = number(rng, 5, [0, 0, 1, 3]), number(rng, 6, [0, 1, 2, 4, 6])
    percent = rng.choice(["0", "", "2.5", "33.33", "7.125", "100", "0.5"])
    gst, cess = rng.choice(["0", "0.25", "1.5", "3", "5", "12", "18", "28", "40"]), rng.choice(
        ["0", "0", "", "12", "22.5"]
    )
    gross = paise(quantity * price)
    first = paise(gross * Decimal(percent or 0) / 100)
    second = paise((gross - first) * rng.choice([0, 0, 1, rng.randint(0, 99)]) / 100)
    second = min(second, gross - first)
    net, with_tax = gross - first - second, rng.random() < 0.5
    rate, extra = Decimal(gst), Decimal(cess or 0)
    taxable = paise(net * 100 / (100 + rate + extra)) if with_tax else net
    half = Decimal("0.00") if inter else paise(taxable * rate / 200)
    igst = paise(taxable * rate / 100) if inter else Decimal("0.00")
    cess_amount = paise(taxable * extra / 100)
    return {
        "qty": f"{quantity:f}",
        "unit_price": f"{price:f}",
        "price_includes_tax": yes(with_tax),
        "discount_pct": percent,
        "discount_amt": f"{second:f}",
        "gst_rate": gst,
        "cess_rate": cess,
        "exp_gross": gross,
        "exp_discount": first + second,
        "exp_taxable": taxable,
        "exp_cgst": half,
        "exp_sgst": half,
        "exp_igst": igst,
        "exp_cess": cess_amount,
        "exp_line_total": taxable + 2 * half + igst + cess_amount,
    }


def invoices(rng, count):
    lines, totals = [], []
    for n in range(count):
        head = {"case_id": f"R{n}"} | place(rng)
        mine = [head | line(rng, head["exp_kind"] == "INTER") for _ in range(rng.randint(1, 5))]
        lines += mine
        columns = ("exp_taxable", "exp_cgst", "exp_sgst", "exp_igst", "exp_cess")
        total = sum(row["exp_line_total"] for row in mine)
        payable = total.quantize(Decimal(1), ROUND_HALF_UP)
        totals.append(
            {key: head[key] for key in ("case_id", "exp_place_of_supply", "exp_kind")}
            | {key: sum(row[key] for row in mine) for key in columns}
            | {"exp_total_before_round": total, "exp_round_off": payable - total,
               "exp_payable": payable}
        )
    return lines, totals


def check_character(first14):
    total = 0
    for i, character in enumerate(first14):
        quotient, remainder = divmod(CHARACTERS.index(character) * (1 + i % 2), 36)
        total += quotient + remainder
    return CHARACTERS[-total % 36]


def gstin(rng):
    letters = CHARACTERS[10:]
    text = f"{rng.randint(0, 99):02d}" + "".join(rng.choice(letters) for _ in range(5))
    text += f"{rng.randint(0, 9999):04d}" + rng.choice(letters) + rng.choice(CHARACTERS)
    text += rng.choice("ZZZZ1C0DKY")
    text += check_character(text) if rng.random() < 0.7 else rng.choice(CHARACTERS)
    if rng.random() < 0.2:
        at = rng.randrange(len(text))
        text = rng.choice([text[:at] + text[at + 1:], text[:at] + text[at:].lower(), text + "X",
                           text[:at] + rng.choice(" -ZO0a1é") + text[at + 1:]])
    typed = rng.choice(["", " ", "\t"]) + text + rng.choice(["", " "])
    normal = typed.strip().upper()
    reason = "OK"
    if len(normal) != 15:
        reason = "LENGTH"
    elif not GSTIN.fullmatch(normal):
        reason = "FORMAT"
    elif normal[:2] not in STATES | LEGACY:
        reason = "STATE"
    elif normal[14] != check_character(normal[:14]):
        reason = "CHECKSUM"
    elif normal[:2] in LEGACY:
        reason = "LEGACY_STATE"
    verdict = {"OK": "valid", "LEGACY_STATE": "legacy"}.get(reason, "invalid")
    known = verdict != "invalid"
    return {"gstin": typed, "expected": verdict, "reason": reason,
            "state_code": normal[:2] if known else "", "pan": normal[2:12] if known else ""}


def validity(rng, n):
    start = datetime.datetime(2020, 1, 1) + datetime.timedelta(minutes=rng.randint(0, 10**7))
    km, cargo = rng.randint(1, 4000), rng.choice(["regular", "odc", "ship_multimodal"])
    days = -(-km // (200 if cargo == "regular" else 20))
    return {"case_id": n, "part_b_generated_ist": f"{start:%Y-%m-%d %H:%M}", "distance_km": km,
            "cargo": cargo, "days": days, "valid_upto_ist": f"{start.date() + days * DAY} 23:59"}


def year_of(day):
    return day.year if day.month >= 4 else day.year - 1


def retention(rng):
    day = datetime.date(2017, 7, 1) + rng.randint(0, 6000) * DAY
    year = year_of(day)
    return {"document_date": day, "financial_year": f"{year}-{(year + 1) % 100:02d}",
            "annual_return_due": f"{year + 1}-12-31", "exp_keep_until": f"{year + 7}-12-31"}


def credit_note(rng, n):
    invoice = datetime.date(2024, 4, 1) + rng.randint(0, 2000) * DAY
    note = invoice + rng.randint(0, 900) * DAY
    last = datetime.date(year_of(invoice) + 1, 11, 30)
    filed = datetime.date(year_of(invoice) + 1, 4, 1) + rng.randint(0, 400) * DAY
    filed = filed if rng.random() < 0.4 else None
    discount, regime = rng.random() < 0.5, rng.choice(["BEFORE", "AFTER"])
    agreed, reversed_ = rng.choice(["Y", "N", ""]), rng.choice(["Y", "N"])
    if filed:
        last = min(last, filed)
    reason = "OK"
    if note > last:
        reason = "TIME_LIMIT"
    elif discount and regime == "BEFORE" and agreed != "Y":
        reason = "NO_PRIOR_AGREEMENT"
    elif (discount or note >= datetime.date(2025, 10, 1)) and reversed_ != "Y":
        reason = "ITC_NOT_REVERSED"
    good = reason == "OK"
    return {"case_id": n, "invoice_date": invoice, "credit_note_date": note,
            "reason": "POST_SUPPLY_DISCOUNT" if discount else "RETURN", "s15_3_regime": regime,
            "agreed_before_supply": agreed, "recipient_reversed_itc": reversed_,
            "annual_return_filed_on": filed or "", "exp_last_date": last, "exp_reason": reason,
            "exp_note_kind": "GST_CREDIT_NOTE" if good else "COMMERCIAL_CREDIT_NOTE",
            "exp_reduces_output_tax": yes(good)}


def write(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def main():
    seed, runner = int(sys.argv[1]), sys.argv[2:]  # a foreign runner has its emulator before it
    rng = random.Random(seed)
    lines, totals = invoices(rng, 400)
    kinds = {
        "gst_tax": lines,
        "gst_invoice": totals[:100],  # each reads the file of lines once
        "gstin": [gstin(rng) for _ in range(2000)],
        "eway_validity": [validity(rng, n) for n in range(1000)],
        "retention": [retention(rng) for _ in range(500)],
        "credit_note": [credit_note(rng, n) for n in range(1000)],
    }
    passed = failed = 0
    print("seed", seed)
    with tempfile.TemporaryDirectory() as folder:
        for kind, rows in kinds.items():
            write(pathlib.Path(folder) / f"{kind}_drawn.csv", rows)
        for kind in kinds:
            run = subprocess.run([*runner, kind, f"{folder}/{kind}_drawn.csv"],
                                 capture_output=True, text=True, check=False)
            counts = re.search(r"^(\d+) passed, (\d+) failed$", run.stdout, re.MULTILINE)
            if run.returncode != 0 or not counts:
                print(run.stdout[-3000:], run.stderr)
            passed += int(counts[1]) if counts else 0
            failed += int(counts[2]) if counts else 1
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


main()
