// SPDX-License-Identifier: Apache-2.0
import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icons";
import type { List } from "./list_state";
import { useScreen } from "./screen_context";

/** Title, and in place of rows what there is to say instead. */
export function ListFrame<T>(props: {
  title: string;
  icon: IconName;
  list: List<T>;
  none: string;
  head?: ComponentChildren;
  children: ComponentChildren;
}) {
  const { t } = useScreen();
  const { list } = props;
  return (
    <main class="page page-list" tabIndex={0} aria-label={props.title}>
      <h1 class="list-title">
        <Icon name={props.icon} />
        {props.title}
      </h1>
      {props.head}
      <div role="status" class="list-says">
        {list.error || (list.rows === null ? t("loading") : list.rows.length === 0 ? props.none : "")}
      </div>
      {list.rows && list.rows.length > 0 && props.children}
      {list.more && <p class="list-says">{t("more_rows")}</p>}
    </main>
  );
}
