import type { Backend } from './types';

export * from './types';

/** Returns the app where there is one, and example data in a browser: `?data=large`. */
export async function connect(): Promise<Backend> {
  if ('__TAURI_INTERNALS__' in window) {
    return (await import('./tauri')).tauri;
  }
  const { fake } = await import('./fake');
  return fake(new URLSearchParams(window.location.search).get('data') ?? 'small');
}
