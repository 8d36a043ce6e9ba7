/** A piece of untrusted text as it may be shown. The same as `reveal` in `crates/model`. */
export type Piece = { text: string } | { mark: string } | { blanks: number };

/** More than this many blanks in a row are shown as a count. */
const BLANKS_MAX = 12;

/** Characters that would not be seen or would change how their neighbours are seen. */
const DECEPTIVE: [number, number][] = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0xa0],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x1680, 0x1680],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x2000, 0x200f],
  [0x2028, 0x202f],
  [0x205f, 0x206f],
  [0x2800, 0x2800],
  [0x3000, 0x3000],
  [0x3164, 0x3164],
  // Halves of a pair that stand alone; Rust's text cannot hold them.
  [0xd800, 0xdfff],
  [0xe000, 0xf8ff],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
  [0xf0000, 0x10ffff],
];

function isDeceptive(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  // Most text is plain.
  if (code > 0x1f && code < 0x7f) return false;
  return DECEPTIVE.some(([first, last]) => code >= first && code <= last);
}

/** Names a character by its code point, such as `U+202E`. */
export function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Splits untrusted text into pieces that can be shown without deceiving whoever reads them. */
export function reveal(text: string): Piece[] {
  const pieces: Piece[] = [];
  let plain = '';
  let run = '';
  const endRun = () => {
    if (run.length > BLANKS_MAX) {
      flush();
      pieces.push({ blanks: run.length });
    } else {
      plain += run;
    }
    run = '';
  };
  const flush = () => {
    if (plain !== '') pieces.push({ text: plain });
    plain = '';
  };
  for (const character of text) {
    if (character === ' ' || character === '\n' || character === '\t') {
      run += character;
      continue;
    }
    endRun();
    if (isDeceptive(character)) {
      flush();
      pieces.push({ mark: codePoint(character) });
    } else {
      plain += character;
    }
  }
  endRun();
  flush();
  return pieces;
}

/** Plain text for a tooltip or an accessible name: what cannot be seen is written out. */
export function marked(text: string): string {
  return reveal(text)
    .map((piece) => {
      if ('text' in piece) return piece.text;
      return 'mark' in piece ? `[${piece.mark}]` : ` [${piece.blanks} blanks] `;
    })
    .join('');
}

/** A stretch of text, and whether it is letters of another script inside a Latin word. */
export interface Stretch {
  text: string;
  isAlike: boolean;
}

const WORD = /[\p{L}\p{M}\p{N}_]+/gu;
const LATIN = /[A-Za-z\u{C0}-\u{24F}]/u;
/** Scripts whose letters pass for Latin ones, full-width and mathematical Latin letters included. */
const ALIKE =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}\p{Script=Georgian}\u{FF21}-\u{FF3A}\u{FF41}-\u{FF5A}\u{1D400}-\u{1D7FF}]+/gu;

/** Splits text so that letters of another script inside a Latin word stand alone. */
export function stretches(text: string): Stretch[] {
  const found: Stretch[] = [];
  let end = 0;
  for (const word of text.matchAll(WORD)) {
    if (!LATIN.test(word[0])) continue;
    for (const alike of word[0].matchAll(ALIKE)) {
      const at = word.index + alike.index;
      if (at > end) found.push({ text: text.slice(end, at), isAlike: false });
      found.push({ text: alike[0], isAlike: true });
      end = at + alike[0].length;
    }
  }
  if (end < text.length) found.push({ text: text.slice(end), isAlike: false });
  return found;
}

/** Splits text in two so that the middle can give way where there is no room. */
export function halves(text: string, tail = 14): [string, string] {
  const characters = Array.from(text);
  if (characters.length <= tail * 2) return [text, ''];
  return [characters.slice(0, -tail).join(''), characters.slice(-tail).join('')];
}
