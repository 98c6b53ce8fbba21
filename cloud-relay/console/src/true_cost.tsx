// SPDX-License-Identifier: GPL-3.0-or-later
// What the way of a transfer truly cost, by its paper: asked once, corrected with a reason.
import { useState } from "preact/hooks";
import { mayDo } from "./access";
import { write } from "./api";
import { useConsole } from "./console_context";
import { say } from "./language";
import { Field } from "./parts";
import { ReasonDialog } from "./reason_dialog";
import type { Schema } from "./schema";

const rupees = "[0-9]+([.][0-9]{1,2})?";
const paise = (text: string) => Math.round(Number(text) * 100);

function CostDialog(props: {
  proposal: string;
  corrects: boolean;
  onClose: () => void;
  onDone: (now: Schema<"Proposal">) => void;
}) {
  const { tell } = useConsole();
  const [freight, setFreight] = useState("");
  const [handling, setHandling] = useState("0");
  const [paper, setPaper] = useState("");
  return (
    <ReasonDialog
      title={say("true_cost")}
      confirm={say("enter_cost")}
      reasonIsAsked={props.corrects}
      onClose={props.onClose}
      onConfirm={async (reason) => {
        const now = await write("put", "/api/v1/proposals/{proposalId}/true-cost", {
          places: { proposalId: props.proposal },
          body: {
            freightPaise: paise(freight),
            handlingPaise: paise(handling),
            paper: paper.trim(),
            ...(props.corrects ? { reason } : {}),
          },
        });
        tell(say("cost_entered"));
        props.onDone(now);
      }}
    >
      <Field
        label={say("freight_rupees")}
        value={freight}
        onInput={setFreight}
        pattern={rupees}
        required
      />
      <Field
        label={say("handling_rupees")}
        value={handling}
        onInput={setHandling}
        pattern={rupees}
        required
      />
      <Field
        label={say("paper_no")}
        hint={say("paper_no_hint")}
        value={paper}
        onInput={setPaper}
        required
        maxLength={32}
      />
    </ReasonDialog>
  );
}

/** `corrects`: somebody has entered it before. */
export function TrueCostButton(props: {
  proposal: string;
  corrects: boolean;
  onDone: (now: Schema<"Proposal">) => void;
}) {
  const { user } = useConsole();
  const [asking, setAsking] = useState(false);
  if (!mayDo(user, "trade")) return null;
  return (
    <>
      <button class="button" onClick={() => setAsking(true)}>
        {say("enter_cost")}
      </button>
      {asking && <CostDialog {...props} onClose={() => setAsking(false)} />}
    </>
  );
}
