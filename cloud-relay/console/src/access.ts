// SPDX-License-Identifier: GPL-3.0-or-later
// Which pages a user gets. The server refuses by itself; this keeps doors that are locked out of
// sight. tests/browser holds it against x-roles and x-scope of the document.
import type { IconName } from "./icons";
import type { Word } from "./words";
import type { Role } from "./schema";
import type { User } from "./session";

export interface PageEntry {
  page: Word & IconName; // its title and its picture
  roles: readonly Role[];
  everywhere?: boolean; // for users of all territories alone
}

const everyone: readonly Role[] = [
  "owner",
  "manager",
  "procurement",
  "field",
  "technician",
  "auditor",
  "agent",
];
const stock: readonly Role[] = ["owner", "manager", "procurement", "field", "auditor", "agent"];
const value: readonly Role[] = ["owner", "manager", "procurement", "auditor"];
const running: readonly Role[] = ["owner", "manager", "technician", "auditor"];

const everywhere = true;

export const groups: readonly { title: Word; pages: readonly PageEntry[] }[] = [
  {
    title: "group_stock",
    pages: [
      { page: "overview", roles: value },
      { page: "risk", roles: stock },
      { page: "proposals", roles: value },
      { page: "cases", roles: value },
      { page: "market", roles: value },
    ],
  },
  {
    title: "group_trade",
    pages: [
      { page: "campaigns", roles: value },
      { page: "outlets", roles: stock },
      { page: "orders", roles: stock },
      { page: "papers", roles: value, everywhere },
      { page: "suppliers", roles: value, everywhere },
    ],
  },
  {
    title: "group_running",
    pages: [
      { page: "alerts", roles: everyone },
      { page: "devices", roles: running },
      { page: "agents", roles: running, everywhere },
      { page: "letters", roles: ["owner", "technician", "auditor"], everywhere },
    ],
  },
  {
    title: "group_control",
    pages: [
      { page: "audit", roles: ["owner", "auditor"], everywhere },
      { page: "settings", roles: ["owner", "manager", "auditor"], everywhere },
      { page: "users", roles: ["owner", "auditor"], everywhere },
    ],
  },
];

export function mayOpen(user: User, entry: PageEntry): boolean {
  return entry.roles.includes(user.role) && !(entry.everywhere && user.territories.length > 0);
}

const acts = {
  decide: ["owner", "manager"], // proposals and campaigns
  reach: ["owner", "manager"], // contacts and consents of outlets
  trade: ["owner", "manager", "procurement"], // orders
  claim: ["owner", "technician"], // appliances
  command: ["owner", "technician"], // agents and dead letters
  rule: ["owner"], // settings and users
} as const satisfies Record<string, readonly Role[]>;

export function mayDo(user: User, act: keyof typeof acts): boolean {
  return (acts[act] as readonly Role[]).includes(user.role);
}
