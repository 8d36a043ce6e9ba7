import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import App from '@/App.svelte';
import { fake, type Fake } from '@/backend/fake';

/** Opens the window on example data. */
export async function open(data: string | Fake) {
  const backend = typeof data === 'string' ? fake(data) : data;
  const user = userEvent.setup();
  const view = render(App, { backend });
  if (data !== 'scanning' && data !== 'error') await screen.findByTestId('sentence');
  return { backend, user, ...view };
}

export function rows(): HTMLElement[] {
  return screen.queryAllByTestId('server-row');
}

export function names(): string[] {
  return rows().map((row) => row.dataset.name ?? '');
}

export function row(name: string): HTMLElement {
  const found = rows().find((one) => one.dataset.name === name);
  if (!found) throw new Error(`no row is called ${name}`);
  return found;
}

/** The part of a row that opens it. */
export function main(name: string): HTMLElement {
  return row(name).querySelector('[data-stop]') as HTMLElement;
}

/** Opens a server and waits for its entries. */
export async function detail(user: ReturnType<typeof userEvent.setup>, name: string): Promise<HTMLElement> {
  await user.click(main(name));
  const panel = await screen.findByTestId('detail');
  await within(panel).findByRole('region', { name: 'Where it is configured' });
  return panel;
}

/** What axe finds, in words. Contrast is tested on the tokens, since jsdom draws nothing. */
export async function violations(): Promise<string[]> {
  const result = await axe.run(document.body, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  });
  return result.violations.map(
    (one) => `${one.id}: ${one.help}\n  ${one.nodes.map((node) => node.html.slice(0, 300)).join('\n  ')}`,
  );
}
