// SPDX-License-Identifier: GPL-3.0-or-later
import { useState } from "preact/hooks";
import { Problem, signIn } from "./api";
import { Field } from "./parts";

const REMEMBERED = "distributor"; // the name of the distributor alone; never a person

function remembered(): string {
  try {
    return localStorage.getItem(REMEMBERED) ?? "";
  } catch {
    return "";
  }
}

function inWords(problem: Problem): string {
  if (problem.status === 401)
    return "Distributor, user or password is not right. Ten wrong passwords lock a user for 15 minutes.";
  if (problem.status === 429) return "Too many attempts. Wait a minute and try again.";
  if (problem.status === 400 && problem.where)
    return `This is not a valid ${problem.where === "tenant" ? "distributor" : problem.where}.`;
  return problem.message;
}

export function SignInPage({ ended }: { ended: boolean }) {
  const [tenant, setTenant] = useState(remembered);
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState("");

  const submit = (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setSaid("");
    const name = tenant.trim().toLowerCase();
    signIn(name, user.trim().toLowerCase(), password).then(
      () => {
        try {
          localStorage.setItem(REMEMBERED, name);
        } catch {
          // It is typed again next time.
        }
      },
      (error: unknown) => {
        setPassword("");
        setBusy(false);
        setSaid(error instanceof Problem ? inWords(error) : String(error));
      },
    );
  };

  return (
    <main class="sign-in">
      <form onSubmit={submit} aria-labelledby="sign-in-title">
        <p class="brand">
          <img src="/icon.svg" alt="" width="36" height="36" /> VyaparSahayak
        </p>
        <h1 id="sign-in-title">Sign in</h1>
        {ended && !said && (
          <p class="notice" role="status">
            Your session has ended.
          </p>
        )}
        {said && (
          <p class="notice notice-bad" role="alert">
            {said}
          </p>
        )}
        <Field
          label="Distributor"
          value={tenant}
          onInput={setTenant}
          required
          autoComplete="organization"
          spellcheck={false}
        />
        <Field
          label="User"
          value={user}
          onInput={setUser}
          required
          autoComplete="username"
          spellcheck={false}
        />
        <Field
          label="Password"
          type="password"
          value={password}
          onInput={setPassword}
          required
          autoComplete="current-password"
        />
        <button class="button button-main button-wide" disabled={busy}>
          {busy ? "Signing in…" : "Sign in"}
        </button>
      </form>
    </main>
  );
}
