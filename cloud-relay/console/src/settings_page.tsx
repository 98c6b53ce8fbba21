// SPDX-License-Identifier: GPL-3.0-or-later
// The distributor's rules: what holds, what it means, and who changed it.
import { useState } from "preact/hooks";
import { mayDo } from "./access";
import { write } from "./api";
import { useConsole } from "./console_context";
import { useGet } from "./data";
import { money, permille, time, who, whole } from "./format";
import { say, term } from "./language";
import { Choice, Facts, Field, Page, Table, Told } from "./parts";
import { ReasonDialog } from "./reason_dialog";
import { href, type Route } from "./route";
import type { Schema } from "./schema";
import { Usage } from "./usage_view";

type Setting = Schema<"Setting">;
const changes = /^Setting/;

const unitWords: Record<string, (n: number) => string> = {
  days: (n) => say("n_days", n),
  hours: (n) => say("n_hours", n),
  km: (n) => say("km", n),
  paise_kg: (n) => say("a_kg", money(n)),
};

/** A value with the unit that its rule's name ends with. */
function inWords(name: string, value: string): string {
  const n = Number(value);
  if (Number.isNaN(n)) return value;
  if (name.endsWith("_permille")) return permille(n);
  if (name.endsWith("_paise")) return money(n);
  const unit = name.match(/[._](days|hours|km|paise_kg)$/)?.[1] ?? "";
  const named = unitWords[unit];
  return named ? named(n) : whole(n);
}

function range(of: Setting): string {
  if (of.minimum === null || of.maximum === null) return say("true_or_false");
  return say("a_range", whole(of.minimum), whole(of.maximum));
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
      title={say("change_rule", of.name)}
      confirm={say("change")}
      onClose={onClose}
      onConfirm={async (reason) => {
        await write("put", "/api/v1/settings/{name}", {
          places: { name: of.name },
          body: { scope: of.scope, value: value.trim(), reason },
        });
        tell(say("rule_changed"));
        onDone();
      }}
    >
      <p>
        <Told>{of.help}</Told>
      </p>
      {isSwitch ? (
        <Choice
          label={say("rule_value")}
          value={value}
          options={[
            ["true", term("true")],
            ["false", term("false")],
          ]}
          onChange={setValue}
        />
      ) : (
        <Field
          label={of.unit ? say("rule_value_in", of.unit) : say("rule_value")}
          hint={say("allowed", range(of))}
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
    <Page title={name} shown={history} back={["settings", say("all_settings")]}>
      {(data) => (
        <>
          {mine.map((of) => (
            <section class="card" key={of.scope}>
              <Facts
                rows={[
                  [say("means"), <Told>{of.help}</Told>],
                  [say("holds_for"), of.scope || say("everything")],
                  [say("rule_value"), inWords(of.name, of.value)],
                  [say("allowed_range"), range(of)],
                  [say("default"), inWords(of.name, of.default)],
                ]}
              />
              {mayDo(user, "rule") && !of.name.startsWith("quota.") && (
                <div class="buttons">
                  <button class="button button-main" onClick={() => setAsking(of)}>
                    {say("change")}
                  </button>
                </div>
              )}
            </section>
          ))}
          <section class="card">
            <Table
              caption={say("versions")}
              showCaption
              rows={data.items}
              keyOf={(v) => `${v.scope} ${v.version}`}
              none={say("never_changed")}
              columns={[
                {
                  title: say("version"),
                  cell: (v) => `${v.version}${v.scope ? `, ${v.scope}` : ""}`,
                },
                { title: say("rule_value"), number: true, cell: (v) => inWords(name, v.value) },
                { title: say("when"), cell: (v) => time(v.changedAt) },
                { title: say("who"), cell: (v) => who(v.changedBy) },
                { title: say("why"), cell: (v) => <Told>{v.reason}</Told> },
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
    <Page title={say("settings")} shown={shown} lead={say("settings_lead")}>
      {(data) => (
        <>
          <Usage />
          <section class="card">
            <Table
              caption={say("in_force")}
              rows={data.items}
              keyOf={(s) => `${s.name} ${s.scope}`}
              none={say("no_settings")}
              columns={[
                {
                  title: say("rule"),
                  cell: (s) => (
                    <a class="code" href={href("settings", s.name)}>
                      {s.name}
                    </a>
                  ),
                },
                { title: say("means"), cell: (s) => <Told>{s.help}</Told> },
                { title: "For", cell: (s) => s.scope || say("all") },
                {
                  title: say("rule_value"),
                  number: true,
                  cell: (s) => <strong>{inWords(s.name, s.value)}</strong>,
                },
                {
                  title: "Changed",
                  cell: (s) =>
                    s.version === 0
                      ? say("by_default")
                      : say("made_at_by", time(s.changedAt), who(s.changedBy ?? "")),
                },
              ]}
            />
          </section>
        </>
      )}
    </Page>
  );
}

export function SettingsPage({ route }: { route: Route }) {
  return route.id ? <OneSetting name={route.id} /> : <AllSettings />;
}
