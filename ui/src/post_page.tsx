// SPDX-License-Identifier: Apache-2.0
// The first thing that a new screen asks: which post it serves.
import { useEffect, useState } from "preact/hooks";
import * as api from "./api";
import { useScreen } from "./screen_context";
import type { PostRow, Rows } from "./types";
import { say } from "./words";

export function PostPage() {
  const { t, prefs, setPrefs } = useScreen();
  const [posts, setPosts] = useState<PostRow[]>([]);
  useEffect(() => {
    let timer = 0;
    const ask = (): void => {
      api.get<Rows<PostRow>>("posts").then(
        ({ rows }) => setPosts(rows),
        () => (timer = window.setTimeout(ask, 2000)),
      );
    };
    ask();
    return () => clearTimeout(timer);
  }, []);
  return (
    <main class="page page-posts">
      <div class="prompt">
        <h1>{t("choose_post")}</h1>
        <p lang="hi">{say("hi", "choose_post")}</p>
      </div>
      <ul class="posts">
        {posts.map((row) => (
          <li key={row.post}>
            <button class="post" onClick={() => setPrefs({ ...prefs, post: row.post })}>
              <b>{row.post}</b>
              <span>{row.in_use ? t("in_use_by", row.worker_name ?? "?") : t("free")}</span>
            </button>
          </li>
        ))}
      </ul>
    </main>
  );
}
