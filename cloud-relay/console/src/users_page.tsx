// SPDX-License-Identifier: GPL-3.0-or-later
import { useState } from "preact/hooks";
import { mayDo } from "./access";
import { write } from "./api";
import { useConsole } from "./console_context";
import { useGet } from "./data";
import { time } from "./format";
import { Choice, Field, Page, State, Table } from "./parts";
import { ReasonDialog } from "./reason_dialog";
import type { Role, Schema } from "./schema";

type User = Schema<"User">;
const roles: readonly Role[] = [
  "owner",
  "manager",
  "procurement",
  "field",
  "technician",
  "auditor",
  "agent",
];

function UserDialog({
  of,
  onClose,
  onDone,
}: {
  of: User | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const { tell } = useConsole();
  const [user, setUser] = useState("");
  const [name, setName] = useState(of?.name ?? "");
  const [role, setRole] = useState<string>(of?.role ?? "manager");
  const [territories, setTerritories] = useState(of?.territories.join(", ") ?? "");
  const [state, setState] = useState<string>(of?.state ?? "active");
  const [password, setPassword] = useState("");
  const save = async () => {
    const shared = {
      name: name.trim(),
      role: role as Role,
      territories: territories
        .split(",")
        .map((t) => t.trim())
        .filter(Boolean),
    };
    if (of)
      await write("put", "/api/v1/users/{user}", {
        places: { user: of.user },
        body: { ...shared, state: state as User["state"], ...(password ? { password } : {}) },
      });
    else await write("post", "/api/v1/users", { body: { ...shared, user: user.trim(), password } });
    tell(of ? "Changed. The user signs in anew." : "The user is made.");
    onDone();
  };
  return (
    <ReasonDialog
      title={of ? `Change ${of.user}` : "New user"}
      confirm={of ? "Change" : "Make"}
      reasonIsAsked={false}
      onClose={onClose}
      onConfirm={save}
    >
      {!of && (
        <Field
          label="User"
          value={user}
          onInput={setUser}
          required
          pattern="[a-z0-9._@\-]{1,48}"
          spellcheck={false}
          autoComplete="off"
        />
      )}
      <Field
        label="Name"
        value={name}
        onInput={setName}
        required
        maxLength={80}
        autoComplete="off"
      />
      <Choice
        label="Role"
        value={role}
        options={roles.map((r) => [r, r] as const)}
        onChange={setRole}
      />
      <Field
        label="Territories"
        hint="Joined by commas; empty: all"
        value={territories}
        onInput={setTerritories}
      />
      {of && (
        <Choice
          label="State"
          value={state}
          options={[
            ["active", "active"],
            ["disabled", "disabled"],
          ]}
          onChange={setState}
        />
      )}
      <Field
        label={of ? "New password" : "Password"}
        hint={of ? "12 characters or more; empty: it stays" : "12 characters or more"}
        type="password"
        minLength={12}
        maxLength={256}
        required={!of}
        value={password}
        onInput={setPassword}
        autoComplete="new-password"
      />
    </ReasonDialog>
  );
}

export function UsersPage() {
  const console = useConsole();
  const mayChange = mayDo(console.user, "rule");
  const shown = useGet("/api/v1/users", {}, /^User/);
  const [asking, setAsking] = useState<User | "new" | null>(null);
  return (
    <Page title="Users" shown={shown}>
      {(data) => (
        <section class="card">
          <div class="card-head">
            <h2>Who may sign in</h2>
            {mayChange && (
              <button class="button button-main" onClick={() => setAsking("new")}>
                New user
              </button>
            )}
          </div>
          <Table
            caption="Users"
            rows={data.items}
            keyOf={(u) => u.user}
            none="No users."
            columns={[
              { title: "User", cell: (u) => <span class="code">{u.user}</span> },
              { title: "Name", cell: (u) => u.name },
              { title: "Role", cell: (u) => u.role },
              { title: "Territories", cell: (u) => u.territories.join(", ") || "all" },
              { title: "State", cell: (u) => <State name={u.state} /> },
              { title: "Locked until", cell: (u) => time(u.lockedUntil) },
              ...(mayChange
                ? [
                    {
                      title: "Change",
                      cell: (u: User) => (
                        <button
                          class="button button-small"
                          aria-label={`Change ${u.user}`}
                          onClick={() => setAsking(u)}
                        >
                          Change
                        </button>
                      ),
                    },
                  ]
                : []),
            ]}
          />
          {asking && (
            <UserDialog
              of={asking === "new" ? null : asking}
              onClose={() => setAsking(null)}
              onDone={shown.again}
            />
          )}
        </section>
      )}
    </Page>
  );
}
