# SPDX-License-Identifier: Apache-2.0
"""vyaparctl as the program that it is, on real files: good, damaged, foreign, newer, forbidden."""

import json
import os
import pathlib
import pty
import re
import shutil
import sqlite3
import subprocess
import sys

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
BUILD = TOP / "build/release"
CTL = BUILD / "firmware/ctl/vyaparctl"
MASTER = TOP / "tests/data/master"
ORIGIN = "acme/wh-1/1"


@pytest.fixture(scope="module")
def site_class():
    if not (BUILD / "build.ninja").exists():
        subprocess.run(["cmake", "--preset", "release"], cwd=TOP, check=True,
                       stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", "build/release", "--target", "vyaparctl",
                    "product_shared"], cwd=TOP, check=True, stdout=subprocess.DEVNULL)
    sys.path.insert(0, str(TOP / "tests/property"))
    import product  # loads the shared object, so not before it is built
    return product.Site


@pytest.fixture
def site(site_class):
    """A journal of 60 entries, open as stationd would have it, with stock in two batches."""
    with site_class() as s:
        for i in range(29):
            goods = {"sku": "TEA", "batch": f"L{i % 2}", "expiry_day": 20800, "bin": "A-01",
                     "worker": "W1"}
            s.append(("received", goods | {"qty": 10, "value_paise": 1000, "document": "PO-1"}))
            s.append(("picked", goods | {"qty": 3, "document": "SO-1", "party": "OUT"}))
        s.append(("disposed", goods | {"qty": 1, "reason": "damaged", "note": "टूटा"}))
        s.commit()
        s.path = s.folder + "/journal.db"
        yield s


@pytest.fixture
def closed(site, tmp_path):
    """A copy that nobody has open."""
    path = tmp_path / "journal.db"
    with sqlite3.connect(site.path) as source, sqlite3.connect(path) as copy:
        source.backup(copy)
    copy.close()
    source.close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA journal_mode=WAL")
    db.close()
    return str(path)


def ctl(*arguments, **more):
    return subprocess.run([CTL, *arguments], capture_output=True, text=True, timeout=60, **more)


def change(path, sql, *values):
    db = sqlite3.connect(path)
    with db:
        db.execute(sql, values)
    db.close()


def test_verify_says_that_a_journal_is_whole_while_it_is_written(site):
    answer = ctl("journal", "verify", site.path, "--origin", ORIGIN)
    assert answer.returncode == 0, answer.stderr
    assert f"{ORIGIN}: 60 entries, the chain is whole" in answer.stdout
    site.append(("received", {"sku": "TEA", "bin": "A-01", "qty": 1}))
    site.commit()
    assert "61 entries" in ctl("journal", "verify", site.path).stdout


def test_a_reader_sees_nothing_of_an_open_transaction(site):
    site.append(("received", {"sku": "TEA", "bin": "A-01", "qty": 1}))
    assert "60 entries" in ctl("journal", "verify", site.path).stdout
    site.commit()
    assert "61 entries" in ctl("journal", "verify", site.path).stdout


@pytest.mark.parametrize("seq", [1, 30, 60])
def test_verify_names_the_first_damaged_entry(closed, seq):
    change(closed, "UPDATE entry SET body = substr(body, 1, length(body) - 1) || x'00'"
                   " WHERE seq >= ?", seq)
    answer = ctl("journal", "verify", closed)
    assert answer.returncode == 1 and answer.stdout == ""
    assert answer.stderr == (f"vyaparctl: {closed}: entry {seq} is damaged or missing; "
                             f"the {seq - 1} before it are good\n")


@pytest.mark.parametrize("sql, words", [
    ("DELETE FROM entry WHERE seq = 17", "entry 17 is damaged or missing"),
    ("DELETE FROM entry WHERE seq > 50", "entry 51 is damaged or missing"),
    ("UPDATE head SET hash = zeroblob(32)", "entry 60 is not the one that the head names"),
    ("UPDATE origin SET tenant = 'other'", "entry 1 is damaged or missing"),
    ("UPDATE origin SET epoch = 2", "entry 1 is damaged or missing"),
])
def test_verify_finds_what_was_cut_out_or_put_on_another_name(closed, sql, words):
    change(closed, sql)
    answer = ctl("journal", "verify", closed)
    assert answer.returncode == 1 and words in answer.stderr


def test_verify_tells_the_journal_of_another_tenant(closed):
    answer = ctl("journal", "verify", closed, "--origin", "other/wh-1/1")
    assert answer.returncode == 1
    assert "this is the journal of acme/wh-1/1, not of other/wh-1/1" in answer.stderr


def test_dump_prints_lines_for_people_and_for_tools(site):
    lines = ctl("journal", "dump", site.path).stdout.splitlines()
    assert len(lines) == 60
    assert lines[1] == ("2  2026-09-04 00:00:00  received 10 TEA batch L0 expiry 2026-12-13"
                        " bin A-01 document PO-1 by W1")
    assert lines[59].endswith("reason damaged by W1: टूटा")
    picked = ctl("journal", "dump", site.path, "--json", "--kind", "picked", "--from", "40")
    entries = [json.loads(line) for line in picked.stdout.splitlines()]
    assert [e["seq"] for e in entries] == list(range(41, 60, 2))
    assert all(e["kind"] == "picked" and e["qty"] == 3 for e in entries)


def test_dump_prints_what_is_before_the_damage(closed):
    change(closed, "UPDATE entry SET body = x'00' WHERE seq = 30")
    answer = ctl("journal", "dump", closed, "--json")
    assert len(answer.stdout.splitlines()) == 29
    assert answer.returncode == 1 and "journal verify says which" in answer.stderr


def test_balance_adds_up_and_finds_stock_that_no_entry_explains(closed):
    answer = ctl("journal", "balance", closed)
    assert answer.returncode == 0, answer.stderr
    header, *rows = [line.split("\t") for line in answer.stdout.splitlines()]
    held = {row[1]: dict(zip(header, row)) for row in rows}
    assert held["L0"]["received"] == "150" and held["L0"]["sold"] == "-45"
    assert held["L0"]["computed"] == held["L0"]["held"] == "104"
    change(closed, "UPDATE lot SET qty = qty + 5 WHERE batch = 1")
    answer = ctl("journal", "balance", closed)
    assert answer.returncode == 1 and "DIFFERS" in answer.stdout
    assert "1 of 2 batches hold other stock" in answer.stderr


def test_rebuild_mends_the_folds_and_the_digest_shows_it(closed):
    good = ctl("journal", "digest", closed).stdout
    assert len(good) == 65
    change(closed, "UPDATE lot SET qty = qty + 5 WHERE batch = 1")
    assert ctl("journal", "digest", closed).stdout != good
    answer = ctl("journal", "rebuild", closed)
    assert answer.returncode == 0 and answer.stdout == good, answer.stderr
    assert ctl("journal", "balance", closed).returncode == 0


def test_rebuild_refuses_while_another_process_has_it_open(site):
    before = site.digest()
    answer = ctl("journal", "rebuild", site.path)
    assert answer.returncode == 1
    assert "another process has it open: stop stationd first" in answer.stderr
    assert site.digest() == before


def test_rebuild_leaves_a_damaged_journal_alone(closed):
    change(closed, "UPDATE entry SET body = x'00' WHERE seq = 30")
    answer = ctl("journal", "rebuild", closed)
    assert answer.returncode == 1 and "entry 30 is damaged" in answer.stderr


@pytest.mark.parametrize("sql, words", [
    ("PRAGMA user_version = 99", "schema version 99: this release knows up to"),
    ("PRAGMA user_version = 1", "of an older release: open it with stationd once"),
    ("UPDATE fold SET version = 99 WHERE name = 'stock'", "folds are of another release"),
])
def test_a_journal_of_another_release_is_said_to_be_one(closed, sql, words):
    change(closed, sql)
    for command in ("verify", "dump", "balance", "digest", "rebuild"):
        answer = ctl("journal", command, closed)
        assert answer.returncode == 1 and words in answer.stderr, command


def test_what_is_no_journal_is_refused_with_its_name(tmp_path):
    nothing = tmp_path / "nothing.db"
    assert "No such file or directory" in ctl("journal", "verify", nothing).stderr
    assert not nothing.exists()
    text = tmp_path / "text.db"
    text.write_text("not a database\n" * 100)
    other = tmp_path / "other.db"
    change(other, "CREATE TABLE t(x)")
    empty = tmp_path / "empty.db"
    empty.write_bytes(b"")
    for path, words in [(text, "damaged"), (other, "no journal"), (empty, "no journal")]:
        answer = ctl("journal", "verify", path)
        assert answer.returncode == 1 and str(path) in answer.stderr and words in answer.stderr


@pytest.mark.skipif(os.getuid() == 0 and shutil.which("setpriv") is None,
                    reason="root may read everything, and setpriv is missing")
def test_a_file_without_permission_is_said_to_be_one(closed):
    os.chmod(closed, 0)
    drop = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    folder = pathlib.Path(closed).parent
    for part in [folder, *folder.parents][:-2]:
        part.chmod(part.stat().st_mode | 0o005)
    command = [CTL, "journal", "verify", closed]
    answer = subprocess.run(drop + command if os.getuid() == 0 else command, capture_output=True,
                            text=True, timeout=60)
    assert answer.returncode == 1 and "Permission denied" in answer.stderr


@pytest.mark.parametrize("name", ["catalogue", "parties", "bins", "workers", "orders"])
def test_good_documents_are_good(name):
    answer = ctl("documents", "check", name, MASTER / f"{name}.csv")
    assert answer.returncode == 0 and answer.stdout.endswith(f"{name}.csv: good\n"), answer.stderr


@pytest.mark.parametrize("name, body, words", [
    ("bins", "bin,kind\nA,rack\nB,shelf\n", "line 3: kind"),
    ("bins", "bin,kind\nA,rack\nA,rack\n", "line 3"),
    ("bins", "bin\nA\n", "kind"),
    ("catalogue", "sku,name,unit,piece_gtin\nTEA,Tea,piece,8901234000022\n", "check digit"),
    ("orders", "document,kind,line,party,sku,qty\nSO,sale,1,P,TEA,-4\n", "line 2: qty"),
])
def test_a_wrong_document_is_told_by_line_and_column(tmp_path, name, body, words):
    path = tmp_path / "wrong.csv"
    path.write_text(body)
    answer = ctl("documents", "check", name, path)
    assert answer.returncode == 1 and str(path) in answer.stderr and words in answer.stderr


def test_documents_leave_nothing_behind(tmp_path):
    before = set(pathlib.Path("/tmp").glob("vyaparctl-*"))
    ctl("documents", "check", "bins", MASTER / "bins.csv")
    assert set(pathlib.Path("/tmp").glob("vyaparctl-*")) == before


def test_config_check_names_line_key_and_range(tmp_path):
    path = tmp_path / "stationd.ini"
    path.write_text("[site]\ntenant = acme\n")
    assert ctl("config", "check", path).returncode == 0
    path.write_text("[site]\ntenant = acme\n[web]\nport = 99999\n")
    answer = ctl("config", "check", path)
    assert answer.returncode == 1 and "line 4" in answer.stderr and "port" in answer.stderr
    path.write_text("[site]\ntennant = acme\n")
    assert "tennant" in ctl("config", "check", path).stderr


def crypt_of(pin, digest):
    """crypt(3) of the system, through Perl: Python's own module is going away."""
    return subprocess.run(["perl", "-e", "print crypt($ARGV[0], $ARGV[1])", pin, digest],
                          capture_output=True, text=True, check=True).stdout


def test_pin_from_a_pipe_gives_a_yescrypt_hash_of_it():
    answer = ctl("pin", input="4711\n")
    digest = answer.stdout.strip()
    assert answer.returncode == 0 and digest.startswith("$y$")
    assert crypt_of("4711", digest) == digest != crypt_of("4712", digest)
    assert ctl("pin", input="4711\n").stdout != answer.stdout  # salted


@pytest.mark.parametrize("typed", ["", "123\n", "12a4\n", "1234567890123\n", "9" * 200 + "\n"])
def test_what_is_no_pin_is_refused_without_repeating_it(typed):
    answer = ctl("pin", input=typed)
    assert answer.returncode == 1 and answer.stdout == ""
    assert answer.stderr == "vyaparctl: PIN: 4 to 12 digits\n"


def at_terminal(*lines):
    """(exit code, all that the terminal showed) of vyaparctl pin; types a line at each prompt."""
    pid, master = pty.fork()
    if pid == 0:
        os.execv(CTL, [CTL, "pin"])
    shown = b""
    waiting = list(lines)
    while True:
        try:
            got = os.read(master, 1024)
        except OSError:
            break
        if not got:
            break
        shown += got
        if waiting and shown.endswith(b": "):
            os.write(master, waiting.pop(0).encode() + b"\n")
    os.close(master)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()


def test_pin_at_a_terminal_is_asked_twice_and_not_shown():
    code, shown = at_terminal("4711", "4711")
    assert code == 0 and "4711" not in shown
    digest = shown.split()[-1]
    assert crypt_of("4711", digest) == digest
    code, shown = at_terminal("4711", "4712")
    assert code == 1 and "the two are not the same" in shown


@pytest.mark.parametrize("arguments", [
    [], ["journal"], ["journal", "mend", "x"], ["journal", "verify"], ["journal", "dump", "x", "y"],
    ["journal", "dump", "x", "--kind", "sold"], ["journal", "dump", "x", "--from", "0"],
    ["documents", "check", "prices", "x"], ["documents", "check", "bins"], ["pin", "1234"],
    ["config", "check"], ["journal", "balance", "x", "y"]])
def test_a_wrong_command_line_ends_with_2_and_says_why(arguments):
    answer = ctl(*arguments)
    assert answer.returncode == 2 and answer.stdout == "" and answer.stderr


def test_help_lists_every_command():
    answer = ctl("--help")
    assert answer.returncode == 0
    for command in ("journal verify", "journal dump", "journal balance", "journal digest",
                    "journal rebuild", "documents check", "config check", "pin"):
        assert f"\n  {command} " in answer.stdout


def payloads(zpl):
    """What the symbols of printed labels say, ZPL's escapes undone."""
    return [text.replace("__", "_")
            for text in re.findall(r"\^BXN,\d+,200,,,,_\^FH\\\^FD(.*?)\^FS", zpl)]


def test_command_cards_carry_commands_that_posts_understand():
    said = payloads(ctl("cards", "commands").stdout)
    assert len(said) == len(set(said)) > 40
    assert all(text.startswith("VS*") for text in said)
    for command in ("flow:receive", "flow:put_away", "ok", "undo", "packs:12", "reason:damaged",
                    "language:hi"):
        assert "VS*" + command in said


def test_bins_and_badges_are_printed_from_their_documents():
    assert payloads(ctl("cards", "bins", MASTER / "bins.csv").stdout)[0].startswith("VB*")
    assert payloads(ctl("cards", "badges", MASTER / "workers.csv").stdout)[0] == "VW*W01"
    wrong = ctl("cards", "badges", MASTER / "bins.csv")
    assert wrong.returncode == 1 and 'column "worker" is missing' in wrong.stderr


# ---- wire decode: payloads of the link ----

WIRE = TOP / "tests/data/wire"


@pytest.fixture
def built(site_class):
    """vyaparctl, for tests that need no journal."""


@pytest.mark.parametrize("name", ["v1-batch-64.json", "v1-batch-64.columns", "v1-batch-64.zstd",
                                  "v2-batch-64.zstd", "v2-batch-64.predicted"])
def test_wire_decode_prints_a_batch_as_json_lines(built, name):
    answer = ctl("wire", "decode", WIRE / name)
    assert answer.returncode == 0, answer.stderr
    head, *entries = [json.loads(line) for line in answer.stdout.splitlines()]
    assert (head["payload"], head["dev"], head["n"]) == ("batch", "wh-1", 64)
    assert [e["seq"] for e in entries] == list(range(1, 65))
    plain = (WIRE / "v1-batch-64.json").read_text().splitlines()[1:]
    assert entries == [json.loads(line) for line in plain]


def test_wire_decode_says_which_entries_a_batch_needs(built):
    answer = ctl("wire", "decode", WIRE / "v2-batch-1-behind-64.predicted")
    assert answer.returncode == 1
    assert "the 64 entries before 65 have to be known: name the journal.db" in answer.stderr
    head = json.loads(answer.stdout)
    assert (head["first_seq"], head["n"], head["context"]) == (65, 1, 64)


@pytest.mark.parametrize("name, kind", [("v1-chunk", "chunk"), ("v1-delta", "delta"),
                                        ("v1-snapshot", "snapshot")])
def test_wire_decode_names_what_goes_down(built, name, kind):
    answer = ctl("wire", "decode", WIRE / name)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["payload"] == kind


def test_wire_decode_reads_a_message_from_standard_input(built):
    message = '{"m":"ack","s":65537,"wm":42,"safe":40}'
    answer = ctl("wire", "decode", input=message)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == json.loads(message)


@pytest.mark.parametrize("content, words", [
    (b"", "0 bytes"),
    (b"\x63hello", "format 99 is of a newer release"),
    (b"\x02\x01hello", "no zstd frame"),
    (b"\x10\x8a\x01", "chunk: session"),
    (b"\x11short", "packed document: cut"),
    (b'{"m":"ack","s":1}', "wm: is missing"),
    (b'{"wire":1}\n', "line 1: no head of a batch"),
])
def test_wire_decode_says_what_is_wrong_with_a_broken_payload(built, tmp_path, content, words):
    path = tmp_path / "payload"
    path.write_bytes(content)
    answer = ctl("wire", "decode", path)
    assert answer.returncode == 1
    assert words in answer.stderr and str(path) in answer.stderr
    assert answer.stdout == ""


def test_wire_decode_names_where_a_batch_is_cut(built, tmp_path):
    path = tmp_path / "payload"
    path.write_bytes((WIRE / "v1-batch-64.columns").read_bytes()[:1000])
    answer = ctl("wire", "decode", path)
    assert answer.returncode == 1
    assert re.search(r"cut, before byte \d+ of the columns", answer.stderr)
