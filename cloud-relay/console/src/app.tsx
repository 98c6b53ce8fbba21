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
import { language, say, useLanguage } from "./language";
import { LettersPage } from "./letters_page";
import { startLive } from "./live";
import { MarketPage } from "./market_page";
import { OrdersPage } from "./orders_page";
import { OutletsPage } from "./outlets_page";
import { OverviewPage } from "./overview_page";
import { PapersPage } from "./papers_page";
import { ProposalsPage } from "./proposals_page";
import { RiskPage } from "./risk_page";
import { useRoute, type Route } from "./route";
import { onSession, session, type User } from "./session";
import { SettingsPage } from "./settings_page";
import { SignInAgain, SignInPage } from "./sign_in_page";
import { SuppliersPage } from "./suppliers_page";
import { UsersPage } from "./users_page";

const pages: Record<string, ComponentType<{ route: Route }>> = {
  overview: OverviewPage,
  risk: RiskPage,
  proposals: ProposalsPage,
  cases: CasesPage,
  market: MarketPage,
  campaigns: CampaignsPage,
  outlets: OutletsPage,
  orders: OrdersPage,
  papers: PapersPage,
  suppliers: SuppliersPage,
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

function idOf(user: User): string {
  return `${user.distributorId}/${user.user}`;
}

/** `holds`: the session does; else the page waits for it, as it was. */
function SignedIn({ user, holds }: { user: User; holds: boolean }) {
  const route = useRoute();
  const [told, setTold] = useState("");
  const entry = pageFor(user, route.page);
  const Shown = entry && pages[entry.page];

  useEffect(() => (holds ? startLive(idOf(user)) : undefined), [holds]);

  useEffect(() => {
    if (!told) return undefined;
    const timer = setTimeout(() => setTold(""), TOLD_MS);
    return () => clearTimeout(timer);
  }, [told]);

  useEffect(() => {
    document.title = entry ? `${say(entry.page)} · VyaparSahayak` : "VyaparSahayak";
  }, [entry?.page, language()]);

  // A new page begins at its heading, for screen readers and eyes alike; the first one does not.
  const place = `${entry?.page}/${route.id}`;
  const first = useRef(true);
  useEffect(() => {
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
      {!holds && <SignInAgain user={user} />}
    </ConsoleContext.Provider>
  );
}

interface Seat {
  user: User | null; // whose page is shown
  holds: boolean;
  ended: boolean;
}

export function App() {
  const now = useLanguage();
  const [seat, setSeat] = useState<Seat>(() => {
    const user = session()?.user ?? null;
    return { user, holds: user !== null, ended: false };
  });
  useEffect(
    () =>
      onSession((next, left) =>
        setSeat((was) =>
          next
            ? { user: next.user, holds: true, ended: false }
            : { user: left ? null : was.user, holds: false, ended: !left },
        ),
      ),
    [],
  );
  useEffect(() => {
    if (!seat.user) document.title = `${say("sign_in")} · VyaparSahayak`;
  }, [seat.user, now]);
  return seat.user ? (
    <SignedIn key={idOf(seat.user)} user={seat.user} holds={seat.holds} />
  ) : (
    <SignInPage ended={seat.ended} />
  );
}
