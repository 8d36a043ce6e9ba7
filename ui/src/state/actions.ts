import type { App } from './app.svelte';
import type { ListGroup, Sort } from './rows';
import { GROUP } from './words';

export interface Action {
  name: string;
  key?: string;
  act: () => unknown;
}

const SORTS: [Sort, string][] = [
  ['needs', 'what needs you'],
  ['name', 'name'],
  ['trust', 'trust'],
];

/** Everything that can be done now, by name. */
export function actions(app: App): Action[] {
  return [
    ...ofServer(app),
    { name: 'Look again', key: 'r', act: () => app.inventory.rescan() },
    { name: 'Go to Servers', act: () => app.go('servers') },
    { name: 'Go to Credentials', act: () => app.openCredentials() },
    { name: 'Go to Clients', act: () => app.go('clients') },
    { name: 'Go to Findings', act: () => app.go('findings') },
    { name: 'Go to Settings', act: () => app.go('settings') },
    ...(app.inventory.report?.summary.clauses ?? []).map((clause) => ({
      name: `Show: ${clause.text}`,
      act: () => {
        app.list.widen();
        app.list.narrow({ clause: clause.filter });
        app.go('servers');
      },
    })),
    ...(app.list.isNarrowed ? [{ name: 'Show all servers', act: () => app.list.widen() }] : []),
    ...SORTS.map(([sort, word]) => ({ name: `Sort by ${word}`, act: () => app.list.order(sort) })),
    ...(Object.keys(GROUP) as ListGroup[]).map((group) => ({
      name: `${app.list.collapsed.includes(group) ? 'Expand' : 'Collapse'} ${GROUP[group]}`,
      act: () => app.list.collapse(group),
    })),
    { name: 'Show the places that are looked at', act: () => (app.dialog = { kind: 'places' }) },
    {
      name: 'Refresh the team’s lists',
      act: () => app.attempt(() => app.backend.refreshLists(), { text: 'Refreshed the team’s lists' }),
    },
    { name: 'Show keys', key: '?', act: () => (app.dialog = { kind: 'keys' }) },
  ];
}

function ofServer(app: App): Action[] {
  const { server, entries } = app.detail;
  const first = entries?.[0];
  if (!server || !entries || !first) return [];
  const approvable = entries.some((entry) => entry.not_approvable === null);
  const decision = app.settings.decisionOn(server.identity.name);
  return [
    ...(approvable
      ? [{ name: 'Approve this server', act: () => (app.dialog = { kind: 'approve', server, entries }) }]
      : []),
    { name: 'Deny this server', act: () => (app.dialog = { kind: 'deny', server, entry: first }) },
    {
      name: 'Copy stanza for the team’s list',
      act: () => (app.dialog = { kind: 'stanza', server, entry: first }),
    },
    { name: 'Open this server’s file', act: () => app.openFile(first.config, first.line) },
    ...(decision
      ? [
          {
            name: 'Take back the decision',
            act: () => app.attempt(() => app.backend.forget(decision.server)),
          },
        ]
      : []),
    { name: 'Close the panel', key: 'Esc', act: () => app.detail.close() },
  ];
}

/** Whether each word of the query stands in the name. */
export function matching(name: string, query: string): boolean {
  const words = name.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words.includes(word));
}
