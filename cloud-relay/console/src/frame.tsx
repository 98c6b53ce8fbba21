// SPDX-License-Identifier: GPL-3.0-or-later
// What stands around every page: the way to the others, who is signed in, and the link.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { groups, mayOpen, type PageEntry } from "./access";
import { signOut } from "./api";
import { useConsole } from "./console_context";
import { useGet } from "./data";
import { clockOf } from "./format";
import { Icon } from "./icons";
import { say, term } from "./language";
import { LanguageChoice } from "./language_choice";
import { linkLostAt, useLink } from "./live";
import { href } from "./route";

const ALERTS_MAX = 100; // beyond it is only said that there are more

function useOpenAlerts(): number {
  const alerts = useGet(
    "/api/v1/alerts",
    { query: { open: true, limit: ALERTS_MAX } },
    /^(Alert|DeadStock|Compliance|Approval|ProposalFailed|Transfer|LetterDead)/,
  );
  return alerts.data?.items.length ?? 0;
}

function Stale() {
  const since = linkLostAt();
  return (
    <p class="stale" role="alert">
      {say("stale", since === null ? "" : clockOf(since))}
    </p>
  );
}

function PageLink(props: {
  entry: PageEntry;
  current: boolean;
  count: number;
  onOpen: () => void;
}) {
  const { entry, count } = props;
  return (
    <li>
      <a
        href={href(entry.page)}
        aria-current={props.current ? "page" : undefined}
        onClick={props.onOpen}
      >
        <Icon name={entry.page} />
        {say(entry.page)}
        {count > 0 && (
          <span class="count">
            <span aria-hidden="true">{count < ALERTS_MAX ? count : `${ALERTS_MAX - 1}+`}</span>
            <span class="hidden"> {say("n_open", count)}</span>
          </span>
        )}
      </a>
    </li>
  );
}

function Pages({ current, open, onOpen }: { current: string; open: boolean; onOpen: () => void }) {
  const { user } = useConsole();
  const alerts = useOpenAlerts();
  const mine = groups
    .map((group) => ({ ...group, pages: group.pages.filter((entry) => mayOpen(user, entry)) }))
    .filter((group) => group.pages.length > 0);
  return (
    <nav id="pages" class={open ? "pages open" : "pages"} aria-label={say("pages")}>
      {mine.map((group) => (
        <div key={group.title} class="pages-group">
          <h2>{say(group.title)}</h2>
          <ul>
            {group.pages.map((entry) => (
              <PageLink
                key={entry.page}
                entry={entry}
                current={entry.page === current}
                count={entry.page === "alerts" ? alerts : 0}
                onOpen={onOpen}
              />
            ))}
          </ul>
        </div>
      ))}
      <div class="who">
        <p>
          {user.name}
          <span>{[term(user.role), ...user.territories].join(" · ")}</span>
        </p>
        <LanguageChoice />
        <button class="button" onClick={() => void signOut()}>
          <Icon name="leave" /> {say("sign_out")}
        </button>
      </div>
    </nav>
  );
}

export function Frame({ current, children }: { current: string; children: ComponentChildren }) {
  const { user } = useConsole();
  const link = useLink();
  const [open, setOpen] = useState(false);

  useEffect(() => setOpen(false), [current]);
  useEffect(() => {
    const closed = (event: KeyboardEvent) => event.key === "Escape" && setOpen(false);
    addEventListener("keydown", closed);
    return () => removeEventListener("keydown", closed);
  }, []);

  return (
    <div class={`frame link-${link}`}>
      <a
        class="skip"
        href="#main"
        onClick={(e) => (e.preventDefault(), document.getElementById("main")?.focus())}
      >
        {say("skip")}
      </a>
      <header class="top">
        <button
          class="menu-button"
          aria-expanded={open}
          aria-controls="pages"
          onClick={() => setOpen(!open)}
        >
          <Icon name={open ? "close" : "menu"} />
          <span>{say("menu")}</span>
        </button>
        <p class="brand">
          <img src="/icon.svg" alt="" width="28" height="28" />
          <span>{user.distributorId}</span>
        </p>
        <p class={`link link-is-${link}`} role="status">
          {say(link)}
        </p>
      </header>
      <Pages current={current} open={open} onOpen={() => setOpen(false)} />
      <main id="main" tabIndex={-1}>
        {link === "lost" && <Stale />}
        {children}
      </main>
    </div>
  );
}
