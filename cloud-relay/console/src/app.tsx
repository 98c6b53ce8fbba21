// SPDX-License-Identifier: GPL-3.0-or-later
// The console as a whole: who is signed in, which page is open, and whether what it shows is live.
import type { ComponentType } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { groups, mayOpen, type PageEntry } from "./access";
import { AgentsPage } from "./agents_page";
import { AlertsPage } from "./alerts_page";
import { AuditPage } from "./audit_page";
import { CampaignsPage } from "./campaigns_page";
import { CasesPage } from "./cases_page";
import { ConsoleContext, type Console } from "./console_context";
import { DevicesPage } from "./devices_page";
import { Frame } from "./frame";
import { LettersPage } from "./letters_page";
import { startLive } from "./live";
import { MarketPage } from "./market_page";
import { OverviewPage } from "./overview_page";
import { ProposalsPage } from "./proposals_page";
import { RiskPage } from "./risk_page";
import { useRoute, type Route } from "./route";
import { onSession, session, type User } from "./session";
import { SettingsPage } from "./settings_page";
import { SignInPage } from "./sign_in_page";
import { UsersPage } from "./users_page";

const pages: Record<string, ComponentType<{ route: Route }>> = {
  overview: OverviewPage,
  risk: RiskPage,
  proposals: ProposalsPage,
  cases: CasesPage,
  market: MarketPage,
  campaigns: CampaignsPage,
  alerts: AlertsPage,
  devices: DevicesPage,
  agents: AgentsPage,
  letters: LettersPage,
  audit: AuditPage,
  settings: SettingsPage,
  users: UsersPage,
};

const TOLD_MS = 6000;

function pageFor(user: User, name: string): PageEntry | undefined {
  const open = groups.flatMap((group) => group.pages).filter((entry) => mayOpen(user, entry));
  return open.find((entry) => entry.page === name) ?? open[0];
}

function SignedIn({ user }: { user: User }) {
  const route = useRoute();
  const [told, setTold] = useState("");
  const entry = pageFor(user, route.page);
  const Shown = entry && pages[entry.page];

  useEffect(startLive, [user.user, user.distributorId]);

  useEffect(() => {
    if (!told) return undefined;
    const timer = setTimeout(() => setTold(""), TOLD_MS);
    return () => clearTimeout(timer);
  }, [told]);

  // A new page begins at its heading, for screen readers and eyes alike; the first one does not.
  const place = `${entry?.page}/${route.id}`;
  const first = useRef(true);
  useEffect(() => {
    document.title = entry ? `${entry.title} · VyaparSahayak` : "VyaparSahayak";
    if (!first.current) {
      scrollTo(0, 0);
      document.querySelector<HTMLElement>("h1")?.focus();
    }
    first.current = false;
  }, [place]);

  const tell = useCallback((text: string) => setTold(text), []);
  const all = useMemo<Console>(() => ({ user, tell }), [user, tell]);
  return (
    <ConsoleContext.Provider value={all}>
      <Frame current={entry?.page ?? ""}>
        <div class="told" role="status">
          {told}
        </div>
        {Shown && <Shown key={place} route={route} />}
      </Frame>
    </ConsoleContext.Provider>
  );
}

export function App() {
  const [now, setNow] = useState(session);
  const [ended, setEnded] = useState(false);
  useEffect(
    () =>
      onSession((next) => {
        setEnded(next === null);
        setNow(next);
      }),
    [],
  );
  useEffect(() => {
    if (!now) document.title = "Sign in · VyaparSahayak";
  }, [now]);
  return now ? <SignedIn user={now.user} /> : <SignInPage ended={ended} />;
}
