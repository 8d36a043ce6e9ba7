import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { names, open, violations } from '@/tests/window';

async function go(view: string, data = 'small') {
  const opened = await open(data);
  await opened.user.click(screen.getByTestId(`nav-${view}`));
  return opened;
}

describe('Clients', () => {
  it('shows each client with its files and their state', async () => {
    await go('clients', 'broken');
    const zed = screen.getByRole('article', { name: 'Zed' });
    expect(zed).toHaveTextContent('~/.config/zed/settings.json');
    expect(zed).toHaveTextContent('could not be read');
    expect(zed).toHaveTextContent('comma expected at line 41, column 7');
    expect(await violations()).toEqual([]);
  });

  it('leads to the servers of a client', async () => {
    const { user } = await go('clients');
    const codex = screen.getByRole('article', { name: 'Codex CLI' });
    await user.click(within(codex).getByRole('button', { name: '2 servers' }));
    expect(names()).toEqual(['fetch', 'playwright']);
  });

  it('says where it looked when none is found', async () => {
    await go('clients', 'empty');
    expect(screen.getByTestId('empty')).toHaveTextContent('No MCP clients found. Looked in 486 places.');
  });
});

describe('Findings', () => {
  it('groups by severity and by rule', async () => {
    const { user } = await go('findings');
    const groups = () => screen.getAllByRole('heading', { level: 2 }).map((one) => one.textContent);
    expect(groups()).toEqual(['High1', 'Medium1', 'Low2']);
    await user.click(screen.getByRole('button', { name: 'By rule' }));
    expect(groups()).toEqual(['Credential in plain text2', 'Package without a version2']);
    expect(await violations()).toEqual([]);
  });

  it('shows the line with what is hidden, and opens the server', async () => {
    const { user } = await go('findings');
    const first = screen.getAllByTestId('finding-row')[0] as HTMLElement;
    expect(first).toHaveTextContent('24 "postgres://app:<hidden:16>@db.internal.example:5432/shop"');
    await user.click(within(first).getByRole('button', { name: 'postgres' }));
    expect(await screen.findByTestId('detail')).toHaveTextContent('postgres');
  });

  it('filters, and shows what is kept quiet when asked', async () => {
    const { user } = await go('findings');
    await user.type(screen.getByLabelText('Search findings'), 'notion');
    expect(screen.getAllByTestId('finding-row').length).toBe(1);
    await user.clear(screen.getByLabelText('Search findings'));
    await user.click(screen.getByLabelText('1 kept quiet'));
    expect(screen.getAllByTestId('finding-row').length).toBe(5);
  });

  it('says when there are none', async () => {
    await go('findings', 'empty');
    expect(screen.getByTestId('empty')).toHaveTextContent('No findings.');
  });
});

describe('Settings', () => {
  it('shows lists, decisions and what is sent', async () => {
    await go('settings');
    expect(screen.getByRole('region', { name: 'Team lists' })).toHaveTextContent(
      'not signed 31 approvals 4 denials',
    );
    expect(screen.getByRole('region', { name: 'Your decisions' })).toHaveTextContent(
      'Not used: its seal does not fit what it says.',
    );
    expect(screen.getByRole('region', { name: 'Start at login' })).toHaveTextContent(
      'nothing is watched while the window is closed',
    );
    expect(screen.getByRole('region', { name: 'About' })).toHaveTextContent('0.1.0');
    expect(await violations()).toEqual([]);
  });

  it('adds and removes lists and folders', async () => {
    const { user, backend } = await go('settings');
    const lists = screen.getByRole('region', { name: 'Team lists' });
    await user.click(within(lists).getByRole('button', { name: 'Add file…' }));
    await user.click(within(lists).getByRole('button', { name: 'Add address…' }));
    await user.type(
      within(lists).getByLabelText('Address of the list'),
      'https://a.example/allowlist.toml{Enter}',
    );
    await user.click(within(lists).getByRole('button', { name: 'Refresh' }));
    await user.click(within(lists).getByRole('button', { name: 'Remove ~/team/allowlist.toml' }));
    const folders = screen.getByRole('region', { name: 'Folders' });
    await user.click(within(folders).getByRole('button', { name: 'Add folder…' }));
    await user.click(await within(folders).findByRole('button', { name: 'Remove ~/src' }));
    await waitFor(() =>
      expect(backend.calls).toEqual([
        ['addList', 'file', '~/team/allowlist.toml'],
        ['addList', 'url', 'https://a.example/allowlist.toml'],
        ['refreshLists'],
        ['removeList', 1, '~/team/allowlist.toml'],
        ['addFolder', '~/work'],
        ['removeFolder', '~/src'],
      ]),
    );
  });

  it('turns start at login on', async () => {
    const { user, backend } = await go('settings');
    await user.click(screen.getByRole('checkbox', { name: /Keep watching/ }));
    expect(backend.calls).toEqual([['setAutostart', true]]);
    expect(await screen.findByText('Config files are watched while you are logged in.')).toBeInTheDocument();
  });

  it('takes a decision back', async () => {
    const { user, backend } = await go('settings');
    await user.click(
      screen.getByRole('button', { name: /Take back the decision on pkg:npm\/@acme\/linear-mcp/ }),
    );
    expect(backend.calls).toEqual([['forget', 'pkg:npm/@acme/linear-mcp']]);
  });
});
