// SPDX-License-Identifier: GPL-3.0-or-later
// Appliances: how old their data is, what waits in them, and how new ones come in.
import { useState } from "preact/hooks";
import { mayDo } from "./access";
import { write } from "./api";
import { useConsole } from "./console_context";
import { useGet } from "./data";
import { time, who, whole } from "./format";
import { Age, Choice, Facts, Field, Page, Problems, State, Table } from "./parts";
import { ReasonDialog } from "./reason_dialog";
import { href, type Route } from "./route";
import type { Schema } from "./schema";
import { useSites, type Sites } from "./sites";

type Device = Schema<"Device">;
const changes = /^(Device|Claim|Certificate|Inventory)/;

function skew(ms: number): string {
  const seconds = Math.abs(ms) / 1000;
  return seconds < 1
    ? "right"
    : `${seconds.toFixed(seconds < 10 ? 1 : 0)} s ${ms > 0 ? "fast" : "slow"}`;
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
      title="Let an appliance in"
      confirm="Make a code"
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
        label="Name of the appliance"
        hint="1 to 32 of a-z, 0-9 and -"
        value={device}
        onInput={setDevice}
        required
        pattern="[a-z0-9\-]{1,32}"
        spellcheck={false}
      />
      <Choice
        label="Site"
        value={site || (sites.all[0]?.site ?? "")}
        options={sites.all.map((s) => [s.site, s.name] as const)}
        onChange={setSite}
      />
      <Choice
        label="Good for"
        value={hours}
        options={[
          ["24", "1 day"],
          ["72", "3 days"],
          ["168", "7 days"],
        ]}
        onChange={setHours}
      />
    </ReasonDialog>
  );
}

function ClaimCode({ of, onClose }: { of: Schema<"ClaimCode">; onClose: () => void }) {
  return (
    <section class="card claim-code" aria-labelledby="claim-title">
      <h2 id="claim-title">Claim code</h2>
      <p class="code-large">{of.code}</p>
      <p>
        Type it in at the appliance. It works once, until {time(of.expiresAt)}, and is shown this
        one time: the relay keeps no copy.
      </p>
      <div class="buttons">
        <button class="button" onClick={onClose}>
          I have noted it
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
          <h2>Claims</h2>
          {mayDo(user, "claim") && (
            <button class="button button-main" onClick={() => setAsking(true)}>
              Let an appliance in
            </button>
          )}
        </div>
        <Problems of={claims} />
        {claims.data && (
          <Table
            caption="Claim codes that were given out"
            rows={claims.data.items}
            keyOf={(c) => `${c.device} ${c.madeAt}`}
            none="No code was given out yet."
            columns={[
              { title: "Appliance", cell: (c) => <span class="code">{c.device}</span> },
              { title: "Site", cell: (c) => sites.nameOf(c.site) },
              { title: "Made", cell: (c) => `${time(c.madeAt)} by ${who(c.madeBy)}` },
              { title: "Until", cell: (c) => time(c.expiresAt) },
              { title: "Used", cell: (c) => (c.usedAt ? time(c.usedAt) : "not yet") },
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
    <Page title={`Appliance ${id}`} shown={shown} lead={<a href={href("devices")}>All devices</a>}>
      {({ device: of, journals, documents }) => (
        <>
          <section class="card">
            <Facts
              rows={[
                ["State", <State name={online(of)} />],
                ["Data", <Age seconds={of.siteDataAgeSeconds} />],
                ["Site", `${sites.nameOf(of.site)}, ${of.territory}`],
                ["Waits to be sent", `${whole(of.queue)} entries`],
                ["Clock", skew(of.skewMs)],
                ["Software", `${of.release || "unknown"}, wire ${of.wire}`],
                ["Last heard", time(of.lastHeard)],
                ["Certificate until", time(of.certificateUntil)],
                ["Epoch, shard", `${of.epoch}, ${of.shard}`],
              ]}
            />
            {mayDo(user, "claim") && of.state !== "revoked" && (
              <div class="buttons">
                <button class="button button-bad" onClick={() => setAsking(true)}>
                  Revoke
                </button>
              </div>
            )}
          </section>
          <section class="card">
            <Table
              caption="Journals"
              showCaption
              rows={journals}
              keyOf={(j) => String(j.epoch)}
              none="It has sent nothing yet."
              columns={[
                { title: "Epoch", cell: (j) => j.epoch },
                { title: "Entries here", number: true, cell: (j) => whole(j.watermark) },
                { title: "Fork", cell: (j) => (j.forkSeq > 0 ? <State name="failed" /> : "none") },
                { title: "Batches", number: true, cell: (j) => whole(j.batches) },
                { title: "On the wire", number: true, cell: (j) => `${whole(j.wireBytes)} bytes` },
                { title: "Last", cell: (j) => time(j.last) },
                { title: "Head", cell: (j) => <span class="code">{j.headHash.slice(0, 12)}</span> },
              ]}
            />
          </section>
          <section class="card">
            <Table
              caption="Documents in force there"
              showCaption
              rows={documents}
              keyOf={(d) => d.type}
              none="None yet."
              columns={[
                { title: "Document", cell: (d) => d.type },
                { title: "Version", number: true, cell: (d) => whole(d.version) },
                { title: "Since", cell: (d) => time(d.at) },
              ]}
            />
          </section>
          {asking && (
            <ReasonDialog
              title={`Revoke ${id}`}
              confirm="Revoke"
              tone="bad"
              onClose={() => setAsking(false)}
              onConfirm={async (reason) => {
                await write("post", "/api/v1/devices/{device}/revoke", {
                  places: { device: id },
                  body: { reason },
                });
                tell("Revoked.");
                shown.again();
              }}
            >
              <p>
                Its certificate is not taken any more. It works on at its site, but nothing of it
                comes here.
              </p>
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
    <Page
      title="Devices"
      shown={shown}
      lead="The appliances in the warehouses. A site works on while its link is down."
    >
      {(data) => (
        <>
          <section class="card">
            <Table
              caption="Appliances"
              rows={data.items}
              keyOf={(d) => d.device}
              none="No appliance yet."
              columns={[
                {
                  title: "Appliance",
                  cell: (d) => (
                    <a class="code" href={href("devices", d.device)}>
                      {d.device}
                    </a>
                  ),
                },
                { title: "Site", cell: (d) => sites.nameOf(d.site) },
                { title: "State", cell: (d) => <State name={online(d)} /> },
                { title: "Data", cell: (d) => <Age seconds={d.siteDataAgeSeconds} /> },
                { title: "Queue", number: true, cell: (d) => whole(d.queue) },
                { title: "Clock", cell: (d) => skew(d.skewMs) },
                { title: "Software", cell: (d) => d.release || "unknown" },
                { title: "Last heard", cell: (d) => time(d.lastHeard) },
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
