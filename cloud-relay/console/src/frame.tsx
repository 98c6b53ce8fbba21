// SPDX-License-Identifier: GPL-3.0-or-later
// What stands around every page: the way to the others, who is signed in, and the link.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { groups, mayOpen } from "./access";
import { signOut } from "./api";
import { useConsole } from "./console_context";
import { useGet } from "./data";
import { clockOf } from "./format";
import { Icon } from "./icons";
import { linkLostAt, useLink } from "./live";
import { href } from "./route";

const linkWords = { connecting: "Connecting", live: "Live", lost: "No link" } as const;

function useOpenAlerts(): number {
  const alerts = useGet("/api/v1/alerts", { query: { open: true, limit: 100 } }, /./);
  return alerts.data?.items.length ?? 0;
}

function Stale() {
  const since = linkLostAt();
  return (
    <p class="stale" role="alert">
      The link to the relay is lost{since !== null && ` since ${clockOf(since)}`}. What you see is
      from before; it goes on by itself when the link is back.
    </p>
  );
}

export function Frame({ current, children }: { current: string; children: ComponentChildren }) {
  const { user } = useConsole();
  const link = useLink();
  const alerts = useOpenAlerts();
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
        Skip to the page
      </a>
      <header class="top">
        <button
          class="menu-button"
          aria-expanded={open}
          aria-controls="pages"
          onClick={() => setOpen(!open)}
        >
          <Icon name={open ? "close" : "menu"} />
          <span>Menu</span>
        </button>
        <p class="brand">
          <img src="/icon.svg" alt="" width="28" height="28" />
          <span>{user.distributorId}</span>
        </p>
        <p class={`link link-is-${link}`} role="status">
          {linkWords[link]}
        </p>
      </header>
      <nav id="pages" class={open ? "pages open" : "pages"} aria-label="Pages">
        {groups.map((group) => {
          const entries = group.pages.filter((entry) => mayOpen(user, entry));
          return (
            entries.length > 0 && (
              <div key={group.title} class="pages-group">
                <h2>{group.title}</h2>
                <ul>
                  {entries.map((entry) => (
                    <li key={entry.page}>
                      <a
                        href={href(entry.page)}
                        aria-current={entry.page === current ? "page" : undefined}
                        onClick={() => setOpen(false)}
                      >
                        <Icon name={entry.icon} />
                        {entry.title}
                        {entry.page === "alerts" && alerts > 0 && (
                          <span class="count">
                            {alerts}
                            <span class="hidden"> open</span>
                          </span>
                        )}
                      </a>
                    </li>
                  ))}
                </ul>
              </div>
            )
          );
        })}
        <div class="who">
          <p>
            {user.name}
            <span>
              {user.role}
              {user.territories.length > 0 && ` · ${user.territories.join(", ")}`}
            </span>
          </p>
          <button class="button" onClick={() => void signOut()}>
            <Icon name="leave" /> Sign out
          </button>
        </div>
      </nav>
      <main id="main" tabIndex={-1}>
        {link === "lost" && <Stale />}
        {children}
      </main>
    </div>
  );
}
