# SPDX-License-Identifier: Apache-2.0
"""What `cmake --install` lays onto a machine: units that systemd accepts, least privilege as systemd
itself reckons it, a log of bounded size; and daemons that keep the promises of those units: they say
when they are ready, and are heard by the watchdog as long as they run. Nothing is run by systemd here:
a container seldom has one."""

import configparser
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import time

import pytest

WAIT_S = 60
# systemd's own measure, 0 (nothing is open) to 10; tenths. stationd opens scanners and scales.
EXPOSURE_TENTHS = {"stationd": 20, "syncd": 17, "relayd": 17}
LOG_MB, BOX_MB = 64, 512

analyze = pytest.mark.skipif(shutil.which("systemd-analyze") is None,
                             reason="systemd-analyze is not installed (package systemd)")


@pytest.fixture(scope="module")
def installed(build, tmp_path_factory):
    prefix = tmp_path_factory.mktemp("installed") / "usr"
    for component in ("appliance", "relay"):
        subprocess.run(["cmake", "--install", build, "--prefix", prefix, "--component", component],
                       check=True, stdout=subprocess.DEVNULL)
    return prefix


def units(installed):
    return sorted((installed / "lib/systemd/system").glob("*.service"))


def sections(path):
    """[(section, key, value)]: a key may stand more than once."""
    found, section = [], None
    for line in path.read_text().splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif "=" in line and not line.startswith("#"):
            found.append((section, *line.split("=", 1)))
    return found


def megabytes(text):
    return {"M": 1, "G": 1024}[text[-1]] * int(text[:-1])


def test_each_daemon_has_its_unit_and_its_program(installed):
    assert [unit.stem for unit in units(installed)] == sorted(EXPOSURE_TENTHS)
    for unit in units(installed):
        [start] = [value for _, key, value in sections(unit) if key == "ExecStart"]
        assert start.split()[0] == str(installed / "bin" / unit.stem)
        assert os.access(start.split()[0], os.X_OK)


@analyze
def test_systemd_accepts_every_unit(installed):
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *units(installed)],
                          capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if str(installed) in line]
    assert done.returncode == 0 and not ours, done.stderr


@analyze
@pytest.mark.parametrize("name", EXPOSURE_TENTHS)
def test_a_unit_opens_no_more_than_its_bound(installed, name):
    unit = installed / f"lib/systemd/system/{name}.service"
    words = ["systemd-analyze", "security", "--offline=true", "--no-pager"]
    done = subprocess.run([*words, f"--threshold={EXPOSURE_TENTHS[name]}", unit],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    # The bound is one: without its walls the same unit is above it.
    bare = installed / f"{name}.service"
    bare.write_text(re.sub(r"^(Protect|Restrict|SystemCall|Capability|NoNew|Private).*\n", "",
                           unit.read_text(), flags=re.M))
    done = subprocess.run([*words, f"--threshold={EXPOSURE_TENTHS[name]}", bare],
                          capture_output=True, text=True, check=False)
    bare.unlink()
    assert done.returncode != 0


def test_an_appliances_daemons_and_its_log_fit_their_box(installed):
    total = 0
    for unit in units(installed):
        if unit.stem != "relayd":  # a machine of its own
            [most] = [value for _, key, value in sections(unit) if key == "MemoryMax"]
            total += megabytes(most)
    assert total <= 0.6 * BOX_MB
    [journald] = (installed / "lib/systemd/journald.conf.d").glob("*.conf")
    log = configparser.ConfigParser(interpolation=None)
    log.optionxform = str
    log.read(journald)
    assert log["Journal"]["Storage"] == "persistent"
    assert megabytes(log["Journal"]["SystemMaxUse"]) <= LOG_MB
    # Several files, so that the oldest can be dropped while the newest is written.
    assert megabytes(log["Journal"]["SystemMaxFileSize"]) * 4 <= megabytes(
        log["Journal"]["SystemMaxUse"])
    for unit in units(installed):
        keys = {key for _, key, _ in sections(unit)}
        assert {"LogRateLimitIntervalSec", "LogRateLimitBurst", "WatchdogSec", "Restart"} <= keys


def settings_of(name, folder):
    """What the daemon needs to stand by itself."""
    if name == "relayd":
        (folder / "store").mkdir()
        return {"relay.store": f"sqlite:{folder}/store", "relay.role": "agents"}
    if name == "syncd":
        return {"site.folder": folder, "relay.claim": ""}
    return {"site.folder": folder, "site.documents": "", "web.port": 0, "site.tenant": ""}


@pytest.mark.parametrize("name", EXPOSURE_TENTHS)
def test_a_daemon_says_that_it_is_ready_and_is_heard_by_the_watchdog(installed, tmp_path, name):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.bind(str(tmp_path / "notify"))
        words = [w for key, value in settings_of(name, tmp_path).items()
                 for w in ("--set", f"{key}={value}")]
        with open(tmp_path / "log", "w+") as log, subprocess.Popen(
                [installed / "bin" / name, *words], stderr=log,
                env={**os.environ, "NOTIFY_SOCKET": str(tmp_path / "notify"),
                     "WATCHDOG_USEC": "1000000"}) as process:
            try:
                said, until = "", time.monotonic() + WAIT_S
                while said.count("WATCHDOG=1") < 2 and time.monotonic() < until:
                    if select.select([notify], [], [], 1)[0]:
                        said += notify.recv(4096).decode() + "\n"
                    assert process.poll() is None, (tmp_path / "log").read_text()
                assert "READY=1" in said and said.count("WATCHDOG=1") >= 2, said
            finally:
                process.send_signal(signal.SIGTERM)
            assert process.wait(WAIT_S) == 0
