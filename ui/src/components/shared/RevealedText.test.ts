import { render } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import RevealedText from './RevealedText.svelte';

function shown(text: string, isOneLine = false): HTMLElement {
  return render(RevealedText, { text, isOneLine }).container;
}

describe('RevealedText', () => {
  it('adds nothing to plain text', () => {
    expect(shown('npx -y  a\n\tb 世界').textContent).toBe('npx -y  a\n\tb 世界');
  });

  it('shows what cannot be seen as marks', () => {
    expect(shown('gith\u200bub\u202egpj.exe').textContent).toBe('githU+200BubU+202Egpj.exe');
  });

  it('counts long blanks', () => {
    expect(shown(`a${' '.repeat(400)}b`).textContent).toBe('a400 blanksb');
  });

  it('marks line breaks where one line is shown', () => {
    expect(shown('a\nb\tc', true).textContent).toBe('aU+000AbU+0009c');
  });

  it('underlines look-alike letters', () => {
    expect(shown('gіthub').querySelector('.alike')?.textContent).toBe('і');
  });

  it('shows markup as text', () => {
    const container = shown('<script>alert(1)</script><img src=x onerror=alert(1)>');
    expect(container.textContent).toBe('<script>alert(1)</script><img src=x onerror=alert(1)>');
    expect(container.querySelector('script, img')).toBeNull();
  });
});
