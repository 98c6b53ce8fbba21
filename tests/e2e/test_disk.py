# SPDX-License-Identifier: Apache-2.0
"""No room on the disk: work is refused and says so, nothing is booked by half, and it goes on."""

import contextlib
import resource
import subprocess

import pytest

from site_under_test import milk


class SizeLimit:
    """Files may not grow: what a full disk is to a process, without a disk of one's own."""

    def fill(self, one):
        self.pid = one.stationd.process.pid
        self.before = resource.prlimit(self.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (0, self.before[1]))

    def free(self):
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, self.before)


class SmallDisk:
    """A file system of a few MiB with nothing else on it."""

    def __init__(self, folder):
        self.filler = folder / "filler"

    def fill(self, one):
        with contextlib.suppress(OSError), open(self.filler, "wb", buffering=0) as out:
            while out.write(bytes(4096)):
                pass

    def free(self):
        self.filler.unlink()


@pytest.fixture(params=["size limit", "small disk"])
def full_disk(request, site, tmp_path):
    """A warehouse, and what fills its disk and frees it again."""
    if request.param == "size limit":
        yield site(), SizeLimit()
        return
    folder = tmp_path / "site0"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "none", folder],
                             capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"needs the right to mount: {mounted.stderr.strip()}")
    try:
        one = site()
        yield one, SmallDisk(folder)
        one.end()
        one.abandon()
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_work_without_room_is_refused_said_and_taken_up_again(full_disk):
    one, disk = full_disk
    dock = one.open("dock").worker().sign_in().work("receive")
    assert dock.receive("A1") == "received"
    disk.fill(one)
    said = []
    for k in range(2000):  # what is allocated already may take some more
        assert dock.scan(milk(f"F{k}")) in ("in_hand", "not_saved")
        said.append(dock.scan("VS*ok"))
        if said[-1] != "received":
            break
    assert said[-1] == "not_saved"
    assert dock.tone() == "reject"
    assert dock.view["item"]["batch"] == f"F{len(said) - 1}"  # it stays in hand
    assert dock.scan("VS*ok") == "not_saved"
    disk.free()
    assert dock.scan("VS*ok") == "received"
    assert dock.receive("LAST") == "received"
    assert [(e["batch"], e["qty"]) for e in one.entries("received")] == (
        [("A1", 1)] + [(f"F{k}", 1) for k in range(len(said))] + [("LAST", 1)])
    one.verify()
    one.kill()
    one.restart()
    assert len(one.entries("received")) == len(said) + 2
