import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { tauri } from './tauri';
import { failure, type Backend } from './types';

afterEach(() => clearMocks());

/** What the shell is asked for: a command of the contract and its arguments. */
const CASES: [(backend: Backend) => Promise<unknown>, string, object][] = [
  [(app) => app.report(), 'report', {}],
  [(app) => app.entries('s'), 'entries', { server: 's' }],
  [(app) => app.rescan(), 'rescan', {}],
  [(app) => app.cancel(), 'cancel', {}],
  [(app) => app.places(), 'places', {}],
  [(app) => app.explain('r'), 'explain', { rule: 'r' }],
  [
    (app) => app.approve([{ id: 'e', mark: 'm' }], 'n', null),
    'approve',
    { entries: [{ id: 'e', mark: 'm' }], note: 'n', until: null },
  ],
  [(app) => app.review('e'), 'review', { entry: 'e' }],
  [(app) => app.ask('e', true), 'ask', { entry: 'e', network: true }],
  [
    (app) => app.judge({ entry: 'e', digest: 'd', isApproval: true, leftOut: ['t'], note: '' }),
    'judge',
    { judged: { entry: 'e', digest: 'd', isApproval: true, leftOut: ['t'], note: '' } },
  ],
  [(app) => app.deny('e', 'n'), 'deny', { entry: 'e', note: 'n' }],
  [(app) => app.forget('pkg:npm/a'), 'forget', { server: 'pkg:npm/a' }],
  [
    (app) => app.suppress('r', 'e', null, 'why', '2027-01-01'),
    'suppress',
    { rule: 'r', entry: 'e', config: null, reason: 'why', until: '2027-01-01' },
  ],
  [(app) => app.unsuppress('r', null, 'c'), 'unsuppress', { rule: 'r', entry: null, config: 'c' }],
  [(app) => app.stanza('e'), 'stanza', { entry: 'e' }],
  [(app) => app.credentials(true), 'credentials', { consents: true }],
  [
    (app) => app.moveCredentials({ mark: 'm', entries: ['e'], pointers: null, consents: false, joins: true }),
    'move_credentials',
    { request: { mark: 'm', entries: ['e'], pointers: null, consents: false, joins: true } },
  ],
  [(app) => app.undoMove(3, 'present'), 'undo_move', { id: 3, values: 'present' }],
  [(app) => app.takeBack(['e']), 'take_back', { entries: ['e'] }],
  [(app) => app.leave(), 'leave', {}],
  [(app) => app.setValue('ab', 'v'), 'set_value', { reference: 'ab', value: 'v' }],
  [(app) => app.bindEntry('e'), 'bind_entry', { entry: 'e' }],
  [(app) => app.history('e'), 'history', { entry: 'e' }],
  [(app) => app.cancelHistory(), 'cancel_history', {}],
  [(app) => app.makeVault({ keyFile: '/k' }), 'make_vault', { key: { keyFile: '/k' } }],
  [(app) => app.unlockVault('p'), 'unlock_vault', { passphrase: 'p' }],
  [(app) => app.lockVault(), 'lock_vault', {}],
  [(app) => app.repairPrograms(), 'repair_programs', {}],
  [(app) => app.openPage('https://a.example'), 'open_page', { page: 'https://a.example' }],
  [(app) => app.settings(), 'settings', {}],
  [(app) => app.addList('url', 'a'), 'add_list', { kind: 'url', at: 'a' }],
  [(app) => app.removeList(0, 'a'), 'remove_list', { index: 0, shown: 'a' }],
  [(app) => app.restoreList('a'), 'restore_list', { shown: 'a' }],
  [(app) => app.refreshLists(), 'refresh_lists', {}],
  [(app) => app.addFolder('p'), 'add_folder', { path: 'p' }],
  [(app) => app.removeFolder('p'), 'remove_folder', { path: 'p' }],
  [(app) => app.chooseFolder(), 'choose_folder', {}],
  [(app) => app.chooseFile(), 'choose_file', {}],
  [(app) => app.openFile('c', 4), 'open_file', { config: 'c', line: 4 }],
  [(app) => app.autostart(), 'autostart', {}],
  [(app) => app.setAutostart(true), 'set_autostart', { on: true }],
];

describe('the app', () => {
  it.each(CASES)('%s asks for %s', async (ask, command, args) => {
    const asked = vi.fn();
    mockIPC((...call) => {
      asked(...call);
    });
    await ask(tauri);
    expect(asked).toHaveBeenCalledWith(command, args);
  });

  it('listens to what the shell sends', async () => {
    const asked: string[] = [];
    mockIPC((command, args) => {
      if (command === 'plugin:event|listen') asked.push((args as { event: string }).event);
      return 1;
    });
    await tauri.subscribe({ report() {}, settings() {}, progress() {}, problem() {}, moveProgress() {} });
    expect(asked).toEqual(['report', 'settings', 'progress', 'problem', 'move-progress']);
  });

  it('reads what the shell throws as a failure', () => {
    expect(failure({ code: 'vault', message: 'locked', hint: 'unlock it' })).toEqual({
      code: 'vault',
      message: 'locked',
      hint: 'unlock it',
    });
    expect(failure('no such command')).toEqual({ code: 'unknown', message: 'no such command', hint: null });
  });
});
