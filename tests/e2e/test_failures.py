# SPDX-License-Identifier: Apache-2.0
"""tests/failures.py names what failed, whichever tool said so: the tools are run here on tests that
fail on purpose; of those that take long to build, what they say is laid down."""

import pathlib
import subprocess
import sys

import pytest

READER = pathlib.Path(__file__).resolve().parents[1] / "failures.py"


def said_of(log, *options):
    return subprocess.run([sys.executable, READER, *options, log], capture_output=True, text=True,
                          check=True).stdout


def log_of(folder, *command):
    log = folder / "suite.log"
    with open(log, "w", encoding="utf-8") as out:
        assert subprocess.run(command, cwd=folder, stdout=out, stderr=out, check=False).returncode
    return log


def test_a_test_of_node_is_told_with_what_was_expected(tmp_path):
    (tmp_path / "it.test.mjs").write_text("""
        import assert from "node:assert/strict";
        import { test } from "node:test";
        test("this one is fine", () => undefined);
        test("the rows are in order", () => assert.deepEqual(["A-17"], ["B-29"]));
        test("not today", { skip: true }, () => assert.fail());
        test("the door opens", () => { throw new Error("it is locked"); });
    """)
    log = log_of(tmp_path, "node", "--test", "--test-reporter=tap", "it.test.mjs")
    said = said_of(log)
    assert "the rows are in order" in said and "A-17" in said and "B-29" in said, said
    assert "the door opens" in said and "it is locked" in said and "it.test.mjs:7" in said, said
    assert "fine" not in said and "not today" not in said
    assert "the door opens: error: 'it is locked'" in said_of(log, "--names")


def test_a_test_of_pytest_is_told_with_its_assertion_and_its_place(tmp_path):
    (tmp_path / "test_it.py").write_text(
        "import hypothesis, pytest\n"
        "from hypothesis import strategies\n"
        "def test_fine(): pass\n"
        "@pytest.mark.parametrize('shelf', ['A-17'])\n"
        "def test_shelf(shelf): assert shelf == 'B-29'\n"
        f"def test_{'l' * 90}ong(): assert 'oil' == 'tea'\n"
        "@pytest.fixture\n"
        "def broken(): raise OSError('no such lamp')\n"
        "def test_lamp(broken): pass\n"
        "@hypothesis.settings(database=None)\n"
        "@hypothesis.given(strategies.integers())\n"
        "def test_small(n): assert n < 1000\n")
    log = log_of(tmp_path, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    said = said_of(log)
    assert "test_shelf[A-17]" in said and "assert 'A-17' == 'B-29'" in said, said
    assert "test_it.py:5: AssertionError" in said and "assert 'oil' == 'tea'" in said, said
    assert "test_lamp" in said and "no such lamp" in said, said
    assert "test_small" in said and "n=1000" in said, said
    assert "fine" not in said
    assert len(said_of(log, "--names").splitlines()) == 4


def test_a_test_of_ctest_is_told_with_what_it_said(tmp_path):
    (tmp_path / "failing").write_text(
        "#!/bin/sh\n"
        "echo '[ RUN      ] a lorry leaves'\n"
        "echo '[  ERROR   ] --- 0x11 != 0x1d'\n"
        "echo '[   LINE   ] --- tests/unit/test_lorry.c:12: error: Failure!'\n"
        "echo '[  FAILED  ] a lorry leaves'\n"
        "exit 1\n")
    (tmp_path / "failing").chmod(0o755)
    (tmp_path / "CTestTestfile.cmake").write_text(
        f'add_test("unit/lorry" "{tmp_path}/failing")\n'
        'add_test("unit/fine" "/bin/true")\n'
        f'add_test("unit/gone" "{tmp_path}/not-there")\n'
        'add_test("unit/silent" "/bin/sh" "-c" "echo the last words; kill -6 \\$\\$")\n')
    log = log_of(tmp_path, "ctest", "--output-on-failure", "-j2")
    said = said_of(log)
    assert "unit/lorry" in said and "test_lorry.c:12" in said and "a lorry leaves" in said, said
    assert "unit/gone" in said and "unit/silent" in said and "the last words" in said, said
    assert "unit/fine" not in said
    assert len(said_of(log, "--names").splitlines()) == 3


@pytest.mark.parametrize("log, named", [
    ("fuzz gs1: ok\nfuzz link: FAILED\n1 passed, 1 failed\n",
     ["fuzz link", "SUMMARY: libFuzzer: deadly signal", "build/fuzz-found/link-crash-1"]),
    ("[1/9] Building C object a.c.o\nFAILED: sync/b.c.o\ncc -c sync/b.c\n"
     "sync/b.c:7:3: error: unused variable 'lamp'\nninja: build stopped: subcommand failed.\n",
     ["FAILED: sync/b.c.o", "sync/b.c:7:3: error: unused variable 'lamp'"]),
    ("hal/scale.c:3:1: error: code should be clang-formatted [-Wclang-format-violations]\n",
     ["hal/scale.c"]),
    ("ok      nothing is lost (12 states)\nFAILED  nothing is doubled\n"
     "        pan:1: assertion violated (seen==1)\n1 passed, 1 failed\n",
     ["nothing is doubled", "assertion violated (seen==1)"]),
])
def test_what_other_tools_say_is_told(tmp_path, log, named):
    (tmp_path / "fuzz-link.log").write_text(
        "==7== ERROR: libFuzzer: deadly signal\n    #4 0x51 in take /src/sync/link/intake.c:9:2\n"
        "artifact_prefix='build/fuzz-found/link-'; Test unit written to"
        " build/fuzz-found/link-crash-1\nSUMMARY: libFuzzer: deadly signal\n")
    (tmp_path / "suite.log").write_text(log)
    said = said_of(tmp_path / "suite.log")
    for words in named:
        assert words in said, said
    assert "ok" not in said.split()


def test_many_failures_are_all_named_and_the_first_told(tmp_path):
    (tmp_path / "suite.log").write_text("".join(
        f"not ok {n} - test {n}\n  ---\n  error: 'reason {n}'\n  ...\n" for n in range(1, 41)))
    said = said_of(tmp_path / "suite.log")
    assert "test 40\n" in said and "reason 20\n" in said.replace("'", "") and "reason 21" not in said
