// SPDX-License-Identifier: GPL-3.0-or-later
import { useState } from "preact/hooks";
import { mayDo } from "./access";
import { write } from "./api";
import { useConsole } from "./console_context";
import { useGet } from "./data";
import { time } from "./format";
import { say, term } from "./language";
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
    tell(of ? say("user_changed") : say("user_made"));
    onDone();
  };
  return (
    <ReasonDialog
      title={of ? say("change_user", of.user) : say("new_user")}
      confirm={of ? say("change") : say("make")}
      reasonIsAsked={false}
      onClose={onClose}
      onConfirm={save}
    >
      {!of && (
        <Field
          label={say("user")}
          value={user}
          onInput={setUser}
          required
          pattern="[a-z0-9._@\-]{1,48}"
          spellcheck={false}
          autoComplete="off"
        />
      )}
      <Field
        label={say("name")}
        value={name}
        onInput={setName}
        required
        maxLength={80}
        autoComplete="off"
      />
      <Choice
        label={say("role")}
        value={role}
        options={roles.map((r) => [r, term(r)] as const)}
        onChange={setRole}
      />
      <Field
        label={say("territories")}
        hint={say("territories_hint")}
        value={territories}
        onInput={setTerritories}
      />
      {of && (
        <Choice
          label={say("state")}
          value={state}
          options={[
            ["active", term("active")],
            ["disabled", term("disabled")],
          ]}
          onChange={setState}
        />
      )}
      <Field
        label={of ? say("new_password") : say("password")}
        hint={say(of ? "password_keep" : "password_hint")}
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
    <Page title={say("users")} shown={shown}>
      {(data) => (
        <section class="card">
          <div class="card-head">
            <h2>{say("may_sign_in")}</h2>
            {mayChange && (
              <button class="button button-main" onClick={() => setAsking("new")}>
                {say("new_user")}
              </button>
            )}
          </div>
          <Table
            caption={say("users")}
            rows={data.items}
            keyOf={(u) => u.user}
            none={say("no_users")}
            columns={[
              { title: say("user"), cell: (u) => <span class="code">{u.user}</span> },
              { title: say("name"), cell: (u) => u.name },
              { title: say("role"), cell: (u) => term(u.role) },
              { title: say("territories"), cell: (u) => u.territories.join(", ") || say("all") },
              { title: say("state"), cell: (u) => <State name={u.state} /> },
              { title: say("locked_until"), cell: (u) => time(u.lockedUntil) },
              ...(mayChange
                ? [
                    {
                      title: say("change"),
                      cell: (u: User) => (
                        <button
                          class="button button-small"
                          aria-label={say("change_user", u.user)}
                          onClick={() => setAsking(u)}
                        >
                          {say("change")}
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
