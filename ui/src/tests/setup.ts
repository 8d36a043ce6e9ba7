import '@testing-library/jest-dom/vitest';
import { cleanup } from '@testing-library/svelte';
import { afterEach, beforeEach } from 'vitest';

// What jsdom leaves out and the parts of the dialogs and menus ask for.
class Observer {
  observe() {}
  unobserve() {}
  disconnect() {}
}
globalThis.ResizeObserver ??= Observer as unknown as typeof ResizeObserver;
Element.prototype.scrollIntoView ??= () => {};
Element.prototype.hasPointerCapture ??= () => false;
Element.prototype.setPointerCapture ??= () => {};
Element.prototype.animate ??= (() => ({
  cancel() {},
  finished: Promise.resolve(),
})) as unknown as Element['animate'];
Element.prototype.getAnimations ??= () => [];

beforeEach(() => localStorage.clear());
afterEach(() => cleanup());
