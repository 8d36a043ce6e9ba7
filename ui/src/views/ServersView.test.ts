import { screen, waitFor, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { describe, expect, it } from 'vitest';
import { fake } from '@/backend/fake';
import { detail, main, names, open, row, rows, violations } from '@/tests/window';

describe('the sentence', () => {
  it('says what core says, and each clause filters', async () => {
    const { user } = await open('small');
    expect(screen.getByTestId('sentence')).toHaveTextContent(
      '13 servers in 6 clients. 3 need you: 2 are not what was approved, 1 has a serious finding, 2 keep credentials in plain text. 1 file could not be read.',
    );
    await user.click(screen.getByRole('button', { name: '2 keep credentials in plain text' }));
    expect(names()).toEqual(['notion', 'postgres']);
    await user.click(screen.getByRole('button', { name: 'Remove filter: keep credentials in plain text' }));
    expect(rows().length).toBe(13);
  });

  it('filters to the files that could not be read', async () => {
    const { user } = await open('small');
    await user.click(screen.getByRole('button', { name: '1 file could not be read' }));
    expect(rows()).toEqual([]);
    expect(screen.getByTestId('config-row')).toHaveTextContent('comma expected at line 41, column 7');
  });

  it('says that nothing needs anybody', async () => {
    await open('calm');
    expect(screen.getByTestId('sentence')).toHaveTextContent('7 servers in 5 clients. Nothing needs you.');
  });
});

describe('the list', () => {
  it('groups servers, those that need the user first', async () => {
    await open('small');
    const groups = screen.getAllByRole('heading', { level: 2 }).map((one) => one.textContent?.trim());
    expect(groups).toEqual(['Needs you 4', 'Not reviewed 3', 'Approved 6', 'Not in effect 1']);
  });

  it('closes the lock only where content is fixed', async () => {
    await open('small');
    expect(within(row('playwright')).getByLabelText('Closed lock')).toBeInTheDocument();
    expect(within(row('github')).getByLabelText('Open lock')).toBeInTheDocument();
  });

  it('remembers which groups are collapsed', async () => {
    const { user, unmount } = await open('small');
    await user.click(screen.getByRole('button', { name: /^Approved \d/ }));
    expect(names()).not.toContain('time');
    unmount();
    await open('small');
    expect(names()).not.toContain('time');
    expect(screen.getByRole('button', { name: /^Approved \d/ })).toHaveAttribute('aria-expanded', 'false');
  });

  it('searches names, packages and clients', async () => {
    const { user } = await open('small');
    await user.type(screen.getByTestId('search'), 'gemini fetch');
    expect(names()).toEqual(['fetch']);
    await user.clear(screen.getByTestId('search'));
    await user.type(screen.getByTestId('search'), 'no such thing');
    expect(screen.getByTestId('empty')).toHaveTextContent('Nothing matches');
  });

  it('filters by what is chosen in the menu', async () => {
    const { user } = await open('small');
    await user.click(screen.getByRole('button', { name: 'Filter' }));
    await user.click(await screen.findByText('Running now'));
    expect(names()).toEqual(['github', 'postgres', 'fetch', 'filesystem']);
  });

  it('sorts by name', async () => {
    const { user } = await open('small');
    await user.click(screen.getByRole('button', { name: 'Sort' }));
    await user.click(await screen.findByText('Name'));
    await waitFor(() => expect(names().slice(3, 6)).toEqual(['fetch', 'scratch', 'sentry']));
    expect(names().slice(6, 8)).toEqual(['filesystem', 'linear']);
  });

  it('opens the file of a row whose action is that', async () => {
    const { user, backend } = await open('small');
    await user.click(screen.getByRole('button', { name: 'Open file ~/.config/zed/settings.json' }));
    expect(backend.calls).toContainEqual(['openFile', '~/.config/zed/settings.json', 41]);
  });

  it('holds few of ten thousand rows in the page, and filters them soon', async () => {
    const { user } = await open('huge');
    expect(screen.getByTestId('sentence')).toHaveTextContent('10000 servers');
    expect(rows().length).toBeGreaterThan(5);
    expect(rows().length).toBeLessThanOrEqual(200);
    await user.click(screen.getByTestId('search'));
    await user.paste('search-9990');
    expect(names()).toEqual(['search-9990']);
  });

  it('shows hostile text as text', async () => {
    await open('hostile');
    expect(names()).toContain('<script>alert(1)</script>');
    expect(document.body.querySelector('script, img')).toBeNull();
    expect(row('gith\u200bub\u202egpj.exe')).toHaveTextContent('githU+200BubU+202Egpj.exe');
  });
});

describe('the keyboard', () => {
  it('searches, moves, opens and closes', async () => {
    const { user } = await open('small');
    await user.keyboard('/');
    expect(screen.getByTestId('search')).toHaveFocus();
    await user.keyboard('{ArrowDown}');
    await waitFor(() => expect(main('github')).toHaveFocus());
    await user.keyboard('j');
    await waitFor(() => expect(main('notion')).toHaveFocus());
    await user.keyboard('{ArrowDown}{ArrowUp}k');
    await waitFor(() => expect(main('github')).toHaveFocus());
    await user.keyboard('{Enter}');
    expect(await screen.findByTestId('detail')).toBeInTheDocument();
    await user.keyboard('{Escape}');
    expect(screen.queryByTestId('detail')).toBeNull();
    await waitFor(() => expect(main('github')).toHaveFocus());
  });

  it('comes back to the row when the panel is closed', async () => {
    const { user } = await open('small');
    await user.click(within(row('notion')).getByText('http'));
    const panel = await screen.findByTestId('detail');
    await user.click(within(panel).getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(main('notion')).toHaveFocus());
  });

  it('makes the panel wider, and remembers it', async () => {
    const { user } = await open('small');
    await user.click(main('notion'));
    const grip = await screen.findByRole('separator', { name: 'Width of the panel' });
    grip.focus();
    await user.keyboard('{ArrowLeft}');
    expect(localStorage.getItem('countersign.detail-width')).toBe('464');
  });

  it('offers every action', async () => {
    const { user } = await open('small');
    await user.keyboard('{Control>}k{/Control}');
    const palette = await screen.findByRole('dialog', { name: 'Every action' });
    await user.type(within(palette).getByRole('combobox'), 'go to settings{Enter}');
    expect(await screen.findByRole('heading', { level: 1, name: 'Settings' })).toBeInTheDocument();
  });

  it('shows its keys', async () => {
    const { user } = await open('small');
    await user.keyboard('?');
    expect(await screen.findByRole('dialog', { name: 'Keys' })).toBeInTheDocument();
  });
});

describe('a new state', () => {
  it('keeps the focus on its row', async () => {
    const { backend } = await open('small');
    main('fetch').focus();
    const before = document.activeElement;
    backend.world.report = { ...backend.world.report, servers: [...backend.world.report.servers].reverse() };
    backend.emit();
    await tick();
    expect(document.activeElement).toBe(before);
    expect(main('fetch')).toHaveFocus();
  });

  it('leaves rows where they are while the pointer is among them', async () => {
    const { user, backend } = await open('small');
    await user.hover(row('notion'));
    const before = names();
    await backend.approve([{ id: 's3-0', mark: 'mark of s3-0' }], '', null);
    await tick();
    expect(names()).toEqual(before);
    expect(within(row('fetch')).getByRole('img', { name: /^Approved/ })).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: /Show the new order/ }));
    expect(names()).not.toEqual(before);
  });

  it('takes the new order when the pointer is elsewhere', async () => {
    const { backend } = await open('small');
    await backend.approve([{ id: 's3-0', mark: 'mark of s3-0' }], '', null);
    await tick();
    expect(names().indexOf('fetch')).toBeGreaterThan(names().indexOf('sentry'));
  });

  it('says so when the open server is gone', async () => {
    const { user, backend } = await open('small');
    await detail(user, 'github');
    const servers = backend.world.report.servers.filter((one) => one.name !== 'github');
    backend.world.report = { ...backend.world.report, servers };
    backend.emit();
    await waitFor(() => expect(screen.getByTestId('detail')).toHaveTextContent('in no config any more'));
  });
});

describe('states', () => {
  it('says where it looked when there is nothing', async () => {
    const { user } = await open('empty');
    expect(screen.getByTestId('empty')).toHaveTextContent('No MCP clients found. Looked in 486 places.');
    await user.click(screen.getByRole('button', { name: '486 places' }));
    expect(await screen.findByRole('dialog', { name: 'Places that are looked at' })).toHaveTextContent(
      '{PROJECT}',
    );
  });

  it('says what it does while it looks for the first time', async () => {
    await open('scanning');
    expect(await screen.findByText('Looking at every MCP client on this machine')).toBeInTheDocument();
    expect(screen.getByText('1,284 folders so far')).toBeInTheDocument();
  });

  it('shows an error with its next step', async () => {
    await open('error');
    expect(await screen.findByRole('alert')).toHaveTextContent('Close the other window');
    expect(screen.getByRole('button', { name: 'Try again' })).toBeInTheDocument();
  });

  it('says what was not looked at', async () => {
    await open('broken');
    expect(screen.getByTestId('sentence')).toHaveTextContent('3 files could not be read.');
    expect(screen.getByText(/Not everything was looked at: 2 notes/)).toBeInTheDocument();
    expect(screen.getAllByTestId('config-row').length).toBe(3);
  });

  it.each(['small', 'empty', 'broken', 'hostile'])('is accessible with %s data', async (data) => {
    await open(data);
    expect(await violations()).toEqual([]);
  });

  it('asks for the state only once it listens', async () => {
    const backend = fake('small');
    const order: string[] = [];
    const { subscribe, report } = backend;
    backend.subscribe = (to) => (order.push('subscribe'), subscribe(to));
    backend.report = () => (order.push('report'), report());
    await open(backend);
    expect(order).toEqual(['subscribe', 'report']);
  });
});
