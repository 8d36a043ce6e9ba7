import type {
  Action,
  ClientView,
  ConfigView,
  EntryView,
  FindingView,
  Filter,
  Group,
  ListView,
  NamedText,
  PinState,
  PlaceView,
  ProcessView,
  Report,
  ServerView,
  SettingsView,
  StatusView,
  TrustView,
  ValueView,
} from '../types';
import { CLIENTS } from './clients';
import { config } from './files';
import { RULES } from './rules';
import { summary } from './summary';

/** Where one entry of a server stands. */
export interface Place {
  file: string;
  line: number;
  clients: string[];
  scope?: string;
  project?: string;
  effect?: string;
  reason?: string;
}

export interface Found {
  rule: string;
  severity?: string;
  line?: number;
  excerpt: string;
  message: string;
  suppressed?: { reason: string; until: string };
}

/** A server in a few words; `server` makes the view models of it. */
export interface Spec {
  name: string;
  otherNames?: string[];
  kind: string;
  label: string;
  purl?: string | null;
  version?: string;
  sha256?: string;
  pin: [PinState, string];
  status: StatusView;
  isSigned?: boolean;
  sentence: string;
  reasons?: NamedText[];
  notCompared?: NamedText[];
  places: Place[];
  command?: string[];
  address?: string;
  environment?: ValueView[];
  environmentNames?: string[];
  headers?: ValueView[];
  findings?: Found[];
  running?: ProcessView[];
  notApprovable?: string;
  pinAs?: string;
  entry?: Partial<EntryView>;
}

/** Everything that a fake backend knows. */
export interface World {
  report: Report;
  entries: Map<string, EntryView[]>;
  settings: SettingsView;
  places: PlaceView[];
}

export const NOW_S = Math.floor(Date.now() / 1000);

const NOT_COMPARED: NamedText[] = [
  { name: 'tools', text: 'what the server tells the model' },
  { name: 'artefact', text: 'the file that the registry would deliver' },
  { name: 'dependencies', text: 'the packages that it depends on' },
];

export function value(name: string, kind = 'literal', characters = 12, credential?: string): ValueView {
  return { name, kind, characters, credential: credential ?? null };
}

export function process(pid: number, command: string, client: string, minutes: number): ProcessView {
  return {
    pid,
    command,
    started_s: NOW_S - minutes * 60,
    memory_bytes: 48_300_000 + pid * 1_000,
    cpu_percent: 0.4,
    client,
    listeners: [],
    is_exposed: false,
  };
}

function trust(spec: Spec): TrustView {
  const seals: Record<StatusView, [TrustView['seal'], string]> = {
    denied: ['crossed', '✕'],
    changed: ['broken', '◑'],
    expired: ['broken', '◑'],
    floating: ['broken', '◑'],
    unknown: ['dotted', '?'],
    unreviewed: ['open', '○'],
    approved: spec.isSigned ? ['two', '●'] : ['one', '◐'],
  };
  const [seal, glyph] = seals[spec.status];
  return {
    status: spec.status,
    seal,
    glyph,
    sentence: spec.sentence,
    reasons: spec.reasons ?? [{ name: spec.status, text: spec.sentence.replace(/\.$/, '') }],
    not_compared: spec.notCompared ?? NOT_COMPARED,
  };
}

function filters(spec: Spec): Filter[] {
  const loud = (spec.findings ?? []).filter((found) => !found.suppressed);
  const list: Filter[] = [];
  if (spec.status === 'denied') list.push('denied');
  if (['changed', 'expired', 'floating'].includes(spec.status)) list.push('changed');
  if (loud.some((found) => ['high', 'critical'].includes(severityOf(found)))) list.push('findings');
  if (loud.some((found) => found.rule === 'plaintext-credential')) list.push('credentials');
  return list;
}

function severityOf(found: Found): string {
  return found.severity ?? RULES.find((rule) => rule.id === found.rule)?.severity ?? 'low';
}

const RANK = ['info', 'low', 'medium', 'high', 'critical'];

function action(group: Group, kinds: Filter[], status: StatusView): Action | null {
  if (group === 'not-reviewed') return 'review';
  if (group !== 'needs-you') return null;
  if (kinds.includes('denied')) return 'open-file';
  if (kinds.includes('changed')) return 'review-change';
  return status === 'approved' ? 'open-file' : 'review';
}

/** Makes the row, entries and findings of one server. */
export function server(spec: Spec, id: string): [ServerView, EntryView[], FindingView[]] {
  const isUsed = spec.places.some((place) => ['active', 'waiting'].includes(place.effect ?? 'active'));
  const kinds = isUsed ? filters(spec) : [];
  const group: Group = !isUsed
    ? 'not-in-effect'
    : kinds.length > 0
      ? 'needs-you'
      : spec.status === 'approved'
        ? 'approved'
        : 'not-reviewed';
  const identity = {
    kind: spec.kind,
    label: spec.label,
    name: spec.purl === undefined ? `pkg:${spec.kind}/${spec.label}` : spec.purl,
    version: spec.version ?? null,
    sha256: spec.sha256 ?? null,
    unknown: spec.purl === null ? (spec.notApprovable ?? 'nothing is named') : null,
  };
  const pin = { state: spec.pin[0], label: spec.pin[1] };
  const transport = spec.address ? 'http' : 'stdio';
  const findings = (spec.findings ?? []).map((found, index) => finding(spec, found, id, index));
  const entries = spec.places.map((place, index): EntryView => ({
    id: `${id}-${index}`,
    name: spec.name,
    server: id,
    config: place.file,
    file: place.file,
    pointer: `/mcpServers/${spec.name}`,
    line: place.line,
    column: 5,
    clients: place.clients.map((client) => ({
      client,
      scope: place.scope ?? 'user',
      project: place.project ?? null,
      effect: place.effect ?? 'active',
      reason: place.reason ?? null,
    })),
    is_in_use: ['active', 'waiting'].includes(place.effect ?? 'active'),
    transport,
    command: (spec.command ?? []).map((text) => ({ text, is_masked: text.includes('<hidden:') })),
    address: spec.address ?? null,
    environment: spec.environment ?? [],
    environment_names: spec.environmentNames ?? [],
    headers: spec.headers ?? [],
    working_folder: null,
    environment_files: [],
    identity,
    pin,
    launcher: spec.command?.[0] ?? null,
    wrappers: [],
    bridge: null,
    modifiers: [],
    companions: [],
    shadows: [],
    today: null,
    auto_approve: [],
    tools_allowed: null,
    tools_left_out: [],
    faults: [],
    mark: `mark of ${id}-${index}`,
    trust: trust(spec),
    pin_as: spec.pinAs ?? null,
    not_approvable: spec.notApprovable ?? null,
    findings: findings.map((found) => found.id),
    running: (spec.running ?? []).map((one) => one.pid),
    ...spec.entry,
  }));
  const loud = findings.filter((found) => !found.suppressed);
  const view: ServerView = {
    id,
    name: spec.name,
    other_names: spec.otherNames ?? [],
    identity,
    pin,
    transport,
    trust: trust(spec),
    group,
    filters: kinds,
    chips: chips(spec, loud, isUsed, kinds),
    action: action(group, kinds, spec.status),
    clients: [...new Set(spec.places.flatMap((place) => place.clients))],
    entries: entries.map((entry) => entry.id),
    findings: findings.map((found) => found.id),
    severity:
      loud.map((found) => found.severity).sort((a, b) => RANK.indexOf(b) - RANK.indexOf(a))[0] ?? null,
    running: spec.running ?? [],
  };
  return [view, entries, findings];
}

function chips(spec: Spec, loud: FindingView[], isUsed: boolean, kinds: Filter[]): ServerView['chips'] {
  const words: Partial<Record<StatusView, string>> = {
    changed: 'changed since it was approved',
    expired: 'approval ended',
    floating: 'floats past the approved version',
  };
  const list: ServerView['chips'] = [];
  if (!isUsed) list.push({ text: spec.places[0]?.effect ?? 'disabled', tone: 'plain' });
  if (spec.status === 'denied') list.push({ text: 'denied', tone: 'bad' });
  const word = words[spec.status];
  if (word) list.push({ text: word, tone: 'changed' });
  for (const found of loud.filter((one) => RANK.indexOf(one.severity) >= 2)) {
    const text = found.title.charAt(0).toLowerCase() + found.title.slice(1);
    list.push({ text, tone: kinds.length > 0 ? 'bad' : 'plain' });
  }
  return list.slice(0, 3);
}

function finding(spec: Spec, found: Found, id: string, index: number): FindingView {
  const rule = RULES.find((one) => one.id === found.rule);
  const place = spec.places[0];
  const line = found.line ?? place?.line ?? 1;
  return {
    id: `${id}-f${index}`,
    rule: found.rule,
    title: rule?.title ?? found.rule,
    severity: severityOf(found),
    confidence: 'high',
    group: rule?.group ?? 'other',
    entry: `${id}-0`,
    config: place?.file ?? null,
    about: spec.name,
    file: place?.file ?? null,
    pointer: null,
    line,
    column: 7,
    excerpt: { line, text: found.excerpt },
    message: found.message,
    remedy: rule?.remedy ?? '',
    suppressed: found.suppressed ?? null,
  };
}

/** Puts a whole machine together. */
export function world(
  specs: Spec[],
  rest: {
    unread?: ConfigView[];
    lists?: ListView[];
    settings?: Partial<SettingsView>;
    report?: Partial<Report>;
  } = {},
): World {
  const servers: ServerView[] = [];
  const entries = new Map<string, EntryView[]>();
  const findings: FindingView[] = [];
  specs.forEach((spec, index) => {
    const id = `s${index}`;
    const [view, own, found] = server(spec, id);
    servers.push(view);
    entries.set(id, own);
    for (const one of found) findings.push(one);
  });
  const order: Group[] = ['needs-you', 'not-reviewed', 'approved', 'not-in-effect'];
  servers.sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group));
  findings.sort((a, b) => RANK.indexOf(b.severity) - RANK.indexOf(a.severity));
  const unread = rest.unread ?? [];
  const isUnread = (path: string) => unread.some((config) => config.path === path);
  const configs = [...configsOf(entries).filter((config) => !isUnread(config.path)), ...unread];
  const clients = clientsOf(servers, configs);
  return {
    report: {
      format: 1,
      product: { name: 'countersign', version: '0.1.0' },
      made_at_s: NOW_S - 40,
      os: 'linux',
      home: '/home/ada',
      took_ms: 412,
      summary: summary(servers, clients, configs),
      servers,
      entries: [],
      clients,
      configs,
      findings,
      lists: rest.lists ?? [],
      unexplained: [],
      projects: ['~/src/shop', '~/src/scratch'],
      places_looked_at: 486,
      notes: [],
      is_complete: (rest.unread ?? []).length === 0,
      ...rest.report,
    },
    entries,
    settings: {
      lists: [],
      folders: [],
      key_kept_in: null,
      key_problem: null,
      decisions: [],
      data_folder: '~/.local/share/countersign',
      ...rest.settings,
    },
    places: placesOf(),
  };
}

function configsOf(entries: Map<string, EntryView[]>): ConfigView[] {
  const files = new Map<string, { clients: Set<string>; entries: string[] }>();
  for (const entry of [...entries.values()].flat()) {
    const file = files.get(entry.file) ?? { clients: new Set(), entries: [] };
    entry.clients.forEach((effect) => file.clients.add(effect.client));
    file.entries.push(entry.id);
    files.set(entry.file, file);
  }
  return [...files].map(([path, file]) => config(path, [...file.clients], file.entries));
}

function clientsOf(servers: ServerView[], configs: ConfigView[]): ClientView[] {
  const read = (id: string) => configs.filter((one) => one.readers.some((reader) => reader.client === id));
  return CLIENTS.filter((one) => read(one.id).length > 0).map((one) => ({
    ...one,
    configs: read(one.id).map((file) => file.id),
    servers: servers.filter((row) => row.clients.includes(one.id)).length,
  }));
}

function placesOf(): PlaceView[] {
  const scopes = ['user', 'project', 'local', 'managed'];
  return CLIENTS.flatMap((one) =>
    scopes.map((scope) => ({
      client: one.name,
      scope,
      path: scope === 'project' ? `{PROJECT}/.${one.id}/mcp.json` : `~/.config/${one.id}/${scope}.json`,
      confidence: scope === 'managed' ? 'documented' : 'verified',
    })),
  );
}
