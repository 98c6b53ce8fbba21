// SPDX-License-Identifier: GPL-3.0-or-later
// Every decision of a person is asked once more, with a reason, because the trail keeps it.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { problemFrom } from "./data";
import { Field } from "./parts";

export function ReasonDialog(props: {
  title: string;
  confirm: string;
  tone?: "bad";
  reasonIsAsked?: boolean; // false: the form has fields of its own alone
  children?: ComponentChildren;
  onClose: () => void;
  onConfirm: (reason: string) => Promise<void>;
}) {
  const asked = props.reasonIsAsked ?? true;
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState("");

  useEffect(() => {
    const opener = document.activeElement as HTMLElement | null;
    dialog.current?.showModal();
    return () => opener?.focus();
  }, []);

  const submit = (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setSaid("");
    props.onConfirm(reason.trim()).then(props.onClose, (error: unknown) => {
      const problem = problemFrom(error);
      setSaid(problem.allowed ? `${problem.message} Allowed: ${problem.allowed}` : problem.message);
      setBusy(false);
    });
  };

  return (
    <dialog ref={dialog} aria-label={props.title} onClose={props.onClose}>
      <form onSubmit={submit}>
        <h2>{props.title}</h2>
        {props.children}
        {asked && (
          <Field
            label="Reason"
            hint="3 to 160 characters; the audit trail keeps it."
            value={reason}
            onInput={setReason}
            required
            minLength={3}
            maxLength={160}
          />
        )}
        {said && (
          <p class="notice notice-bad" role="alert">
            {said}
          </p>
        )}
        <div class="buttons">
          <button
            class={`button ${props.tone === "bad" ? "button-bad" : "button-main"}`}
            disabled={busy}
          >
            {busy ? "Sending…" : props.confirm}
          </button>
          <button type="button" class="button" onClick={props.onClose}>
            Cancel
          </button>
        </div>
      </form>
    </dialog>
  );
}
