// SPDX-License-Identifier: GPL-3.0-or-later
// Which pages a user gets. The server refuses by itself; this keeps doors that are locked out of
// sight. tests/browser holds it against x-roles and x-scope of the document.
import type { IconName } from "./icons";
import type { Role } from "./schema";
import type { User } from "./session";

export interface PageEntry {
  page: string;
  title: string;
  icon: IconName;
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

export const groups: readonly { title: string; pages: readonly PageEntry[] }[] = [
  {
    title: "Stock",
    pages: [
      { page: "overview", title: "Overview", icon: "overview", roles: value },
      { page: "risk", title: "Stock at risk", icon: "risk", roles: stock },
      { page: "proposals", title: "Proposals", icon: "proposals", roles: value },
      { page: "cases", title: "Cases", icon: "cases", roles: value },
      { page: "market", title: "Money and prices", icon: "market", roles: value },
      { page: "campaigns", title: "Campaigns", icon: "campaigns", roles: value },
    ],
  },
  {
    title: "Running",
    pages: [
      { page: "alerts", title: "Alerts", icon: "alerts", roles: everyone },
      { page: "devices", title: "Devices", icon: "devices", roles: running },
      { page: "agents", title: "Agents", icon: "agents", roles: running, everywhere: true },
      {
        page: "letters",
        title: "Dead letters",
        icon: "letters",
        roles: ["owner", "technician", "auditor"],
        everywhere: true,
      },
    ],
  },
  {
    title: "Control",
    pages: [
      {
        page: "audit",
        title: "Audit trail",
        icon: "audit",
        roles: ["owner", "auditor"],
        everywhere: true,
      },
      {
        page: "settings",
        title: "Rules",
        icon: "settings",
        roles: ["owner", "manager", "auditor"],
        everywhere: true,
      },
      {
        page: "users",
        title: "Users",
        icon: "users",
        roles: ["owner", "auditor"],
        everywhere: true,
      },
    ],
  },
];

export function mayOpen(user: User, entry: PageEntry): boolean {
  return entry.roles.includes(user.role) && !(entry.everywhere && user.territories.length > 0);
}

const acts = {
  decide: ["owner", "manager"], // proposals and campaigns
  claim: ["owner", "technician"], // appliances
  command: ["owner", "technician"], // agents and dead letters
  rule: ["owner"], // settings and users
} as const satisfies Record<string, readonly Role[]>;

export function mayDo(user: User, act: keyof typeof acts): boolean {
  return (acts[act] as readonly Role[]).includes(user.role);
}
