import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { Report, SettingsView } from '../bindings/core';
import type { Backend, Failure } from './types';

/** The app itself. */
export const tauri: Backend = {
  async subscribe(listeners) {
    const stops = await Promise.all([
      listen<Report>('report', (event) => listeners.report(event.payload)),
      listen<SettingsView>('settings', (event) => listeners.settings(event.payload)),
      listen<{ folders: number }>('progress', (event) => listeners.progress(event.payload)),
      listen<Failure>('problem', (event) => listeners.problem(event.payload)),
      listen<{ done: number; total: number }>('move-progress', (event) =>
        listeners.moveProgress(event.payload),
      ),
    ]);
    return () => stops.forEach((stop) => stop());
  },
  report: () => invoke('report'),
  entries: (server) => invoke('entries', { server }),
  rescan: () => invoke('rescan'),
  cancel: () => invoke('cancel'),
  places: () => invoke('places'),
  explain: (rule) => invoke('explain', { rule }),
  review: (entry) => invoke('review', { entry }),
  ask: (entry, network) => invoke('ask', { entry, network }),
  judge: (judged) => invoke('judge', { judged }),
  approve: (entries, note, until) => invoke('approve', { entries, note, until }),
  deny: (entry, note) => invoke('deny', { entry, note }),
  forget: (server) => invoke('forget', { server }),
  suppress: (rule, entry, config, reason, until) =>
    invoke('suppress', { rule, entry, config, reason, until }),
  unsuppress: (rule, entry, config) => invoke('unsuppress', { rule, entry, config }),
  stanza: (entry) => invoke('stanza', { entry }),
  credentials: (consents) => invoke('credentials', { consents }),
  moveCredentials: (request) => invoke('move_credentials', { request }),
  undoMove: (id, values) => invoke('undo_move', { id, values }),
  takeBack: (entries) => invoke('take_back', { entries }),
  leave: () => invoke('leave'),
  setValue: (reference, value) => invoke('set_value', { reference, value }),
  bindEntry: (entry) => invoke('bind_entry', { entry }),
  history: (entry) => invoke('history', { entry }),
  cancelHistory: () => invoke('cancel_history'),
  makeVault: (key) => invoke('make_vault', { key }),
  unlockVault: (passphrase) => invoke('unlock_vault', { passphrase }),
  lockVault: () => invoke('lock_vault'),
  repairPrograms: () => invoke('repair_programs'),
  openPage: (page) => invoke('open_page', { page }),
  settings: () => invoke('settings'),
  addList: (kind, at) => invoke('add_list', { kind, at }),
  removeList: (index, shown) => invoke('remove_list', { index, shown }),
  restoreList: (shown) => invoke('restore_list', { shown }),
  refreshLists: () => invoke('refresh_lists'),
  addFolder: (path) => invoke('add_folder', { path }),
  removeFolder: (path) => invoke('remove_folder', { path }),
  chooseFolder: () => invoke('choose_folder'),
  chooseFile: () => invoke('choose_file'),
  openFile: (config, line) => invoke('open_file', { config, line }),
  autostart: () => invoke('autostart'),
  setAutostart: (on) => invoke('set_autostart', { on }),
};
