# SPDX-License-Identifier: Apache-2.0
"""Weighing over each wire: a weight is booked once, and never when the scale is not there."""

import appliance
import pytest

from site_under_test import free_port

WIRES = ["rtu", "tcp", "ascii"]


class Scale(appliance.Device):
    """A simulated indicator on one of the three wires, and its line of configuration."""

    def __init__(self, one, wire):
        path = one.wires / "scale"
        port = free_port()
        arguments = {"rtu": ("rtu", path, "laumas_tl"), "tcp": ("tcp", port, "laumas_tl"),
                     "ascii": ("ascii", "mtsics", path)}[wire]
        where = {"rtu": f"rtu {path} profile=laumas_tl decimals=3 timeout_ms=300",
                 "tcp": f"tcp 127.0.0.1:{port} profile=laumas_tl decimals=3 timeout_ms=300",
                 "ascii": f"ascii {path} profile=mtsics timeout_ms=300"}[wire]
        super().__init__(one.build, "scale_sim", *arguments)
        one.lines["scale1"] = f"{where} post=dock name=floor-scale"

    def put(self, grams):
        self.tell(f"put {grams}")


@pytest.fixture(params=WIRES)
def weighing(site, request):
    """A warehouse with a scale, and a worker who weighs."""
    one = site()
    scale = one.add(Scale(one, request.param))
    one.open("dock")
    one.wait_device("floor-scale", "fine")
    return one, scale, one.worker().sign_in().work("weigh")


def weigh(worker, scale, grams):
    before = worker.screen.latest()["answers"]
    scale.put(grams)
    worker.see(lambda v: v["answers"] > before)
    return worker.said()


def weights(one):
    return [e["amount"] for e in one.entries("weighed")]


def test_each_weight_is_booked_once_while_it_lies_there_and_when_it_moves(weighing):
    one, scale, worker = weighing
    assert weigh(worker, scale, 1200) == "weighed"
    scale.tell("motion")  # a knock
    scale.tell("stable")
    assert weigh(worker, scale, 2500) == "weighed"  # another load on top
    scale.put(0)
    assert weigh(worker, scale, 700) == "weighed"
    assert weights(one) == [1200, 2500, 700]


def test_a_scale_that_is_unplugged_is_shown_as_lost_and_its_last_weight_is_not_booked_again(
        weighing):
    one, scale, worker = weighing
    assert weigh(worker, scale, 1200) == "weighed"
    scale.tell("unplug")
    one.wait_device("floor-scale", "lost")
    assert weights(one) == [1200]
    scale.tell("plug")  # the same load lies on it still
    one.wait_device("floor-scale", "fine")
    assert weigh(worker, scale, 3000) == "weighed"
    assert weights(one) == [1200, 3000]


def test_a_scale_that_falls_silent_is_lost_and_comes_back(weighing):
    one, scale, worker = weighing
    scale.tell("silent")
    one.wait_device("floor-scale", "lost")
    scale.put(1200)  # nobody hears of it
    assert weights(one) == []
    scale.tell("clear")
    one.wait_device("floor-scale", "fine")
    worker.see(lambda v: (v["answer"] or {})["code"] == "weighed")
    assert weigh(worker, scale, 2000) == "weighed"
    assert weights(one) == [1200, 2000]


def test_garbled_frames_book_nothing(weighing):
    one, scale, worker = weighing
    scale.tell("garble")
    scale.put(1200)
    one.wait_device("floor-scale", "lost")  # after some of them in a row
    assert weights(one) == []
    scale.put(0)
    scale.tell("clear")
    one.wait_device("floor-scale", "fine")
    assert weigh(worker, scale, 900) == "weighed"
    assert weights(one) == [900]


def test_an_answer_that_comes_too_late_is_not_taken_for_the_next(weighing):
    one, scale, worker = weighing
    assert weigh(worker, scale, 5000) == "weighed"
    scale.put(0)
    scale.tell("late 450")  # beyond the time that is waited for one
    one.wait_device("floor-scale", "lost")
    scale.tell("clear")
    one.wait_device("floor-scale", "fine")
    assert weigh(worker, scale, 800) == "weighed"
    assert weights(one) == [5000, 800]


def test_overload_and_a_weight_below_zero_book_nothing(weighing):
    one, scale, worker = weighing
    scale.put(60000)
    scale.tell("overload")
    scale.put(-500)
    assert weigh(worker, scale, 400) == "weighed"
    assert [w for w in weights(one) if w not in (60000, 400)] == []
    assert weights(one)[-1] == 400
