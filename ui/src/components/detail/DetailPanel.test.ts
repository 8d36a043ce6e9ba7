import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { fake } from '@/backend/fake';
import { detail, open, row, violations } from '@/tests/window';

describe('the panel', () => {
  it('answers in order', async () => {
    const { user } = await open('small');
    const panel = await detail(user, 'postgres');
    const parts = within(panel)
      .getAllByRole('region')
      .map((part) => part.getAttribute('aria-label'));
    expect(parts).toEqual([
      'Trust',
      'What is started',
      'What it tells the model',
      'Where it is configured',
      'Findings',
      'Running now',
    ]);
  });

  it('says on what evidence, and what was not compared', async () => {
    const { user } = await open('small');
    const panel = await detail(user, 'github');
    const trust = within(panel).getByRole('region', { name: 'Trust' });
    expect(trust).toHaveTextContent('Version 1.4.2 is approved, this entry starts 1.4.3.');
    expect(trust).toHaveTextContent('listed in platform-team, which is not signed');
    expect(trust).toHaveTextContent('what the server tells the model');
  });

  it('shows the whole command, with what is hidden marked', async () => {
    const { user } = await open('small');
    const panel = await detail(user, 'postgres');
    expect(within(panel).getByTestId('command').textContent?.trim()).toBe(
      'npx -y @acme/postgres-mcp postgres://app:16 hidden@db.internal.example:5432/shop',
    );
  });

  it('cuts nothing of hostile commands', async () => {
    const { user } = await open('hostile');
    const panel = await detail(user, 'gith\u200bub\u202egpj.exe');
    const command = within(panel).getByTestId('command');
    expect(command.textContent).toContain('x'.repeat(3_000));
    expect(command.textContent).toContain('U+001B[2JU+001B[1;1H');
    expect(command.textContent).toContain('--note=400 blanks--eval=require("fs")');
    expect(command.textContent).toContain('U+E0041U+E0042');
    expect(command.textContent).toContain('<img src=x onerror=alert(1)>');
    expect(panel.querySelector('img, script')).toBeNull();
  });

  it('opens the file at the line', async () => {
    const { user, backend } = await open('small');
    await detail(user, 'github');
    await user.click(screen.getByRole('button', { name: 'Open ~/.cursor/mcp.json at line 4' }));
    expect(backend.calls).toContainEqual(['openFile', '~/.cursor/mcp.json', 4]);
  });

  it('shows findings that are kept quiet with their reason', async () => {
    const { user, backend } = await open('small');
    const panel = await detail(user, 'memory');
    expect(panel).toHaveTextContent('Kept quiet until 2027-01-31: It only writes its own notes.');
    await user.click(within(panel).getByRole('button', { name: 'Count it again' }));
    expect(backend.calls).toContainEqual([
      'unsuppress',
      'auto-approve-everything',
      's8-0',
      '~/.cursor/mcp.json',
    ]);
  });

  it('explains a rule and keeps a finding quiet with a reason', async () => {
    const { user, backend } = await open('small');
    const panel = await detail(user, 'notion');
    await user.click(within(panel).getByRole('button', { name: 'Credential in plain text' }));
    expect(await screen.findByRole('dialog')).toHaveTextContent(
      'Every program that this user runs can read the file',
    );
    await user.keyboard('{Escape}');
    await user.click(within(panel).getByRole('button', { name: 'Keep quiet…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Keep this finding quiet' });
    expect(within(dialog).getByRole('button', { name: 'Keep quiet' })).toBeDisabled();
    await user.type(within(dialog).getByLabelText('Reason'), 'It is a test token.');
    await user.click(within(dialog).getByRole('button', { name: 'Keep quiet' }));
    expect(backend.calls[0]?.slice(0, 5)).toEqual([
      'suppress',
      'plaintext-credential',
      's1-0',
      '~/.config/Code/User/mcp.json',
      'It is a test token.',
    ]);
  });

  it.each(['github', 'postgres', 'memory'])('is accessible for %s', async (name) => {
    const { user } = await open('small');
    await detail(user, name);
    expect(await violations()).toEqual([]);
  });

  it('shows an error with its next step', async () => {
    const backend = fake('small');
    backend.entries = () =>
      Promise.reject({ code: 'gone', message: 'The row is gone.', hint: 'Look again.' });
    const { user } = await open(backend);
    await user.click(within(row('github')).getByRole('button', { name: /Review change/ }));
    expect(await screen.findByRole('alert')).toHaveTextContent('The row is gone. Look again.');
  });
});

describe('decisions', () => {
  it('shows exactly what is approved before it is', async () => {
    const { user, backend } = await open('small');
    await detail(user, 'sentry');
    await user.click(screen.getByTestId('approve'));
    const dialog = await screen.findByRole('dialog', { name: 'Approve this content' });
    expect(backend.calls).toEqual([]);
    expect(dialog).toHaveTextContent('https://mcp.sentry.example/mcp');
    expect(dialog).toHaveTextContent(
      'Not part of the approval: what the server tells the model; what runs at the address.',
    );
    expect(await violations()).toEqual([]);
    await user.type(within(dialog).getByLabelText('Note'), 'Read only.');
    await user.click(within(dialog).getByRole('button', { name: 'No end' }));
    await user.click(screen.getByTestId('approve-confirm'));
    expect(backend.calls).toEqual([
      [
        'approve',
        [
          { id: 's5-0', mark: 'mark of s5-0' },
          { id: 's5-1', mark: 'mark of s5-1' },
        ],
        'Read only.',
        null,
      ],
    ]);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(screen.getByTestId('detail')).toHaveTextContent('Approved by you.');
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(backend.calls.at(-1)).toEqual(['forget', 'https://mcp.sentry.example/mcp']);
  });

  it('does not approve what changed while it was shown', async () => {
    const { user, backend } = await open('small');
    await detail(user, 'sentry');
    await user.click(screen.getByTestId('approve'));
    expect(await screen.findByTestId('approve-confirm')).toBeEnabled();
    const entries = backend.world.entries.get('s5') ?? [];
    backend.world.entries.set(
      's5',
      entries.map((entry) => ({ ...entry, address: 'https://mcp.evil.example/mcp' })),
    );
    backend.emit();
    expect(await screen.findByText(/The config changed while this was open/)).toBeInTheDocument();
    expect(screen.getByTestId('approve-confirm')).toBeDisabled();
  });

  it('refuses an end that is past', async () => {
    const { user } = await open('small');
    await detail(user, 'sentry');
    await user.click(screen.getByTestId('approve'));
    const until = await screen.findByLabelText('Until');
    await user.clear(until);
    await user.type(until, '2020-01-01');
    expect(screen.getByTestId('approve-confirm')).toBeDisabled();
    expect(screen.getByText('This day is past.')).toBeInTheDocument();
  });

  it('does not approve what floats, and says what to write instead', async () => {
    const { user } = await open('small');
    const panel = await detail(user, 'fetch');
    expect(screen.getByTestId('approve')).toBeDisabled();
    expect(panel).toHaveTextContent('it floats to newest; an approval has to be bound to what was reviewed');
    expect(panel).toHaveTextContent('Write mcp-server-fetch==2026.10.19 in the config instead.');
  });

  it('denies only with a note', async () => {
    const { user, backend } = await open('small');
    await detail(user, 'scratch');
    await user.click(screen.getByTestId('deny'));
    const dialog = await screen.findByRole('dialog', { name: 'Deny this server' });
    expect(screen.getByTestId('deny-confirm')).toBeDisabled();
    await user.type(within(dialog).getByLabelText('Why'), 'Not ours.');
    await user.click(screen.getByTestId('deny-confirm'));
    expect(backend.calls).toEqual([['deny', 's4-0', 'Not ours.']]);
  });

  it('takes a decision back', async () => {
    const { user, backend } = await open('small');
    await detail(user, 'playwright');
    await user.click(screen.getByRole('button', { name: 'Take back decision' }));
    expect(backend.calls).toEqual([['forget', 'pkg:image/mcr.example/playwright-mcp']]);
  });

  it('shows the stanza before it copies it', async () => {
    const { user } = await open('small');
    await detail(user, 'github');
    await user.click(screen.getByRole('button', { name: 'Copy stanza' }));
    const dialog = await screen.findByRole('dialog', { name: 'Stanza for the team’s list' });
    expect(await within(dialog).findByLabelText('Stanza')).toHaveValue(
      '[[approve]]\nserver = "pkg:npm/@modelcontextprotocol/server-github"\nversion = "1.4.3"\nreviewer = ""\n',
    );
    await user.click(within(dialog).getByRole('button', { name: 'Copy stanza' }));
    expect(await navigator.clipboard.readText()).toContain('[[approve]]');
  });

  it('says why a decision was not taken, and keeps the dialog', async () => {
    const backend = fake('small');
    backend.approve = () =>
      Promise.reject({ code: 'vault', message: 'The keyring is locked.', hint: 'Unlock it and try again.' });
    const { user } = await open(backend);
    await detail(user, 'sentry');
    await user.click(screen.getByTestId('approve'));
    await user.click(await screen.findByTestId('approve-confirm'));
    expect(await screen.findByText('The keyring is locked.')).toBeInTheDocument();
    expect(screen.getByText('Unlock it and try again.')).toBeInTheDocument();
    expect(screen.getByTestId('approve-confirm')).toBeEnabled();
  });
});
