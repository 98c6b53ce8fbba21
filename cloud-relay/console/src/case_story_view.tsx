// SPDX-License-Identifier: GPL-3.0-or-later
// The story of a case as chapters, and its money: predicted beside actual.
import { chapters, storyOf, type Chapter, type Sentence } from "./case_story";
import { money, time } from "./format";
import { say } from "./language";
import { Bars, Told } from "./parts";
import { href } from "./route";
import type { Schema } from "./schema";

const titles = {
  found: "story_found",
  assessed: "story_assessed",
  proposed: "story_proposed",
  decided: "story_decided",
  carried: "story_carried",
  settled: "story_settled",
} as const;

function Sentences({ of }: { of: readonly Sentence[] }) {
  return (
    <ul>
      {of.map((s) => (
        <li key={s.seq}>
          <p>
            {s.text}{" "}
            {s.proposal && (
              <a class="code" href={href("proposals", s.proposal)}>
                {s.proposal}
              </a>
            )}
          </p>
          {s.told && (
            <p class="told-words">
              <Told>“{s.told}”</Told>
            </p>
          )}
          <time dateTime={s.at}>{time(s.at)}</time>
        </li>
      ))}
    </ul>
  );
}

export function CaseStory(props: { of: Schema<"CaseDetail">; siteName: (site: string) => string }) {
  const { of, siteName } = props;
  const story = storyOf(of.history, { of: of.case, siteName });
  const inChapter = (chapter: Chapter) => story.filter((s) => s.chapter === chapter);
  return (
    <section class="card" aria-labelledby="story-title">
      <h2 id="story-title">{say("story")}</h2>
      <ol class="story">
        {chapters.map((chapter) => {
          const sentences = inChapter(chapter);
          return (
            <li key={chapter} class={sentences.length > 0 ? "story-done" : "story-open"}>
              <h3>{say(titles[chapter])}</h3>
              {sentences.length > 0 ? (
                <Sentences of={sentences} />
              ) : (
                <p class="soft">{say("story_not_yet")}</p>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** Of what was carried out: what it was to bring and what it brought, revenue less cost. */
export function CaseMoney({ of }: { of: Schema<"CaseDetail"> }) {
  const carried = of.proposals.filter((p) => ["executing", "done", "partial"].includes(p.state));
  const predicted = carried.reduce((n, p) => n + p.expectedRevenue - p.transportationCost, 0);
  const actual = carried.reduce((n, p) => n + p.actualRevenuePaise - p.actualCostPaise, 0);
  const most = Math.max(1, predicted, actual);
  const figures = [
    ["risk_value", of.case.riskPaise],
    ["predicted", predicted],
    ["actual", actual],
    ["difference", actual - predicted],
    ["recovered", of.case.recoveredPaise],
  ] as const;
  return (
    <section class="card" aria-labelledby="money-title">
      <h2 id="money-title">{say("predicted_actual")}</h2>
      <dl class="figures">
        {figures.map(([title, paise]) => (
          <div key={title} class={`figure figure-${title}`}>
            <dt>{say(title)}</dt>
            <dd>
              <strong>{money(paise)}</strong>
            </dd>
          </div>
        ))}
      </dl>
      <Bars predicted={predicted} actual={actual} most={most} />
    </section>
  );
}
