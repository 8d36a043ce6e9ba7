import type { Backend, CredentialsView, Failure, Listeners, ServerView, UndoneView } from '../types';
import { afterMove, credentials, past } from './credentials';
import { broken, calm, empty, hostile, large } from './more';
import { REVIEWS } from './reviews';
import { RULES } from './rules';
import { small } from './small';
import { summary } from './summary';
import type { World } from './world';

const WORLDS: Record<string, () => World> = {
  small,
  large: () => large(1_000),
  huge: () => large(10_000),
  empty,
  calm,
  broken,
  hostile,
  locked: small,
  'no-vault': small,
  altered: small,
  scanning: empty,
  error: empty,
};

export interface Fake extends Backend {
  /** What was asked, for tests. */
  calls: [string, ...unknown[]][];
  world: World;
  /** What the window is shown of credentials. */
  credentialsView: CredentialsView;
  /** What taking something back comes to, where it is not simply done. */
  undone: UndoneView | null;
  /** Sends the present state, as the app does after a change. */
  emit(): void;
}

/** A backend that answers from example data and remembers what was decided until the window closes. */
export function fake(name: string): Fake {
  const world = (WORLDS[name] ?? small)();
  const calls: Fake['calls'] = [];
  let listeners: Listeners | null = null;
  const removedLists: World['settings']['lists'] = [];
  let isAutostart = false;
  let secrets = credentials(name);
  let before = secrets;
  let undone: UndoneView | null = null;
  const asked = new Set<string>();

  const emit = () => {
    const { report } = world;
    world.report = {
      ...report,
      made_at_s: Math.floor(Date.now() / 1000),
      summary: summary(report.servers, report.clients, report.configs),
    };
    listeners?.report(world.report);
    listeners?.settings(world.settings);
  };
  const changed = async (call: [string, ...unknown[]], change?: () => void) => {
    calls.push(call);
    change?.();
    emit();
  };
  const change = (entry: string, how: (row: ServerView) => ServerView) => {
    world.report = {
      ...world.report,
      servers: world.report.servers.map((row) => (row.entries.includes(entry) ? how(row) : row)),
    };
    for (const row of world.report.servers.filter((one) => one.entries.includes(entry))) {
      const own = world.entries.get(row.id) ?? [];
      world.entries.set(
        row.id,
        own.map((one) => ({ ...one, trust: row.trust })),
      );
    }
  };

  return {
    calls,
    get world() {
      return world;
    },
    get credentialsView() {
      return secrets;
    },
    set credentialsView(view) {
      secrets = view;
    },
    get undone() {
      return undone;
    },
    set undone(view) {
      undone = view;
    },
    emit,
    async subscribe(to) {
      listeners = to;
      if (name === 'scanning') listeners.progress({ folders: 1_284 });
      return () => {
        listeners = null;
      };
    },
    async report() {
      if (name === 'scanning') return new Promise(() => {});
      if (name === 'error') throw locked();
      return world.report;
    },
    async entries(server) {
      return world.entries.get(server) ?? [];
    },
    rescan: () => changed(['rescan']),
    cancel: () => changed(['cancel']),
    places: async () => world.places,
    async explain(rule) {
      const found = RULES.find((one) => one.id === rule);
      if (!found)
        throw { code: 'no-such-rule', message: `no rule is called ${rule}`, hint: null } satisfies Failure;
      return found;
    },
    async review(entry) {
      const row = world.report.servers.find((one) => one.entries.includes(entry));
      const found = REVIEWS[asked.has(entry) ? 'github' : (row?.name ?? '')];
      if (!found)
        throw {
          code: 'never-seen',
          message: 'Failed to find what it tells the model: it was not asked yet.',
          hint: null,
        } satisfies Failure;
      return found;
    },
    async ask(entry, network) {
      calls.push(['ask', entry, network]);
      const row = world.report.servers.find((one) => one.entries.includes(entry));
      if (row?.name === 'fetch' && !network)
        throw {
          code: 'needs-network',
          message: 'Failed to ask the server: its launcher downloads it, and the network is closed.',
          hint: null,
        } satisfies Failure;
      asked.add(entry);
      return {
        is_new: true,
        enforced: ["it sees the system's programs and an empty home", 'the network is closed'],
        notes: [],
      };
    },
    judge: (judged) => changed(['judge', judged]),
    approve: (entries, note, until) =>
      changed(['approve', entries, note, until], () => {
        const text = until ? `approved by you, until ${until}` : 'approved by you';
        for (const { id } of entries) {
          change(id, (row) => ({
            ...row,
            ...decided(row, 'approved', text),
            group: 'approved',
            action: null,
          }));
        }
        decide(world, entries[0]?.id, true, note);
      }),
    deny: (entry, note) =>
      changed(['deny', entry, note], () => {
        change(entry, (row) => ({
          ...row,
          ...decided(row, 'denied', `denied by you: ${note}`),
          action: 'open-file',
        }));
        decide(world, entry, false, note);
      }),
    forget: (server) =>
      changed(['forget', server], () => {
        const row = world.report.servers.find((one) => one.identity.name === server);
        const entry = row?.entries[0];
        if (entry) {
          change(entry, (one) => ({
            ...one,
            ...decided(one, 'unreviewed', 'nobody has reviewed it'),
            group: 'not-reviewed',
            filters: [],
            action: 'review',
          }));
        }
        const decisions = world.settings.decisions.filter((one) => one.server !== server);
        world.settings = { ...world.settings, decisions };
      }),
    suppress: (rule, entry, config, reason, until) =>
      changed(['suppress', rule, entry, config, reason, until], () =>
        quiet(world, rule, entry, { reason, until }),
      ),
    unsuppress: (rule, entry, config) =>
      changed(['unsuppress', rule, entry, config], () => quiet(world, rule, entry, null)),
    async stanza(entry) {
      const row = world.report.servers.find((one) => one.entries.includes(entry));
      return `[[approve]]\nserver = "${row?.identity.name ?? ''}"\nversion = "${row?.identity.version ?? ''}"\nreviewer = ""\n`;
    },
    async credentials(consents) {
      if (name === 'error') throw locked();
      if (!consents) return secrets;
      const kept = secrets.plan.kept.filter((one) => one.code !== 'ask-first');
      return { ...secrets, plan: { ...secrets.plan, kept } };
    },
    async moveCredentials(request) {
      calls.push(['moveCredentials', request]);
      before = secrets;
      const files = secrets.plan.files.length;
      for (let done = 1; done <= files; done += 1) listeners?.moveProgress({ done, total: files });
      secrets = afterMove(secrets, request);
      emit();
      const [moved] = secrets.moves;
      return { id: moved?.id ?? 0, files: moved?.files.length ?? 0, credentials: moved?.credentials ?? 0 };
    },
    async undoMove(id, values) {
      calls.push(['undoMove', id, values]);
      if (undone && values === null) return undone;
      const files = secrets.moves.find((one) => one.id === id)?.files ?? [];
      const moves = secrets.moves.map((one) => (one.id === id ? { ...one, state: 'undone' } : one));
      secrets = { ...before, moves };
      emit();
      return {
        asks: [],
        files: files.map((one) => ({ file: one.file, outcome: 'exact', why: null, entry: null })),
      };
    },
    async takeBack(entries) {
      calls.push(['takeBack', entries]);
      if (undone) return undone;
      const files = secrets.guarded
        .filter((one) => entries.includes(one.entry))
        .map((one) => ({ file: one.file, outcome: 'exact', why: null, entry: one.name }));
      secrets = { ...secrets, guarded: secrets.guarded.filter((one) => !entries.includes(one.entry)) };
      emit();
      return { asks: [], files };
    },
    async leave() {
      calls.push(['leave']);
      if (undone) return undone;
      const files = secrets.guarded.map((one) => ({
        file: one.file,
        outcome: 'own-edit',
        why: null,
        entry: one.name,
      }));
      secrets = { ...secrets, guarded: [] };
      emit();
      return { asks: [], files };
    },
    async setValue(reference, value) {
      calls.push(['setValue', reference, value]);
      const guarded = secrets.guarded.map((one) => ({
        ...one,
        references: one.references.map((other) =>
          other.id === reference ? { ...other, should_rotate: false, state: 'ready' } : other,
        ),
      }));
      secrets = { ...secrets, guarded };
    },
    async bindEntry(entry) {
      calls.push(['bindEntry', entry]);
      const guarded = secrets.guarded.map((one) => ({
        ...one,
        references: one.references.map((other) =>
          one.entry === entry ? { ...other, state: 'ready', differences: [] } : other,
        ),
      }));
      secrets = { ...secrets, guarded };
    },
    async history(entry) {
      calls.push(['history', entry]);
      return past();
    },
    async cancelHistory() {
      calls.push(['cancelHistory']);
    },
    async makeVault(key) {
      calls.push(['makeVault', key]);
      const keeper = 'keyFile' in key ? 'encrypted file (key file)' : 'encrypted file (passphrase)';
      secrets = { ...secrets, vault: { state: 'ready', keeper, problem: null } };
    },
    async unlockVault(passphrase) {
      calls.push(['unlockVault', passphrase]);
      if (passphrase === 'wrong')
        throw {
          code: 'wrong-key',
          message: 'Failed to open the encrypted file: the passphrase or key does not fit.',
          hint: 'Try the passphrase again.',
        } satisfies Failure;
      secrets = { ...secrets, vault: { ...secrets.vault, state: 'ready' } };
    },
    async lockVault() {
      calls.push(['lockVault']);
      secrets = { ...secrets, vault: { ...secrets.vault, state: 'locked' } };
    },
    async repairPrograms() {
      calls.push(['repairPrograms']);
      secrets = { ...secrets, programs: secrets.programs.map((one) => ({ ...one, state: 'installed' })) };
    },
    async openPage(page) {
      calls.push(['openPage', page]);
    },
    settings: async () => world.settings,
    addList: (kind, at) =>
      changed(['addList', kind, at], () => {
        world.settings = { ...world.settings, lists: [...world.settings.lists, { kind, shown: at }] };
      }),
    removeList: (index, shown) =>
      changed(['removeList', index, shown], () => {
        const removed = world.settings.lists[index];
        if (removed) removedLists.push(removed);
        const lists = world.settings.lists.filter((_, at) => at !== index);
        world.settings = { ...world.settings, lists };
      }),
    restoreList: (shown) =>
      changed(['restoreList', shown], () => {
        const restored = removedLists.findLast((one) => one.shown === shown);
        if (restored) world.settings = { ...world.settings, lists: [...world.settings.lists, restored] };
      }),
    refreshLists: () => changed(['refreshLists']),
    addFolder: (path) =>
      changed(['addFolder', path], () => {
        world.settings = { ...world.settings, folders: [...world.settings.folders, path] };
      }),
    removeFolder: (path) =>
      changed(['removeFolder', path], () => {
        const folders = world.settings.folders.filter((one) => one !== path);
        world.settings = { ...world.settings, folders };
      }),
    chooseFolder: async () => '~/work',
    chooseFile: async () => '~/team/allowlist.toml',
    async openFile(config, line) {
      calls.push(['openFile', config, line]);
    },
    autostart: async () => isAutostart,
    async setAutostart(on) {
      calls.push(['setAutostart', on]);
      isAutostart = on;
    },
  };
}

function locked(): Failure {
  return {
    code: 'store',
    message: 'The database is used by another Countersign.',
    hint: 'Close the other window or end `countersign watch`, then look again.',
  };
}

function decided(
  row: ServerView,
  status: 'approved' | 'denied' | 'unreviewed',
  text: string,
): Partial<ServerView> {
  const seals = { approved: ['one', '◐'], denied: ['crossed', '✕'], unreviewed: ['open', '○'] } as const;
  const [seal, glyph] = seals[status];
  const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  return {
    trust: { ...row.trust, status, seal, glyph, sentence, reasons: [{ name: status, text }] },
    chips: [],
    filters: status === 'denied' ? ['denied'] : [],
    group: status === 'denied' ? 'needs-you' : row.group,
  };
}

function decide(world: World, entry: string | undefined, isApproval: boolean, note: string): void {
  const row = world.report.servers.find((one) => entry !== undefined && one.entries.includes(entry));
  const decision = {
    server: row?.identity.name ?? '',
    is_approval: isApproval,
    note,
    made_at_s: Math.floor(Date.now() / 1000),
    made_by: 'window',
    stanza: '',
    unverified: null,
  };
  const others = world.settings.decisions.filter((one) => one.server !== decision.server);
  world.settings = { ...world.settings, decisions: [...others, decision] };
}

function quiet(
  world: World,
  rule: string,
  entry: string | null,
  suppressed: { reason: string; until: string } | null,
): void {
  const findings = world.report.findings.map((one) =>
    one.rule === rule && one.entry === entry ? { ...one, suppressed } : one,
  );
  world.report = { ...world.report, findings };
}
