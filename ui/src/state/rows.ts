import type {
  ConfigView,
  Filter,
  Group,
  PinState,
  ProcessView,
  Report,
  ServerView,
  StatusView,
} from '@/backend';

/** What the list of servers shows, line by line. */
export type Row =
  | { kind: 'group'; key: string; group: ListGroup; count: number; isCollapsed: boolean }
  | { kind: 'server'; key: string; server: ServerView }
  | { kind: 'config'; key: string; config: ConfigView }
  | { kind: 'process'; key: string; process: ProcessView };

/** The groups of core, and what runs though no config names it. */
export type ListGroup = Group | 'unexplained';

export type Sort = 'needs' | 'name' | 'trust';

/** What narrows the list; an empty part narrows nothing. */
export interface Narrowing {
  query: string;
  clause: Filter | 'unread' | null;
  clients: string[];
  transports: string[];
  statuses: StatusView[];
  pins: PinState[];
  isRunning: boolean;
}

export const GROUPS: ListGroup[] = ['needs-you', 'unexplained', 'not-reviewed', 'approved', 'not-in-effect'];

const TRUST: StatusView[] = ['denied', 'changed', 'expired', 'floating', 'unknown', 'unreviewed', 'approved'];
const COLLATOR = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Narrows, sorts and groups what the report holds. */
export function rows(
  report: Report,
  words: Map<string, string>,
  narrowing: Narrowing,
  sort: Sort,
  collapsed: ListGroup[],
): Row[] {
  const query = narrowing.query.toLowerCase().split(/\s+/);
  const servers = sorted(
    report.servers.filter((server) => keepsServer(server, words.get(server.id) ?? '', narrowing, query)),
    sort,
  );
  const configs = report.configs.filter((config) => keepsConfig(config, narrowing, query));
  const processes = report.unexplained.filter((process) => keepsProcess(process, narrowing, query));
  return GROUPS.flatMap((group): Row[] => {
    const own = servers.filter((server) => server.group === group);
    const unread = group === 'needs-you' ? configs : [];
    const running = group === 'unexplained' ? processes : [];
    const count = own.length + unread.length + running.length;
    if (count === 0) return [];
    const isCollapsed = collapsed.includes(group);
    const header: Row = { kind: 'group', key: `group:${group}`, group, count, isCollapsed };
    if (isCollapsed) return [header];
    return [
      header,
      ...own.map(rowOf),
      ...unread.map((config): Row => ({ kind: 'config', key: `config:${config.id}`, config })),
      ...running.map((process): Row => ({ kind: 'process', key: `process:${process.pid}`, process })),
    ];
  });
}

/** The row of each server, so that a row whose server is the same is not drawn again. */
const ROWS = new WeakMap<ServerView, Row>();

function rowOf(server: ServerView): Row {
  const known = ROWS.get(server);
  if (known) return known;
  const row: Row = { kind: 'server', key: server.id, server };
  ROWS.set(server, row);
  return row;
}

/** Returns all that a search looks through, in small letters, by server. */
export function searchable(report: Report): Map<string, string> {
  const names = new Map(report.clients.map((client) => [client.id, client.name]));
  return new Map(
    report.servers.map((server) => {
      const { identity } = server;
      const parts = [
        server.name,
        ...server.other_names,
        identity.kind,
        identity.label,
        identity.name ?? '',
        identity.version ?? '',
        server.transport,
        ...server.clients.map((client) => names.get(client) ?? client),
        ...server.chips.map((chip) => chip.text),
      ];
      return [server.id, parts.join('\n').toLowerCase()];
    }),
  );
}

function keepsServer(server: ServerView, words: string, by: Narrowing, query: string[]): boolean {
  if (by.clause === 'unread') return false;
  if (by.clause !== null && !(server.group === 'needs-you' && server.filters.includes(by.clause)))
    return false;
  if (by.clients.length > 0 && !server.clients.some((client) => by.clients.includes(client))) return false;
  if (by.transports.length > 0 && !by.transports.includes(server.transport)) return false;
  if (by.statuses.length > 0 && !by.statuses.includes(server.trust.status)) return false;
  if (by.pins.length > 0 && !by.pins.includes(server.pin.state)) return false;
  if (by.isRunning && server.running.length === 0) return false;
  return matches(words, query);
}

function keepsConfig(config: ConfigView, by: Narrowing, query: string[]): boolean {
  if (config.state !== 'failed' || (by.clause !== null && by.clause !== 'unread')) return false;
  if (by.transports.length > 0 || by.pins.length > 0 || by.isRunning) return false;
  if (by.statuses.length > 0 && !by.statuses.includes('unknown')) return false;
  if (by.clients.length > 0 && !config.readers.some((reader) => by.clients.includes(reader.client)))
    return false;
  return matches(config.path.toLowerCase(), query);
}

function keepsProcess(process: ProcessView, by: Narrowing, query: string[]): boolean {
  if (by.clause !== null || by.transports.length > 0 || by.pins.length > 0) return false;
  if (by.statuses.length > 0 && !by.statuses.includes('unknown')) return false;
  if (by.clients.length > 0 && !by.clients.includes(process.client ?? '')) return false;
  return matches(`${process.pid} ${process.command}`.toLowerCase(), query);
}

function matches(words: string, query: string[]): boolean {
  return query.every((word) => words.includes(word));
}

function sorted(servers: ServerView[], sort: Sort): ServerView[] {
  if (sort === 'name') return servers.sort((a, b) => COLLATOR.compare(a.name, b.name));
  if (sort === 'trust') {
    return servers.sort((a, b) => TRUST.indexOf(a.trust.status) - TRUST.indexOf(b.trust.status));
  }
  return servers;
}
