// SPDX-License-Identifier: Apache-2.0
// What the worker hears: tones that tell accepted, refused and "look" apart without looking, and
// prompts spoken by the device's own voice. Both off by a switch.
import type { Tone } from "./types";
import type { Language } from "./words";

interface Note {
  hz: number;
  at: number; // seconds
  for: number;
  shape: OscillatorType;
}

const tunes: Record<Tone, Note[]> = {
  none: [],
  noted: [{ hz: 1200, at: 0, for: 0.04, shape: "sine" }],
  accept: [
    { hz: 1047, at: 0, for: 0.09, shape: "sine" },
    { hz: 1568, at: 0.1, for: 0.14, shape: "sine" },
  ],
  attention: [
    { hz: 740, at: 0, for: 0.12, shape: "triangle" },
    { hz: 740, at: 0.2, for: 0.12, shape: "triangle" },
    { hz: 988, at: 0.4, for: 0.18, shape: "triangle" },
  ],
  reject: [
    { hz: 196, at: 0, for: 0.22, shape: "sawtooth" },
    { hz: 147, at: 0.26, for: 0.4, shape: "sawtooth" },
  ],
};

let context: AudioContext | null = null;

export function play(tone: Tone): void {
  const notes = tunes[tone];
  if (notes.length === 0 || typeof AudioContext === "undefined") return;
  context ??= new AudioContext();
  void context.resume();
  for (const note of notes) {
    const from = context.currentTime + note.at;
    const swing = context.createOscillator();
    const loud = context.createGain();
    swing.type = note.shape;
    swing.frequency.value = note.hz;
    loud.gain.setValueAtTime(0.0001, from);
    loud.gain.exponentialRampToValueAtTime(0.4, from + 0.01);
    loud.gain.exponentialRampToValueAtTime(0.0001, from + note.for);
    swing.connect(loud).connect(context.destination);
    swing.start(from);
    swing.stop(from + note.for);
  }
}

export function speak(text: string, language: Language): void {
  if (typeof speechSynthesis === "undefined") return;
  speechSynthesis.cancel(); // what is old is wrong
  const words = new SpeechSynthesisUtterance(text);
  words.lang = language === "hi" ? "hi-IN" : "en-IN";
  speechSynthesis.speak(words);
}
