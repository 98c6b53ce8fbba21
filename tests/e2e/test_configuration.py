# SPDX-License-Identifier: Apache-2.0
"""What stationd is told wrongly: it does not start, and says what, where and what is allowed."""

import json
import os
import socket
import subprocess

import pytest

from site_under_test import free_port


def refusal(one, text=None, path=None, *options):
    """What stationd says when it does not start; its exit status must be 1."""
    conf = path or one.folder / "given.conf"
    if text is not None:
        conf.write_text(text)
    run = subprocess.run([one.build / "firmware" / "stationd", "--config", conf, *options],
                         capture_output=True, text=True, timeout=30, check=False)
    assert run.returncode == 1, run.stderr
    return run.stderr


def settings(one, **more):
    """A configuration that works, as text, with lines of a section replaced or added."""
    lines = []
    for section, keys in one.settings.items():
        lines.append(f"[{section}]")
        lines += [f"{k} = {v}" for k, v in (keys | more.get(section, {})).items()]
    return "\n".join(lines) + "\n"


def line_of(text, what):
    return 1 + [line.split(" ")[0] for line in text.splitlines()].index(what)


BAD = [
    ("an unknown key", "floor", "pots1", "x", ["[floor] pots1", "no such key"]),
    ("a number that is none", "web", "port", "http", ["[web] port", "http", "0 to 65535"]),
    ("a number out of range", "web", "port", "70000", ["[web] port", "70000", "0 to 65535"]),
    ("neither true nor false", "floor", "pin_required", "maybe",
     ["[floor] pin_required", "maybe", "true or false"]),
    ("a text too long", "site", "device", "x" * 80, ["[site] device", "1 to 32 bytes"]),
]


@pytest.mark.parametrize("section, key, value, words", [row[1:] for row in BAD],
                         ids=[row[0] for row in BAD])
def test_a_bad_line_is_named_by_file_and_line_and_key_and_what_is_allowed(site, section, key, value,
                                                                          words):
    one = site()
    text = settings(one, **{section: {key: value}})
    said = refusal(one, text)
    for word in [str(one.folder / "given.conf"), f"line {line_of(text, key)}", *words]:
        assert word in said, said
    assert not one.journal.exists()


BAD_LINES = [
    ("post of two words", "floor", "post1", "dock DOCK", ["post1", "NAME DOCK_BIN QUARANTINE_BIN"]),
    ("two posts of one name", "floor", "post2", "dock DOCK QUAR", ["two posts are called dock"]),
    ("a bin that is not there", "floor", "post1", "dock ATTIC QUAR", ["no bin ATTIC"]),
    ("an unknown driver", "devices", "scanner1", "usb /dev/x post=dock",
     ["scanner1", "usb", "evdev", "serial"]),
    ("a scanner without a post", "devices", "scanner1", "serial /dev/x", ["scanner1", "post=NAME"]),
    ("a scanner of no post", "devices", "scanner1", "serial /dev/x post=attic",
     ["scanner1", "attic"]),
    ("an option that is not known", "devices", "scale1", "rtu /dev/x post=dock speed=9",
     ["scale1", "speed", "baud"]),
    ("an unknown profile", "devices", "scale1", "rtu /dev/x post=dock profile=none",
     ["scale1", "none", "laumas_tl"]),
    ("a baud rate out of range", "devices", "scale1",
     "rtu /dev/x post=dock profile=laumas_tl baud=5", ["scale1", "baud", "1200", "115200"]),
    ("a printer without a port", "devices", "printer1", "tcp 127.0.0.1", ["printer1", "PORT"]),
    ("two devices of one name", "devices", "scanner2",
     "serial /dev/y post=pick name=twin", ["twin"]),
    ("a clock that is none", "clock", "source", "sundial", ["sundial", "lapse:"]),
    ("a layout that is none", "barcode", "instore1", "XX", ["XX"]),
    ("an address that is none", "web", "bind", "everywhere", ["everywhere"]),
]


@pytest.mark.parametrize("section, key, value, words", [row[1:] for row in BAD_LINES],
                         ids=[row[0] for row in BAD_LINES])
def test_a_line_that_contradicts_is_refused_with_what_is_allowed(site, section, key, value, words):
    one = site(devices={"scanner1": "serial /dev/x post=dock name=twin"}
               if "twin" in value else None)
    one.settings.setdefault("barcode", {})
    said = refusal(one, settings(one, **{section: {key: value}}))
    for word in words:
        assert word in said, said


def test_a_key_that_is_set_twice_is_refused(site):
    one = site()
    text = settings(one) + "[web]\nport = 1\n"
    said = refusal(one, text)
    assert "[web] port is set twice" in said and f"line {len(text.splitlines())}" in said


def test_a_file_that_is_not_there_and_a_folder_are_refused_by_name(site):
    one = site()
    missing = one.folder / "missing.conf"
    said = refusal(one, path=missing)
    assert str(missing) in said and "No such file" in said
    assert str(one.folder) in refusal(one, path=one.folder)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_may_not_be_read_is_refused_by_name(site):
    one = site()
    conf = one.folder / "given.conf"
    conf.write_text(settings(one))
    conf.chmod(0)
    said = refusal(one, path=conf)
    assert str(conf) in said and "Permission denied" in said


def test_a_port_that_is_taken_is_named(site):
    one = site(port=free_port())
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", one.settings["web"]["port"]))
        taken.listen()
        said = refusal(one, settings(one))
    assert str(one.settings["web"]["port"]) in said and "use" in said, said


def test_a_folder_that_is_not_there_is_named(site):
    one = site()
    said = refusal(one, settings(one, site={"folder": "/nonexistent/vyapar"}))
    assert "/nonexistent/vyapar" in said


def test_the_journal_of_another_appliance_is_refused(site):
    one = site().open("dock")
    one.stationd.stop()
    said = refusal(one, settings(one, site={"device": "wh-2"}))
    assert "wh-1" in said, said
    one.restart()


def test_a_second_daemon_on_the_same_journal_does_not_start(site):
    one = site().open("dock")
    dock = one.worker().sign_in().work("receive")
    said = refusal(one, settings(one, web={"port": 0}))
    assert "another one of this daemon works here" in said, said
    assert dock.receive("A1") == "received"


def test_what_print_config_prints_is_read_again_as_the_same(site):
    one = site()
    stationd = one.build / "firmware" / "stationd"
    first = subprocess.run([stationd, "--set", "web.port=81", "--print-config"],
                           capture_output=True, text=True, check=True).stdout
    conf = one.folder / "printed.conf"
    conf.write_text(first)
    again = subprocess.run([stationd, "--config", conf, "--print-config"], capture_output=True,
                           text=True, check=True).stdout
    assert again == first and "port = 81" in first


DAEMONS = [("firmware", "stationd"), ("sync", "syncd"), ("cloud-relay", "relayd")]


@pytest.mark.parametrize("folder, daemon", DAEMONS, ids=[name for _, name in DAEMONS])
def test_every_daemon_logs_json_when_told_and_refuses_unknown_levels(site, folder, daemon):
    program = site().build / folder / daemon
    run = subprocess.run([program, "--log-format", "json", "--set", "clock.source=sundial"],
                         capture_output=True, text=True, timeout=30, check=False)
    lines = [json.loads(line) for line in run.stderr.splitlines()]
    assert run.returncode == 1 and lines, run.stderr
    assert lines[-1]["program"] == daemon and lines[-1]["level"] == "error"
    run = subprocess.run([program, "--log-level", "loud"],
                         capture_output=True, text=True, timeout=30, check=False)
    assert run.returncode == 1
    for word in ["--log-level", "loud", "error, warning, notice, info or debug"]:
        assert word in run.stderr
