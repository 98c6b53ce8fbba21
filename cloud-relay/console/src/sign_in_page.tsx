// SPDX-License-Identifier: GPL-3.0-or-later
// Signing in: a page of its own, or, when a session ends under somebody's hands, a dialog above his
// page, which waits behind it with what he has written.
import { useEffect, useRef, useState } from "preact/hooks";
import { Problem, signIn } from "./api";
import { say } from "./language";
import { LanguageChoice } from "./language_choice";
import { Field } from "./parts";
import type { User } from "./session";

const REMEMBERED = "distributor"; // the name of the distributor alone; never a person

function remembered(): string {
  try {
    return localStorage.getItem(REMEMBERED) ?? "";
  } catch {
    return "";
  }
}

function remember(name: string): void {
  try {
    localStorage.setItem(REMEMBERED, name);
  } catch {
    // It is typed again next time.
  }
}

function inWords(problem: Problem): string {
  if (problem.status === 401) return say("wrong_password");
  if (problem.status === 429) return say("too_many_tries");
  if (problem.status === 400 && problem.where)
    return say(
      "not_valid",
      problem.where === "tenant"
        ? say("distributor")
        : problem.where === "user"
          ? say("user")
          : problem.where,
    );
  return problem.message;
}

function SignInForm({ title, ended, user }: { title: string; ended: string; user: User | null }) {
  const [tenant, setTenant] = useState(user?.distributorId ?? remembered());
  const [name, setName] = useState(user?.user ?? "");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState("");

  const submit = (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setSaid("");
    const distributor = tenant.trim().toLowerCase();
    signIn(distributor, name.trim().toLowerCase(), password).then(
      () => remember(distributor),
      (error: unknown) => {
        setPassword("");
        setBusy(false);
        setSaid(error instanceof Problem ? inWords(error) : String(error));
      },
    );
  };

  return (
    <form onSubmit={submit} aria-labelledby="sign-in-title">
      <p class="brand">
        <img src="/icon.svg" alt="" width="36" height="36" /> VyaparSahayak
      </p>
      <h1 id="sign-in-title">{title}</h1>
      {ended && !said && (
        <p class="notice" role="status">
          {ended}
        </p>
      )}
      {said && (
        <p class="notice notice-bad" role="alert">
          {said}
        </p>
      )}
      <Field
        label={say("distributor")}
        value={tenant}
        onInput={setTenant}
        required
        autoComplete="organization"
        spellcheck={false}
      />
      <Field
        label={say("user")}
        value={name}
        onInput={setName}
        required
        autoComplete="username"
        spellcheck={false}
      />
      <Field
        label={say("password")}
        type="password"
        value={password}
        onInput={setPassword}
        required
        autoComplete="current-password"
      />
      <button class="button button-main button-wide" disabled={busy}>
        {say(busy ? "signing_in" : "sign_in")}
      </button>
    </form>
  );
}

export function SignInPage({ ended }: { ended: boolean }) {
  return (
    <main class="sign-in">
      <div class="sign-in-card">
        <SignInForm title={say("sign_in")} ended={ended ? say("session_ended") : ""} user={null} />
        <LanguageChoice />
      </div>
    </main>
  );
}

/** Above all dialogs that are open, and not to be closed but by signing in. */
export function SignInAgain({ user }: { user: User }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const opener = document.activeElement as HTMLElement | null;
    dialog.current?.showModal();
    dialog.current?.querySelector<HTMLElement>("input[type=password]")?.focus();
    return () => opener?.focus();
  }, []);
  return (
    <dialog
      ref={dialog}
      class="sign-in-again"
      aria-labelledby="sign-in-title"
      onCancel={(event) => event.preventDefault()}
    >
      <SignInForm
        title={say("sign_in_again")}
        ended={`${say("session_ended")} ${say("session_kept")}`}
        user={user}
      />
    </dialog>
  );
}
