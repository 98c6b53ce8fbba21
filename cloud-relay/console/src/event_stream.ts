// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a text/event-stream (WHATWG HTML 9.2.6) that was fetched, because EventSource cannot carry a
// token. Pure: bytes in, events out.
export interface StreamEvent {
  id: string; // the last one seen, also when this event has none
  type: string;
  data: string;
}

export class EventReader {
  #text = "";
  #id = "";
  #type = "";
  #data: string[] = [];

  /** Takes a piece, however it was cut, and gives the events that it completes. */
  take(piece: string): StreamEvent[] {
    const lines = (this.#text + piece).split("\n");
    this.#text = lines.pop() ?? "";
    const events: StreamEvent[] = [];
    for (const raw of lines) {
      const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
      if (line !== "") {
        this.#field(line);
        continue;
      }
      if (this.#data.length > 0)
        events.push({ id: this.#id, type: this.#type || "message", data: this.#data.join("\n") });
      this.#type = "";
      this.#data = [];
    }
    return events;
  }

  #field(line: string): void {
    const colon = line.indexOf(":");
    if (colon === 0) return; // a comment
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "id") this.#id = value;
    else if (name === "event") this.#type = value;
    else if (name === "data") this.#data.push(value);
  }
}
