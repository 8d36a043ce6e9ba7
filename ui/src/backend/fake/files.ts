import type { ConfigView } from '../types';
import { client } from './clients';

const NOW_S = Math.floor(Date.now() / 1000);

/** A file that could not be read. */
export function unread(
  path: string,
  client: string,
  code: string,
  message: string,
  line?: number,
): ConfigView {
  return {
    ...config(path, [client], []),
    state: 'failed',
    failure: { code, message, line: line ?? null, column: line ? 7 : null },
  };
}

export function config(path: string, clients: string[], entries: string[]): ConfigView {
  return {
    id: path,
    path,
    target: null,
    role: 'servers',
    state: 'read',
    failure: null,
    faults: [],
    bytes: 1_480 + path.length * 31,
    modified_s: NOW_S - path.length * 5_400,
    mode: '0600',
    readers: clients.map((id) => ({
      client: id,
      scope: path.includes('/src/') ? 'project' : 'user',
      project: null,
      confidence: 'verified',
      is_present: client(id).is_present,
      when: null,
      is_legacy: false,
    })),
    entries,
  };
}
