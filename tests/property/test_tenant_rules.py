# SPDX-License-Identifier: GPL-3.0-or-later
"""Property 16, as far as rules: what one tenant sets decides nothing for another. That rows are not
seen across tenants is for the stores' and the API's own suites."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from product import tagged
from tenant import DAY, Store

RULES = st.fixed_dictionaries({
    "autonomy.on": st.sampled_from(["true", "false"]),
    "autonomy.units": st.integers(0, 60).map(str),
    "autonomy.value_paise": st.sampled_from(["0", "20000", "1000000"]),
    "compliance.strict": st.sampled_from(["true", "false"]),
    "kill.switch": st.sampled_from(["false", "false", "true"]),
})
MOVE = st.tuples(st.integers(1, 60), st.sampled_from(["19053100", ""]))


def expected(rules, units, hsn):
    """What the tenant's own rules make of it."""
    if not hsn:
        return "rejected" if rules["compliance.strict"] == "true" else "proposed"
    alone = (rules["kill.switch"] == "false" and rules["autonomy.on"] == "true" and
             units <= int(rules["autonomy.units"]) and
             units * 800 <= int(rules["autonomy.value_paise"]))
    return "executing" if alone else "proposed"


@tagged
def test_each_tenants_rules_apply_to_it_alone():
    """Feature: vyapar-sahayak-distributor, Property 16: No tenant sees or affects another; each
    tenant's rules apply to it alone."""
    reach = Counter()

    @given(st.lists(st.tuples(RULES, MOVE), min_size=2, max_size=3), st.randoms(use_true_random=False))
    def run(drawn, random):
        with Store() as store:
            tenants = []
            for i, (rules, (units, hsn)) in enumerate(drawn):
                t = store.tenant(f"tenant-{i}", {"BISC": hsn})
                t.stock("BISC", "B1", DAY + 90, 0, 100, 800)
                tenants.append((t, rules, units, hsn))
            settings = [(t, name, value) for t, rules, _, _ in tenants
                        for name, value in rules.items()]
            random.shuffle(settings)
            for t, name, value in settings:
                t.set(name, value)
            made = [(t, rules, units, hsn, t.propose("BISC", "B1", DAY + 90, "NASHIK", units,
                                                     units * 800))
                    for t, rules, units, hsn in tenants]
            random.shuffle(made)
            for t, *_ in made:
                t.settle()
            for t, rules, units, hsn, proposal in made:
                got = t.lines("SELECT state FROM proposal")
                want = expected(rules, units, hsn)
                assert got == [want], (rules, units, hsn, proposal)
                reach[want] += 1
                changed = t.lines("SELECT subject FROM event WHERE type = 'SettingChanged'")
                assert len(changed) == len(rules)
            states = {expected(rules, units, hsn) for _, rules, units, hsn in tenants}
            reach["decided differently"] += len(states) > 1

    run()
    print(dict(reach))
    assert min(reach["executing"], reach["rejected"]) >= 10 and reach["proposed"] >= 40
    assert reach["decided differently"] >= 40
