// SPDX-License-Identifier: GPL-3.0-or-later
// Suppliers: what each takes back, and every version of its terms.
import { useState } from "preact/hooks";
import { mayDo } from "./access";
import { write } from "./api";
import { useConsole } from "./console_context";
import { useGet } from "./data";
import { money, permille, time, units, who } from "./format";
import { say, term } from "./language";
import { Choice, Facts, Field, Page, Table, Told } from "./parts";
import { ReasonDialog } from "./reason_dialog";
import { href, type Route } from "./route";
import type { Schema } from "./schema";

type Terms = Schema<"SupplierTerms">;
const changes = /^(Supplier|Proposal)/;
const decimal = "[0-9]+([.][0-9]{1,2})?";
const whole = "-?[0-9]+";
const hundredfold = (text: string) => Math.round(Number(text) * 100);

const brandOf = (t: Terms) => t.brand || say("all_brands");
const creditOf = (t: Terms) =>
  t.returnable ? say("of_purchase", permille(t.creditPermille)) : term("false");

function quotaOf(t: Terms): string {
  const parts = [
    t.quotaPermille > 0 ? say("of_purchases", permille(t.quotaPermille)) : "",
    t.quotaUnits > 0 ? units(t.quotaUnits) : "",
    t.quotaPaise > 0 ? money(t.quotaPaise) : "",
  ];
  return parts.filter(Boolean).join(", ") || say("no_limit");
}

function leftOf(t: Terms): string {
  if (!t.quarter) return "–";
  const { leftUnits, leftPaise } = t.quarter;
  const parts = [
    leftUnits === null ? "" : units(leftUnits),
    leftPaise === null ? "" : money(leftPaise),
  ];
  return parts.filter(Boolean).join(", ") || say("no_limit");
}

// The fields of the form as people type them: percents and rupees, not thousandths and paise.
const fields = [
  ["windowFromDays", "window_from", whole, "window_hint", 1],
  ["windowToDays", "window_to", whole, "window_hint", 1],
  ["creditPermille", "credit_percent", decimal, null, 10],
  ["freightPaisePerKg", "freight_kg", decimal, null, 100],
  ["quotaPermille", "quota_percent", decimal, "zero_no_limit", 10],
  ["quotaUnits", "quota_of_units", whole, "zero_no_limit", 1],
  ["quotaPaise", "quota_rupees", decimal, "zero_no_limit", 100],
  ["leastClaimPaise", "least_claim_rupees", decimal, null, 100],
] as const;
type FieldName = (typeof fields)[number][0];

function typed(of: Terms | null): Record<FieldName, string> {
  const preset: Record<string, number> = { windowFromDays: -60, windowToDays: 0 };
  return Object.fromEntries(
    fields.map(([name, , , , by]) => [name, String((of ? of[name] : (preset[name] ?? 0)) / by)]),
  ) as Record<FieldName, string>;
}

function numbers(of: Record<FieldName, string>): Record<FieldName, number> {
  return Object.fromEntries(
    fields.map(([name, , , , by]) => [name, Math.round((hundredfold(of[name]) * by) / 100)]),
  ) as Record<FieldName, number>;
}

function TermsDialog(props: {
  supplier: string;
  of: Terms | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const { tell } = useConsole();
  const { of } = props;
  const [brand, setBrand] = useState(of?.brand ?? "");
  const [returnable, setReturnable] = useState(String(of?.returnable ?? true));
  const [freightBy, setFreightBy] = useState<string>(of?.freightBy ?? "supplier");
  const [route, setRoute] = useState<string>(of?.route ?? "credit_note");
  const [figures, setFigures] = useState(typed(of));
  const words = (names: readonly string[]) => names.map((name) => [name, term(name)] as const);
  return (
    <ReasonDialog
      title={say("enter_terms")}
      confirm={say("enter_terms")}
      onClose={props.onClose}
      onConfirm={async (reason) => {
        await write("put", "/api/v1/suppliers/{supplier}/terms", {
          places: { supplier: props.supplier },
          body: {
            brand: brand.trim(),
            returnable: returnable === "true",
            freightBy: freightBy as Schema<"FreightBy">,
            route: route as Schema<"ReturnRoute">,
            ...numbers(figures),
            reason,
          },
        });
        tell(say("terms_entered"));
        props.onDone();
      }}
    >
      <Field
        label={say("brand")}
        hint={say("brand_hint")}
        value={brand}
        onInput={setBrand}
        maxLength={32}
      />
      <Choice
        label={say("takes_back")}
        value={returnable}
        options={words(["true", "false"])}
        onChange={setReturnable}
      />
      {fields.map(([name, label, pattern, hint]) => (
        <Field
          key={name}
          label={say(label)}
          {...(hint ? { hint: say(hint) } : {})}
          value={figures[name]}
          pattern={pattern}
          required
          onInput={(value) => setFigures({ ...figures, [name]: value })}
        />
      ))}
      <Choice
        label={say("way_back")}
        value={freightBy}
        options={words(["supplier", "distributor"])}
        onChange={setFreightBy}
      />
      <Choice
        label={say("papers_by")}
        value={route}
        options={words(["credit_note", "supply"])}
        onChange={setRoute}
      />
    </ReasonDialog>
  );
}

function InForce({ of, onChange }: { of: Terms; onChange: (() => void) | null }) {
  const paid =
    of.freightBy === "distributor"
      ? say("we_pay", say("a_kg", money(of.freightPaisePerKg)))
      : say("he_pays");
  return (
    <section class="card">
      <h2>{say("terms_of", brandOf(of))}</h2>
      <Facts
        rows={[
          [say("takes_back"), term(String(of.returnable))],
          [say("window"), say("window_text", of.windowFromDays, of.windowToDays)],
          [say("credit"), say("of_purchase", permille(of.creditPermille))],
          [say("way_back"), paid],
          [say("quota"), quotaOf(of)],
          ...(of.quarter
            ? [
                [say("quota_left"), leftOf(of)] as const,
                [
                  say("value"),
                  say("went_back", money(of.quarter.backPaise), money(of.quarter.boughtPaise)),
                ] as const,
              ]
            : []),
          [say("least_claim"), money(of.leastClaimPaise)],
          [say("papers_by"), term(of.route)],
        ]}
      />
      {onChange && (
        <div class="buttons">
          <button class="button" onClick={onChange}>
            {say("change")}
          </button>
        </div>
      )}
    </section>
  );
}

function OneSupplier({ supplier }: { supplier: string }) {
  const { user } = useConsole();
  const shown = useGet("/api/v1/suppliers/{supplier}/terms", { places: { supplier } }, changes);
  const [asking, setAsking] = useState<{ of: Terms | null } | null>(null);
  const may = mayDo(user, "rule");
  return (
    <Page
      title={shown.data?.name ?? supplier}
      shown={shown}
      back={["suppliers", say("all_suppliers")]}
    >
      {(data) => (
        <>
          {data.terms.length === 0 && <p class="empty">{say("no_terms")}</p>}
          {data.terms.map((of) => (
            <InForce key={of.brand} of={of} onChange={may ? () => setAsking({ of }) : null} />
          ))}
          {may && (
            <div class="buttons">
              <button class="button button-main" onClick={() => setAsking({ of: null })}>
                {say("enter_terms")}
              </button>
            </div>
          )}
          <section class="card">
            <Table
              caption={say("versions")}
              showCaption
              rows={data.versions ?? []}
              keyOf={(v) => `${v.brand} ${v.version}`}
              none={say("no_terms")}
              columns={[
                { title: say("version"), cell: (v) => `${v.version}, ${brandOf(v)}` },
                { title: say("credit"), cell: creditOf },
                {
                  title: say("window"),
                  cell: (v) => say("window_text", v.windowFromDays, v.windowToDays),
                },
                { title: say("quota"), cell: quotaOf },
                { title: say("when"), cell: (v) => time(v.changedAt) },
                { title: say("who"), cell: (v) => who(v.changedBy) },
                { title: say("why"), cell: (v) => <Told>{v.reason}</Told> },
              ]}
            />
          </section>
          {asking && (
            <TermsDialog
              supplier={supplier}
              of={asking.of}
              onClose={() => setAsking(null)}
              onDone={shown.again}
            />
          )}
        </>
      )}
    </Page>
  );
}

function AllSuppliers() {
  const shown = useGet("/api/v1/suppliers", {}, changes);
  return (
    <Page title={say("suppliers")} lead={say("suppliers_lead")} shown={shown}>
      {(data) => (
        <section class="card">
          <Table
            caption={say("suppliers")}
            rows={data.items.flatMap((s) =>
              s.terms.length > 0
                ? s.terms.map((t) => ({ s, t: t as Terms | null }))
                : [{ s, t: null as Terms | null }],
            )}
            keyOf={({ s, t }) => `${s.supplier} ${t?.brand ?? ""}`}
            none={say("no_supplier")}
            columns={[
              {
                title: say("name"),
                cell: ({ s }) => <a href={href("suppliers", s.supplier)}>{s.name}</a>,
              },
              { title: say("gstin"), cell: ({ s }) => <span class="code">{s.gstNumber}</span> },
              { title: say("brand"), cell: ({ t }) => (t ? brandOf(t) : say("no_terms")) },
              { title: say("credit"), cell: ({ t }) => (t ? creditOf(t) : "–") },
              { title: say("quota"), cell: ({ t }) => (t ? quotaOf(t) : "–") },
              { title: say("quota_left"), cell: ({ t }) => (t ? leftOf(t) : "–") },
            ]}
          />
        </section>
      )}
    </Page>
  );
}

export function SuppliersPage({ route }: { route: Route }) {
  return route.id ? <OneSupplier supplier={route.id} /> : <AllSuppliers />;
}
