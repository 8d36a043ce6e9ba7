/** A piece of untrusted text as it may be shown. The same as `reveal` in `crates/model`. */
export type Piece = { text: string } | { mark: string } | { blanks: number };

/** More than this many blanks in a row are shown as a count. */
const BLANKS_MAX = 12;

/** Whether showing the character as it is would hide it or disturb its surroundings. */
const DECEPTIVE =
  /^(?![\n\t])[\p{Cc}\u{A0}\u{AD}\u{34F}\u{61C}\u{115F}\u{1160}\u{1680}\u{17B4}\u{17B5}\u{180B}-\u{180F}\u{2000}-\u{200F}\u{2028}-\u{202F}\u{205F}-\u{206F}\u{2800}\u{3000}\u{3164}\u{FE00}-\u{FE0F}\u{FEFF}\u{FFA0}\u{FFF0}-\u{FFFB}\u{E000}-\u{F8FF}\u{1D173}-\u{1D17A}\u{E0000}-\u{E0FFF}\u{F0000}-\u{10FFFF}\p{Cs}]$/u;

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
    if (DECEPTIVE.test(character)) {
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
