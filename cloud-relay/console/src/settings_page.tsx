// SPDX-License-Identifier: GPL-3.0-or-later
// The distributor's rules: what holds, what it means, and who changed it.
import { useState } from "preact/hooks";
import { mayDo } from "./access";
import { write } from "./api";
import { useConsole } from "./console_context";
import { useGet } from "./data";
import { money, permille, time, who, whole } from "./format";
import { Choice, Facts, Field, Page, Table } from "./parts";
import { ReasonDialog } from "./reason_dialog";
import { href, type Route } from "./route";
import type { Schema } from "./schema";

type Setting = Schema<"Setting">;
const changes = /^Setting/;

/** A value with the unit that its rule's name ends with. */
function inWords(name: string, value: string): string {
  const n = Number(value);
  if (Number.isNaN(n)) return value;
  if (name.endsWith("_permille")) return permille(n);
  if (name.endsWith("_paise")) return money(n);
  const unit = name.match(/[._](days|hours|km|paise_kg)$/)?.[1] ?? "";
  return unit === "paise_kg" ? `${money(n)} a kg` : `${whole(n)} ${unit}`.trim();
}

function range(of: Setting): string {
  if (of.minimum === null || of.maximum === null) return "true or false";
  return `${whole(of.minimum)} to ${whole(of.maximum)}`;
}

function ChangeDialog({
  of,
  onClose,
  onDone,
}: {
  of: Setting;
  onClose: () => void;
  onDone: () => void;
}) {
  const { tell } = useConsole();
  const [value, setValue] = useState(of.value);
  const isSwitch =
    of.minimum === null || of.unit === "bool" || of.default === "true" || of.default === "false";
  return (
    <ReasonDialog
      title={`Change ${of.name}`}
      confirm="Change"
      onClose={onClose}
      onConfirm={async (reason) => {
        await write("put", "/api/v1/settings/{name}", {
          places: { name: of.name },
          body: { scope: of.scope, value: value.trim(), reason },
        });
        tell("Changed. It holds from now on.");
        onDone();
      }}
    >
      <p>{of.help}</p>
      {isSwitch ? (
        <Choice
          label="Value"
          value={value}
          options={[
            ["true", "true"],
            ["false", "false"],
          ]}
          onChange={setValue}
        />
      ) : (
        <Field
          label={`Value${of.unit ? `, ${of.unit}` : ""}`}
          hint={`Allowed: ${range(of)}`}
          value={value}
          onInput={setValue}
          required
          maxLength={32}
        />
      )}
    </ReasonDialog>
  );
}

function OneSetting({ name }: { name: string }) {
  const { user } = useConsole();
  const all = useGet("/api/v1/settings", {}, changes);
  const history = useGet("/api/v1/settings/{name}/history", { places: { name } }, changes);
  const [asking, setAsking] = useState<Setting | null>(null);
  const mine = all.data?.items.filter((s) => s.name === name) ?? [];
  return (
    <Page title={name} shown={history} lead={<a href={href("settings")}>All rules</a>}>
      {(data) => (
        <>
          {mine.map((of) => (
            <section class="card" key={of.scope}>
              <Facts
                rows={[
                  ["Means", of.help],
                  ["Holds for", of.scope || "everything"],
                  ["Value", inWords(of.name, of.value)],
                  ["Allowed", range(of)],
                  ["Default", inWords(of.name, of.default)],
                ]}
              />
              {mayDo(user, "rule") && (
                <div class="buttons">
                  <button class="button button-main" onClick={() => setAsking(of)}>
                    Change
                  </button>
                </div>
              )}
            </section>
          ))}
          <section class="card">
            <Table
              caption="Every version, newest first"
              showCaption
              rows={data.items}
              keyOf={(v) => `${v.scope} ${v.version}`}
              none="It was never changed: the default holds."
              columns={[
                { title: "Version", cell: (v) => `${v.version}${v.scope ? `, ${v.scope}` : ""}` },
                { title: "Value", number: true, cell: (v) => inWords(name, v.value) },
                { title: "When", cell: (v) => time(v.changedAt) },
                { title: "Who", cell: (v) => who(v.changedBy) },
                { title: "Why", cell: (v) => v.reason },
              ]}
            />
          </section>
          {asking && (
            <ChangeDialog
              of={asking}
              onClose={() => setAsking(null)}
              onDone={() => {
                all.again();
                history.again();
              }}
            />
          )}
        </>
      )}
    </Page>
  );
}

function AllSettings() {
  const shown = useGet("/api/v1/settings", {}, changes);
  return (
    <Page
      title="Rules"
      shown={shown}
      lead="What agents go by. Every change is a version with its author and reason."
    >
      {(data) => (
        <section class="card">
          <Table
            caption="Rules in force"
            rows={data.items}
            keyOf={(s) => `${s.name} ${s.scope}`}
            none="No rules."
            columns={[
              {
                title: "Rule",
                cell: (s) => (
                  <a class="code" href={href("settings", s.name)}>
                    {s.name}
                  </a>
                ),
              },
              { title: "Means", cell: (s) => s.help },
              { title: "For", cell: (s) => s.scope || "all" },
              {
                title: "Value",
                number: true,
                cell: (s) => <strong>{inWords(s.name, s.value)}</strong>,
              },
              {
                title: "Changed",
                cell: (s) =>
                  s.version === 0 ? "default" : `${time(s.changedAt)} by ${who(s.changedBy ?? "")}`,
              },
            ]}
          />
        </section>
      )}
    </Page>
  );
}

export function SettingsPage({ route }: { route: Route }) {
  return route.id ? <OneSetting name={route.id} /> : <AllSettings />;
}
