// SPDX-License-Identifier: GPL-3.0-or-later
// A page that shows a list of the relay: what narrows it stands above, in the page's address too.
import type { ComponentChildren } from "preact";
import type { Shown } from "./data";
import { Filters, type Filter } from "./filters";
import { Page } from "./parts";
import type { Route } from "./route";

export function ListPage<T extends object>(props: {
  route: Route;
  title: string;
  list: Shown<T>;
  filters: readonly Filter[];
  lead?: string;
  actions?: ComponentChildren; // beside the filters
  children: (data: T) => ComponentChildren;
}) {
  return (
    <Page
      title={props.title}
      shown={props.list}
      lead={props.lead}
      tools={
        <Filters route={props.route} of={props.filters}>
          {props.actions}
        </Filters>
      }
    >
      {props.children}
    </Page>
  );
}
