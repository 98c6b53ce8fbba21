// SPDX-License-Identifier: GPL-3.0-or-later
// The server's document as types. openapi.d.ts is made from api/openapi.yaml where types are checked
// (tests/browser); the bundle does not need it.
import type { components, paths } from "./openapi";

export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

type Json<Answer> = Answer extends { content: { "application/json": infer Body } } ? Body : never;
type Good<Operation> = Operation extends { responses: infer All }
  ? 200 extends keyof All
    ? Json<All[200]>
    : 201 extends keyof All
      ? Json<All[201]>
      : never
  : never;
type Arguments<Operation, Place extends "path" | "query"> = Operation extends {
  parameters: infer All;
}
  ? Place extends keyof All
    ? NonNullable<All[Place]>
    : never
  : never;

export type Method = "get" | "post" | "put" | "delete";
type PathsWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends { [K in M]: { responses: unknown } } ? P : never;
}[keyof paths];

export type GetPath = PathsWith<"get">;
export type WritePath<M extends Method> = PathsWith<M>;
type Operation<M extends Method, P extends keyof paths> = M extends keyof paths[P]
  ? paths[P][M]
  : never;

export type Answer<M extends Method, P extends keyof paths> = Good<Operation<M, P>>;
export type Body<M extends Method, P extends keyof paths> =
  Operation<M, P> extends { requestBody: { content: { "application/json": infer B } } } ? B : never;
export type Places<M extends Method, P extends keyof paths> = Arguments<Operation<M, P>, "path">;
export type Query<M extends Method, P extends keyof paths> = Partial<
  Arguments<Operation<M, P>, "query">
>;

export type Role = Schema<"Role">;
