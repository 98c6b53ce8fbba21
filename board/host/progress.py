# SPDX-License-Identifier: Apache-2.0
"""What the terminal shows while the calendar runs: one line, updated in place; where the output is
no terminal, a line every ten days."""

import sys
import time

import appliance
import report

SECONDS_BETWEEN = 0.25
SECONDS_BETWEEN_QUESTIONS = 2.0  # to the appliances, about what is at risk
PLAIN_DAYS = 10


class Progress:
    def __init__(self, sites, calendar, days):
        self.sites = sites
        self.calendar = calendar
        self.days = days
        self.in_place = sys.stdout.isatty()
        self.told = 0.0
        self.told_day = -1
        self.asked = 0.0
        self.at_risk = "?"

    def tell(self, day):
        """day: how many days were opened."""
        now = time.monotonic()
        if self.in_place:
            if now - self.told >= SECONDS_BETWEEN:
                self.told = now
                print("\r\033[K" + self.line(day), end="", flush=True)
        elif day and day % PLAIN_DAYS == 1 and day != self.told_day:
            self.told_day = day
            print(self.line(day), flush=True)

    def close(self, day):
        print(("\r\033[K" if self.in_place else "") + self.line(day), flush=True)

    def line(self, day):
        scans = sum(len(post.latencies) for site in self.sites for post in site.posts.values())
        expired = sum(report.Goods(site.goods).paise(key, units) for site in self.sites
                      for key, units in list(site.world.expired.items()))
        behind = self.calendar.day() - day + 1
        return (f"day {day:3d} of {self.days}  {self.calendar.date():%d %b %Y}  "
                f"{report.grouped(scans):>7} scans  at risk {self.risk()}  "
                f"expired {report.rupees(expired)}"
                + (f"  people {behind} days behind" if behind > 1 else ""))

    def risk(self):
        """Rupees that the appliances say are at risk now, as the supervisor at the scales reads
        them; the last answer when one is too busy. Who counts a bin may not see stock."""
        now = time.monotonic()
        if now - self.asked < SECONDS_BETWEEN_QUESTIONS and self.in_place:
            return self.at_risk
        self.asked = now
        try:
            rows = [row for site in self.sites for row in appliance.get_json(
                site.stationd.port, "/api/v1/at-risk", 5, site.posts["weigh"].cookie)[1]["rows"]]
        except (OSError, KeyError, TypeError, ValueError):
            return self.at_risk
        self.at_risk = report.rupees(sum(row["risk_paise"] for row in rows))
        return self.at_risk
