import type { ClientView } from '../types';

const known = (id: string, name: string, tile: string, kind: string, isPresent = true): ClientView => ({
  id,
  name,
  tile,
  kind,
  status: 'active',
  is_present: isPresent,
  shown_by: isPresent ? `/usr/bin/${id}` : null,
  configs: [],
  servers: 0,
});

export const CLIENTS: ClientView[] = [
  known('claude-code', 'Claude Code', 'CC', 'cli'),
  known('claude-desktop', 'Claude Desktop', 'CD', 'desktop-app'),
  known('cursor', 'Cursor', 'Cu', 'editor'),
  known('vscode', 'Visual Studio Code', 'VS', 'editor'),
  known('codex', 'Codex CLI', 'Cx', 'cli'),
  known('gemini-cli', 'Gemini CLI', 'Ge', 'cli'),
  known('zed', 'Zed', 'Ze', 'editor'),
  known('windsurf', 'Windsurf', 'Wi', 'editor', false),
];

export function client(id: string): ClientView {
  return CLIENTS.find((one) => one.id === id) ?? unknown(id);
}

function unknown(id: string): ClientView {
  return { ...(CLIENTS[0] as ClientView), id, name: id, tile: id.slice(0, 2) };
}
