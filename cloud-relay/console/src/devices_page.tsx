// SPDX-License-Identifier: GPL-3.0-or-later
// Appliances: how old their data is, what waits in them, and how new ones come in.
import { useState } from "preact/hooks";
import { mayDo } from "./access";
import { write } from "./api";
import { useConsole } from "./console_context";
import { useGet } from "./data";
import { time, who, whole } from "./format";
import { say } from "./language";
import { Age, Choice, Facts, Field, Page, Problems, State, Table } from "./parts";
import { ReasonDialog } from "./reason_dialog";
import { href, type Route } from "./route";
import type { Schema } from "./schema";
import { useSites, type Sites } from "./sites";

type Device = Schema<"Device">;
const changes = /^(Device|Claim|Certificate|Inventory)/;

function skew(ms: number): string {
  const seconds = Math.abs(ms) / 1000;
  if (seconds < 1) return say("clock_right");
  const text = seconds.toFixed(seconds < 10 ? 1 : 0);
  return say(ms > 0 ? "clock_fast" : "clock_slow", text);
}

function online(of: Device): string {
  return of.state === "active" ? (of.online ? "online" : "offline") : of.state;
}

function ClaimForm({
  sites,
  onClose,
  onCode,
}: {
  sites: Sites;
  onClose: () => void;
  onCode: (code: Schema<"ClaimCode">) => void;
}) {
  const [device, setDevice] = useState("");
  const [site, setSite] = useState("");
  const [hours, setHours] = useState("72");
  return (
    <ReasonDialog
      title={say("let_in")}
      confirm={say("make_code")}
      reasonIsAsked={false}
      onClose={onClose}
      onConfirm={async () =>
        onCode(
          await write("post", "/api/v1/claims", {
            body: {
              device: device.trim(),
              site: site || (sites.all[0]?.site ?? ""),
              validHours: Number(hours),
            },
          }),
        )
      }
    >
      <Field
        label={say("appliance_name")}
        hint={say("appliance_name_hint")}
        value={device}
        onInput={setDevice}
        required
        pattern="[a-z0-9\-]{1,32}"
        spellcheck={false}
      />
      <Choice
        label={say("site")}
        value={site || (sites.all[0]?.site ?? "")}
        options={sites.all.map((s) => [s.site, s.name] as const)}
        onChange={setSite}
      />
      <Choice
        label={say("good_for")}
        value={hours}
        options={[
          ["24", say("n_days", 1)],
          ["72", say("n_days", 3)],
          ["168", say("n_days", 7)],
        ]}
        onChange={setHours}
      />
    </ReasonDialog>
  );
}

function ClaimCode({ of, onClose }: { of: Schema<"ClaimCode">; onClose: () => void }) {
  return (
    <section class="card claim-code" aria-labelledby="claim-title">
      <h2 id="claim-title">{say("claim_code")}</h2>
      <p class="code-large">{of.code}</p>
      <p>{say("claim_text", time(of.expiresAt))}</p>
      <div class="buttons">
        <button class="button" onClick={onClose}>
          {say("have_noted")}
        </button>
      </div>
    </section>
  );
}

function Claims({ sites }: { sites: Sites }) {
  const { user } = useConsole();
  const claims = useGet("/api/v1/claims", {}, /^(Claim|Device)/);
  const [asking, setAsking] = useState(false);
  const [code, setCode] = useState<Schema<"ClaimCode"> | null>(null);
  return (
    <>
      {code && <ClaimCode of={code} onClose={() => setCode(null)} />}
      <section class="card">
        <div class="card-head">
          <h2>{say("claims")}</h2>
          {mayDo(user, "claim") && (
            <button class="button button-main" onClick={() => setAsking(true)}>
              {say("let_in")}
            </button>
          )}
        </div>
        <Problems of={claims} />
        {claims.data && (
          <Table
            caption={say("claims_caption")}
            rows={claims.data.items}
            keyOf={(c) => `${c.device} ${c.madeAt}`}
            none={say("no_claims")}
            columns={[
              { title: say("appliance"), cell: (c) => <span class="code">{c.device}</span> },
              { title: say("site"), cell: (c) => sites.nameOf(c.site) },
              { title: say("made"), cell: (c) => say("made_at_by", time(c.madeAt), who(c.madeBy)) },
              { title: say("until"), cell: (c) => time(c.expiresAt) },
              { title: say("used"), cell: (c) => (c.usedAt ? time(c.usedAt) : say("not_yet")) },
            ]}
          />
        )}
        {asking && (
          <ClaimForm
            sites={sites}
            onClose={() => setAsking(false)}
            onCode={(made) => {
              setCode(made);
              claims.again();
            }}
          />
        )}
      </section>
    </>
  );
}

function OneDevice({ id }: { id: string }) {
  const { user, tell } = useConsole();
  const shown = useGet("/api/v1/devices/{device}", { places: { device: id } }, changes);
  const sites = useSites();
  const [asking, setAsking] = useState(false);
  return (
    <Page title={say("appliance_no", id)} shown={shown} back={["devices", say("all_devices")]}>
      {({ device: of, journals, documents }) => (
        <>
          <section class="card">
            <Facts
              rows={[
                [say("state"), <State name={online(of)} />],
                [say("data"), <Age seconds={of.siteDataAgeSeconds} />],
                [say("site"), `${sites.nameOf(of.site)}, ${of.territory}`],
                [say("waits"), say("n_entries", of.queue)],
                [say("clock"), skew(of.skewMs)],
                [
                  say("software"),
                  say("software_wire", of.release || say("unknown"), String(of.wire)),
                ],
                [say("last_heard"), time(of.lastHeard)],
                [say("certificate_until"), time(of.certificateUntil)],
                [say("epoch_shard"), `${of.epoch}, ${of.shard}`],
              ]}
            />
            {mayDo(user, "claim") && of.state !== "revoked" && (
              <div class="buttons">
                <button class="button button-bad" onClick={() => setAsking(true)}>
                  {say("revoke")}
                </button>
              </div>
            )}
          </section>
          <section class="card">
            <Table
              caption={say("journals")}
              showCaption
              rows={journals}
              keyOf={(j) => String(j.epoch)}
              none={say("no_journal")}
              columns={[
                { title: say("epoch"), cell: (j) => j.epoch },
                { title: say("entries_here"), number: true, cell: (j) => whole(j.watermark) },
                {
                  title: say("fork"),
                  cell: (j) => (j.forkSeq > 0 ? <State name="failed" /> : say("none")),
                },
                { title: say("batches"), number: true, cell: (j) => whole(j.batches) },
                { title: say("on_wire"), number: true, cell: (j) => say("bytes", j.wireBytes) },
                { title: say("last"), cell: (j) => time(j.last) },
                {
                  title: say("head"),
                  cell: (j) => <span class="code">{j.headHash.slice(0, 12)}</span>,
                },
              ]}
            />
          </section>
          <section class="card">
            <Table
              caption={say("documents_there")}
              showCaption
              rows={documents}
              keyOf={(d) => d.type}
              none={say("no_documents")}
              columns={[
                { title: say("document"), cell: (d) => d.type },
                { title: say("version"), number: true, cell: (d) => whole(d.version) },
                { title: say("since"), cell: (d) => time(d.at) },
              ]}
            />
          </section>
          {asking && (
            <ReasonDialog
              title={say("revoke_device", id)}
              confirm={say("revoke")}
              tone="bad"
              onClose={() => setAsking(false)}
              onConfirm={async (reason) => {
                await write("post", "/api/v1/devices/{device}/revoke", {
                  places: { device: id },
                  body: { reason },
                });
                tell(say("revoked"));
                shown.again();
              }}
            >
              <p>{say("revoke_note")}</p>
            </ReasonDialog>
          )}
        </>
      )}
    </Page>
  );
}

function AllDevices() {
  const { user } = useConsole();
  const shown = useGet("/api/v1/devices", {}, changes);
  const sites = useSites();
  const seesClaims = user.role === "owner" || user.role === "technician" || user.role === "auditor";
  return (
    <Page title={say("devices")} shown={shown} lead={say("devices_lead")}>
      {(data) => (
        <>
          <section class="card">
            <Table
              caption={say("devices")}
              rows={data.items}
              keyOf={(d) => d.device}
              none={say("no_appliance")}
              columns={[
                {
                  title: say("appliance"),
                  cell: (d) => (
                    <a class="code" href={href("devices", d.device)}>
                      {d.device}
                    </a>
                  ),
                },
                { title: say("site"), cell: (d) => sites.nameOf(d.site) },
                { title: say("state"), cell: (d) => <State name={online(d)} /> },
                { title: say("data"), cell: (d) => <Age seconds={d.siteDataAgeSeconds} /> },
                { title: say("queue"), number: true, cell: (d) => whole(d.queue) },
                { title: say("clock"), cell: (d) => skew(d.skewMs) },
                { title: say("software"), cell: (d) => d.release || say("unknown") },
                { title: say("last_heard"), cell: (d) => time(d.lastHeard) },
              ]}
            />
          </section>
          {seesClaims && <Claims sites={sites} />}
        </>
      )}
    </Page>
  );
}

export function DevicesPage({ route }: { route: Route }) {
  return route.id ? <OneDevice id={route.id} /> : <AllDevices />;
}
