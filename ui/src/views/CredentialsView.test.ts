import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { fake } from '@/backend/fake';
import { main, open, violations } from '@/tests/window';

async function go(data: Parameters<typeof open>[0] = 'small') {
  const opened = await open(data);
  await opened.user.click(screen.getByTestId('nav-credentials'));
  await screen.findByTestId('vault');
  return opened;
}

const moves = (backend: { calls: [string, ...unknown[]][] }) =>
  backend.calls.filter(([name]) => name === 'moveCredentials').map(([, request]) => request);

describe('Credentials', () => {
  it('shows what stands in plain text, what would be done, and what stays', async () => {
    await go();
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('6 credentials in plain text.');
    expect(screen.getByTestId('vault')).toHaveTextContent('The system’s keyring');
    const [claude, cursor] = screen.getAllByTestId('file-plan') as [HTMLElement, HTMLElement];
    expect(claude).toHaveTextContent('Claude Code is running and may write this file by itself');
    expect(claude).toHaveTextContent('GITHUB_TOKEN GitHub personal access token (classic), 40 characters');
    expect(claude).toHaveTextContent('ends in a91f');
    expect(cursor).toHaveTextContent('1 credential stays visible to your other programs');
    expect(cursor).toHaveTextContent('It is known to read PGPASSWORD from the surroundings');
    expect(cursor).toHaveTextContent('reached through Countersign’s bridge');
    const kept = screen.getAllByTestId('kept').map((one) => one.dataset.code);
    expect(kept).toEqual(['tracked', 'ask-first']);
    expect(await violations()).toEqual([]);
  });

  it('shows the difference of a file before anything is moved', async () => {
    const { user } = await go();
    const [claude] = screen.getAllByTestId('file-plan') as [HTMLElement];
    await user.click(within(claude).getByText(/What changes in the file/));
    const lines = within(claude).getByRole('group', { name: 'Lines that change' });
    expect(lines).toHaveTextContent('"GITHUB_TOKEN": "<hidden:40>"');
    expect(lines).toHaveTextContent('countersign:1679091c5a880faf6fb5e6087eb1b2dc');
  });

  it('moves all with one click, says so, and takes it back', async () => {
    const { user, backend } = await go();
    await user.click(screen.getByTestId('move-all'));
    expect(moves(backend)).toEqual([
      { mark: 'm1', entries: null, pointers: null, consents: false, joins: false },
    ]);
    const result = await screen.findByTestId('moved');
    expect(result).toHaveTextContent('4 credentials moved, 2 files edited.');
    expect(result).toHaveTextContent('replace 5 credentials at their issuers');
    expect(screen.queryByTestId('file-plan')).not.toBeInTheDocument();
    expect(await violations()).toEqual([]);
    await user.click(screen.getByTestId('undo'));
    expect(await screen.findByText('2 files are as before, byte for byte')).toBeInTheDocument();
    expect(screen.getAllByTestId('file-plan').length).toBe(2);
  });

  it('moves one server, or one credential of it', async () => {
    const { user, backend } = await go();
    await user.click(screen.getByRole('button', { name: 'Only this of github: SENTRY_TOKEN' }));
    await user.click(await screen.findByRole('button', { name: 'Move the credentials of linear' }));
    await waitFor(() =>
      expect(moves(backend)).toEqual([
        expect.objectContaining({
          entries: ['s0-0'],
          pointers: ['/mcpServers/x/variable/SENTRY_TOKEN'],
        }),
        expect.objectContaining({ entries: ['s2-0'], pointers: null }),
      ]),
    );
  });

  it('edits files of others, and keeps equal values once, when asked to', async () => {
    const { user, backend } = await go();
    await user.click(screen.getByLabelText('Also edit files that no client itself is known to read'));
    await waitFor(() => expect(screen.getAllByTestId('kept').length).toBe(1));
    await user.click(screen.getByLabelText('Keep equal values once'));
    await user.click(screen.getByTestId('move-all'));
    expect(moves(backend)).toEqual([expect.objectContaining({ consents: true, joins: true })]);
  });

  it('asks which values are written where one has changed', async () => {
    const backend = fake('small');
    backend.undone = {
      asks: [{ entry: 'tickets', name: 'TICKETS_TOKEN', file: '~/.claude.json', is_elsewhere: false }],
      files: [],
    };
    const { user } = await go(backend);
    await user.click(screen.getByTestId('undo-move'));
    const dialog = await screen.findByRole('dialog', { name: 'Which values are written?' });
    expect(dialog).toHaveTextContent('tickets TICKETS_TOKEN');
    expect(await violations()).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Those of the vault' }));
    await waitFor(() => expect(backend.calls.at(-1)).toEqual(['undoMove', 1, 'present']));
  });

  it('says what could not be taken back', async () => {
    const backend = fake('small');
    backend.undone = {
      asks: [],
      files: [{ file: '~/.claude.json', outcome: 'left', why: 'the vault is locked', entry: 'tickets' }],
    };
    const { user } = await go(backend);
    await user.click(screen.getByRole('button', { name: 'Take back tickets to plain text' }));
    expect(await screen.findByTestId('left')).toHaveTextContent('~/.claude.json tickets the vault is locked');
  });

  it('takes a new value without showing it, and forgets it', async () => {
    const { user, backend } = await go();
    await user.click(screen.getByRole('button', { name: 'New value… of TICKETS_TOKEN of tickets' }));
    const field = await screen.findByLabelText('Value');
    expect(field).toHaveAttribute('type', 'password');
    await user.type(field, 'new-value{Enter}');
    await waitFor(() =>
      expect(backend.calls.at(-1)).toEqual(['setValue', '1679091c5a880faf6fb5e6087eb1b2dc', 'new-value']),
    );
    await waitFor(() => expect(screen.queryByLabelText('Value')).not.toBeInTheDocument());
    expect(document.body.innerHTML).not.toContain('new-value{');
  });

  it('opens the issuer’s page of what should be replaced', async () => {
    const { user, backend } = await go();
    await user.click(screen.getByRole('button', { name: /Issuer’s page for TICKETS_TOKEN/ }));
    expect(backend.calls).toEqual([['openPage', 'https://github.com/settings/tokens']]);
  });

  it('searches the history of a file that git tracks, and says what to replace', async () => {
    const { user, backend } = await go();
    await user.click(screen.getByRole('button', { name: 'Search the history of ~/src/shop/.mcp.json' }));
    const dialog = await screen.findByRole('dialog', { name: 'What git keeps of this file' });
    const [token, password] = (await within(dialog).findAllByTestId('past')) as [HTMLElement, HTMLElement];
    expect(backend.calls).toEqual([['history', 's3-0']]);
    expect(token).toHaveTextContent('GITHUB_TOKEN GitHub personal access token (classic), 40 characters');
    expect(token).toHaveTextContent('4 Mar 2026, commit 5f2b1c9d8e7a to 9c8b7a6f5e4d');
    expect(password).toHaveTextContent('password in an address, 16 characters still there');
    expect(dialog).toHaveTextContent('Replace each at its issuer');
    expect(dialog).toHaveTextContent('7 versions of 212 commits looked at in ~/src/shop.');
    expect(await violations()).toEqual([]);
    await user.click(within(token).getByRole('button', { name: 'Issuer’s page for GITHUB_TOKEN' }));
    expect(backend.calls.at(-1)).toEqual(['openPage', 'https://github.com/settings/tokens']);
    await user.click(within(dialog).getByRole('button', { name: 'Close' }));
    expect(backend.calls).not.toContainEqual(['cancelHistory']);
  });

  it('stops a search, also when its window is closed, and says that there may be more', async () => {
    const backend = fake('small');
    let done: (view: Awaited<ReturnType<typeof backend.history>>) => void = () => {};
    backend.history = () => new Promise((resolve) => (done = resolve));
    const { user } = await go(backend);
    const begin = () =>
      user.click(screen.getByRole('button', { name: 'Search the history of ~/src/shop/.mcp.json' }));
    await begin();
    await user.click(await screen.findByTestId('history-stop'));
    expect(backend.calls).toEqual([['cancelHistory']]);
    done({ repository: '~/src/shop', credentials: [], versions: 1, commits: 3, gap: 'it was stopped' });
    const found = await screen.findByTestId('history');
    expect(found).toHaveTextContent('There may be more: it was stopped.');
    expect(found).toHaveTextContent('None was found so far.');
    await user.click(screen.getByRole('button', { name: 'Close' }));
    await begin();
    await screen.findByTestId('history-stop');
    await user.click(screen.getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(backend.calls).toEqual([['cancelHistory'], ['cancelHistory']]));
  });

  it('says why a history was not searched, and tries again', async () => {
    const backend = fake('small');
    const { history } = backend;
    backend.history = () =>
      Promise.reject({ code: 'history', message: 'Failed to read the repository.', hint: null });
    const { user } = await go(backend);
    await user.click(screen.getByRole('button', { name: 'Search the history of ~/src/shop/.mcp.json' }));
    expect(await screen.findByText('Failed to read the repository.')).toBeInTheDocument();
    backend.history = history;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findAllByTestId('past')).toHaveLength(2);
  });

  it('shows what an entry starts before it is bound again', async () => {
    const { user, backend } = await go();
    const mail = screen.getAllByTestId('guarded').find((one) => one.dataset.name === 'mail') as HTMLElement;
    expect(mail).toHaveTextContent('argument 3 is one too many');
    await user.click(within(mail).getByRole('button', { name: 'Look and bind…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Look, and bind again' });
    expect(dialog).toHaveTextContent('npx -y @acme/mail-mcp@3.0.0 --verbose');
    await user.click(within(dialog).getByTestId('bind-confirm'));
    await waitFor(() => expect(backend.calls).toEqual([['bindEntry', 's8-0']]));
    await waitFor(() => expect(screen.queryByText('Look and bind…')).not.toBeInTheDocument());
  });

  it('unlocks the encrypted file, and says when the passphrase does not fit', async () => {
    const { user } = await go('locked');
    expect(screen.getByTestId('move-all')).toBeDisabled();
    await user.click(screen.getByRole('button', { name: 'Unlock…' }));
    await user.type(await screen.findByLabelText('Passphrase'), 'wrong{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent('the passphrase or key does not fit');
    await user.type(screen.getByLabelText('Passphrase'), 'right{Enter}');
    await waitFor(() => expect(screen.getByTestId('move-all')).toBeEnabled());
  });

  it('makes an encrypted file where there is no keyring', async () => {
    const { user, backend } = await go('no-vault');
    expect(screen.getByTestId('vault')).toHaveTextContent('This session has no keyring.');
    await user.click(screen.getByRole('button', { name: 'Make an encrypted file…' }));
    await user.type(await screen.findByLabelText('Passphrase'), 'long enough');
    const make = screen.getByRole('button', { name: 'Make it' });
    expect(make).toBeDisabled();
    await user.type(screen.getByLabelText('The same again'), 'long enough');
    await user.click(make);
    await waitFor(() => expect(backend.calls).toEqual([['makeVault', { passphrase: 'long enough' }]]));
    expect(await screen.findByText('An encrypted file, opened by a passphrase')).toBeInTheDocument();
  });

  it('notices programs that something else wrote, and repairs them', async () => {
    const { user, backend } = await go('altered');
    expect(screen.getByText(/A move was interrupted/)).toBeInTheDocument();
    expect(screen.getByTestId('vault')).toHaveTextContent('did not come from Countersign');
    await user.click(screen.getByRole('button', { name: 'Repair' }));
    await waitFor(() => expect(backend.calls).toEqual([['repairPrograms']]));
  });

  it('says when nothing is in plain text', async () => {
    const backend = fake('empty');
    backend.credentialsView = {
      ...backend.credentialsView,
      vault: { state: 'none', keeper: 'keyring', problem: 'This session has no keyring.' },
    };
    const { user } = await open(backend);
    await user.click(screen.getByTestId('nav-credentials'));
    expect(await screen.findByText('Every config that could be read was looked at.')).toBeInTheDocument();
    // A store that is not there is no trouble where there is nothing to keep.
    expect(screen.queryByTestId('vault')).not.toBeInTheDocument();
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent(
      'No credentials stand in plain text.',
    );
    expect(await violations()).toEqual([]);
  });

  it('shows a thousand files a few at a time', async () => {
    const { user } = await go('large');
    expect(screen.getAllByTestId('file-plan').length).toBe(20);
    await user.click(screen.getByRole('button', { name: 'Show 100 more' }));
    expect(screen.getAllByTestId('file-plan').length).toBe(120);
  });

  it('says why it cannot be shown, and tries again', async () => {
    const { user } = await open('error');
    await user.click(screen.getByTestId('nav-credentials'));
    expect(await screen.findByRole('button', { name: 'Try again' })).toBeInTheDocument();
  });

  it('is reached from a finding', async () => {
    const { user } = await open('small');
    await user.click(main('postgres'));
    const panel = await screen.findByTestId('detail');
    await user.click(await within(panel).findByRole('button', { name: 'Move to the vault…' }));
    expect(await screen.findByTestId('vault')).toBeInTheDocument();
  });

  it('says once when a credential appears in plain text', async () => {
    const { user, backend } = await open('small');
    const finding = backend.world.report.findings.find((one) => one.group === 'credentials');
    if (!finding) throw new Error('there is none');
    backend.world.report = {
      ...backend.world.report,
      findings: [
        ...backend.world.report.findings,
        { ...finding, id: 'new', about: 'fresh', severity: 'high', suppressed: null },
      ],
    };
    backend.emit();
    expect(await screen.findByText('A credential of fresh appeared in plain text')).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Move it…' }));
    expect(await screen.findByTestId('vault')).toBeInTheDocument();
    await user.click(screen.getByTestId('nav-servers'));
    backend.emit();
    expect(screen.queryByText('A credential of fresh appeared in plain text')).not.toBeInTheDocument();
  });
});

describe('Leaving', () => {
  it('takes everything back, and says that nothing is left', async () => {
    const { user, backend } = await open('calm');
    await user.click(screen.getByTestId('nav-settings'));
    await user.click(screen.getByRole('button', { name: 'Leave Countersign…' }));
    await user.click(await screen.findByTestId('leave-confirm'));
    expect(await screen.findByTestId('leave-result')).toHaveTextContent(
      '1 entry taken back. Nothing refers to Countersign any more.',
    );
    expect(backend.calls).toEqual([['leave']]);
    expect(await violations()).toEqual([]);
  });

  it('says what could not be restored', async () => {
    const backend = fake('calm');
    backend.undone = {
      asks: [],
      files: [
        { file: '~/.claude.json', outcome: 'left', why: 'the vault does not have it', entry: 'tickets' },
      ],
    };
    const { user } = await open(backend);
    await user.click(screen.getByTestId('nav-settings'));
    await user.click(screen.getByRole('button', { name: 'Leave Countersign…' }));
    await user.click(await screen.findByTestId('leave-confirm'));
    expect(await screen.findByTestId('leave-result')).toHaveTextContent(
      '1 entry could not be taken back. Keep Countersign until they are.',
    );
  });
});
