// SPDX-License-Identifier: GPL-3.0-or-later
// Every decision of a person is asked once more, with a reason, because the trail keeps it. What is
// written here stays while the link fails or the session ends: it is sent when its user says so.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { problemFrom } from "./data";
import { say } from "./language";
import { Field } from "./parts";

export function ReasonDialog(props: {
  title: string;
  confirm: string;
  tone?: "bad";
  wide?: boolean;
  empty?: boolean; // there is nothing to confirm yet
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
      const allowed = problem.allowed ? ` ${say("allowed", problem.allowed)}` : "";
      setSaid(problem.message + allowed);
      setBusy(false);
    });
  };

  return (
    <dialog
      ref={dialog}
      class={props.wide ? "wide" : ""}
      aria-label={props.title}
      onClose={props.onClose}
    >
      <form onSubmit={submit}>
        <h2>{props.title}</h2>
        {props.children}
        {asked && (
          <Field
            label={say("reason")}
            hint={say("reason_hint")}
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
            disabled={busy || props.empty === true}
          >
            {busy ? say("sending") : props.confirm}
          </button>
          <button type="button" class="button" onClick={props.onClose}>
            {say("cancel")}
          </button>
        </div>
      </form>
    </dialog>
  );
}
