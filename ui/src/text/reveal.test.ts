import { describe, expect, it } from 'vitest';
import cases from './reveal.cases.json';
import { halves, marked, reveal, stretches } from './reveal';

describe('reveal', () => {
  it.each(cases)('splits $name', ({ text, pieces }) => {
    expect(reveal(text)).toEqual(pieces);
  });

  it('writes out what cannot be seen where only plain text can stand', () => {
    expect(marked('a\u202eb')).toBe('a[U+202E]b');
  });
});

describe('stretches', () => {
  const alike = (text: string) =>
    stretches(text)
      .filter((stretch) => stretch.isAlike)
      .map((stretch) => stretch.text);

  it('finds letters of another script inside a Latin word', () => {
    expect(alike('@modelcоntextprotocol/server')).toEqual(['о']);
    expect(alike('gіthub')).toEqual(['і']);
    expect(alike('pаypаl')).toEqual(['а', 'а']);
  });

  it('leaves words of one script and writing without spaces alone', () => {
    expect(alike('привет hello')).toEqual([]);
    expect(alike('GitHub服务器 Größe')).toEqual([]);
  });

  it('loses nothing', () => {
    const text = 'x gіt-hub, π 3.14 αbc';
    expect(
      stretches(text)
        .map((one) => one.text)
        .join(''),
    ).toBe(text);
  });
});

describe('halves', () => {
  it('keeps the end of long text and all of short text', () => {
    expect(halves('short')).toEqual(['short', '']);
    expect(halves('abcdefghij', 3)).toEqual(['abcdefg', 'hij']);
  });
});
