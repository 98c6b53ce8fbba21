// SPDX-License-Identifier: Apache-2.0
// A score of 0 to 100, and what it is made of.
import { useScreen } from "./screen_context";
import type { Factor } from "./types";
import { isWord } from "./words";

function band(score: number): string {
  return score >= 70 ? "high" : score >= 40 ? "middle" : "low";
}

export function ScoreBadge({ score }: { score: number }) {
  const { t } = useScreen();
  return (
    <span class={`score score-${band(score)}`}>
      <b>{score}</b>
      <span>{t("score")}</span>
    </span>
  );
}

export function Factors({ factors }: { factors: Factor[] }) {
  const { t } = useScreen();
  const word = (name: string): string => {
    const key = `factor_${name}`;
    return isWord(key) ? t(key) : name.replace(/_/g, " ");
  };
  return (
    <dl class="factors">
      {factors.map((factor) => (
        <div key={factor.name}>
          <dt>{word(factor.name)}</dt>
          <dd>
            <i class="factor-bar" style={{ "--part": `${Math.min(100, factor.points)}%` }} />
            {factor.points}
          </dd>
        </div>
      ))}
    </dl>
  );
}
