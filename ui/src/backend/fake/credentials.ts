import type {
  CredentialsView,
  DiffLineView,
  EntryPlanView,
  FilePlanView,
  GuardedView,
  HistoryView,
  KeptView,
  MoveRequest,
  SpotView,
} from '../types';

const NOW_S = Math.floor(Date.now() / 1000);

export function spot(kind: string, name: string, label: string, rest: Partial<SpotView> = {}): SpotView {
  return {
    kind,
    name,
    pointer: `/mcpServers/x/${kind}/${name}`,
    issuer: 'github',
    label,
    confidence: 'high',
    reason: 'it begins with `ghp_` and has 40 characters',
    characters: 40,
    tail: null,
    rotation_page: 'https://github.com/settings/tokens',
    ...rest,
  };
}

export function plan(
  entry: string,
  name: string,
  moves: SpotView[],
  rest: Partial<EntryPlanView> = {},
): EntryPlanView {
  return { entry, name, moves, becomes_bridged: false, visible_arguments: 0, ambient: [], ...rest };
}

function lines(name: string): DiffLineView[] {
  const line = (mark: string, before: number | null, after: number | null, text: string) => ({
    mark,
    before,
    after,
    text,
  });
  return [
    line('same', 3, 3, '  "mcpServers": {'),
    line('same', 4, 4, `    "${name}": {`),
    line('removed', 5, null, '      "command": "npx",'),
    line('removed', 6, null, '      "args": ["-y", "@modelcontextprotocol/server-github@1.4.3"],'),
    line('removed', 7, null, '      "env": { "GITHUB_TOKEN": "<hidden:40>" }'),
    line('added', null, 5, '      "command": "/home/ada/.local/lib/countersign/countersign-guard",'),
    line(
      'added',
      null,
      6,
      '      "args": ["--entry", "8f14e45fceea167a5a36dedd4bea2543", "--env", "GITHUB_TOKEN", "--", "npx", "-y", "@modelcontextprotocol/server-github@1.4.3"],',
    ),
    line('added', null, 7, '      "env": { "GITHUB_TOKEN": "countersign:1679091c5a880faf6fb5e6087eb1b2dc" }'),
    line('same', 8, 8, '    },'),
  ];
}

export function file(
  path: string,
  clients: string[],
  entries: EntryPlanView[],
  running: string[] = [],
): FilePlanView {
  return { file: path, clients, running, entries, diff: lines(entries[0]?.name ?? '') };
}

export function guarded(entry: string, name: string, rest: Partial<GuardedView> = {}): GuardedView {
  return {
    entry,
    name,
    file: '~/.claude.json',
    clients: ['Claude Code'],
    through: 'guard',
    guard: '8f14e45fceea167a5a36dedd4bea2543',
    starts: 'npx -y @acme/tickets-mcp@2.1.0',
    references: [
      {
        id: '1679091c5a880faf6fb5e6087eb1b2dc',
        kind: 'variable',
        name: 'TICKETS_TOKEN',
        state: 'ready',
        differences: [],
        held_by: null,
        should_rotate: false,
        label: 'GitHub personal access token (classic)',
        rotation_page: 'https://github.com/settings/tokens',
      },
    ],
    ...rest,
  };
}

const KEPT: KeptView[] = [
  {
    entry: 's3-0',
    name: 'shop-db',
    file: '~/src/shop/.mcp.json',
    clients: ['Claude Code'],
    spot: spot('argument', '', 'password in an address', {
      characters: 16,
      issuer: null,
      rotation_page: null,
    }),
    code: 'tracked',
    why: 'Git tracks this file; a reference to this machine’s vault does not belong in it.',
    instead:
      'Write a variable’s name there (`${NAME}` in most clients), or move the entry to the client’s user or local scope and move the credential there.',
  },
  {
    entry: 's4-0',
    name: 'notes',
    file: '~/.config/notes/mcp.json',
    clients: ['Notes'],
    spot: spot('variable', 'NOTES_KEY', 'secret', { confidence: 'medium', characters: 32, issuer: null }),
    code: 'ask-first',
    why: 'No client itself says that it reads this file.',
    instead: 'Agree to editing it (`--consent`), and it is moved like the others.',
  },
];

/** What git keeps of the tracked file. */
export function past(): HistoryView {
  const one = {
    issuer: 'github',
    label: 'GitHub personal access token (classic)',
    name: 'GITHUB_TOKEN',
    characters: 40,
    first_commit: '5f2b1c9d8e7a6f5b4c3d2e1f0a9b8c7d6e5f4a3b',
    first_at_s: Date.UTC(2026, 2, 4) / 1000,
    last_commit: '9c8b7a6f5e4d3c2b1a0f9e8d7c6b5a4f3e2d1c0b',
    is_present: false,
    rotation_page: 'https://github.com/settings/tokens',
  };
  const password = {
    ...one,
    issuer: null,
    label: 'password in an address',
    name: null,
    characters: 16,
    last_commit: one.first_commit,
    is_present: true,
    rotation_page: null,
  };
  return { repository: '~/src/shop', credentials: [one, password], versions: 7, commits: 212, gap: null };
}

const PROGRAMS: CredentialsView['programs'] = [
  { name: 'guard', path: '~/.local/lib/countersign/countersign-guard', state: 'installed', version: null },
  { name: 'bridge', path: '~/.local/lib/countersign/countersign-bridge', state: 'installed', version: null },
];

const NOTHING: CredentialsView = {
  format: 1,
  vault: { state: 'ready', keeper: 'keyring', problem: null },
  programs: PROGRAMS.map((program) => ({ ...program, state: 'absent' })),
  plan: { mark: 'm0', credentials: 0, files: [], kept: [] },
  guarded: [],
  moves: [],
  unfinished: null,
};

function of(
  files: FilePlanView[],
  rest: Partial<CredentialsView> = {},
  kept: KeptView[] = [],
): CredentialsView {
  const credentials = files.flatMap((one) => one.entries).flatMap((entry) => entry.moves).length;
  return { ...NOTHING, plan: { mark: 'm1', credentials, files, kept }, ...rest };
}

const FILES: FilePlanView[] = [
  file(
    '~/.claude.json',
    ['Claude Code'],
    [
      plan('s0-0', 'github', [
        spot('variable', 'GITHUB_TOKEN', 'GitHub personal access token (classic)'),
        spot('variable', 'SENTRY_TOKEN', 'Sentry token', { characters: 64, tail: 'a91f' }),
      ]),
    ],
    ['Claude Code'],
  ),
  file(
    '~/.cursor/mcp.json',
    ['Cursor (editor and CLI)'],
    [
      plan(
        's1-0',
        'postgres',
        [
          spot('argument', '', 'password in an address', {
            characters: 16,
            issuer: null,
            rotation_page: null,
          }),
        ],
        { visible_arguments: 1, ambient: ['PGPASSWORD'] },
      ),
      plan('s2-0', 'linear', [spot('header', 'Authorization', 'Linear API key')], { becomes_bridged: true }),
    ],
  ),
];

/** The credentials of an example machine. */
export function credentials(name: string): CredentialsView {
  const unbound = guarded('s8-0', 'mail', {
    file: '~/.cursor/mcp.json',
    clients: ['Cursor (editor and CLI)'],
    starts: 'npx -y @acme/mail-mcp@3.0.0 --verbose',
    references: [
      {
        ...(guarded('', '').references[0] as GuardedView['references'][0]),
        id: 'a87ff679a2f3e71d9181a67b7542122c',
        name: 'MAIL_KEY',
        state: 'not-bound',
        differences: ['argument 3 is one too many'],
      },
    ],
  });
  const rotating = guarded('s7-0', 'tickets');
  rotating.references = rotating.references.map((one) => ({ ...one, should_rotate: true }));
  const earlier = {
    id: 1,
    state: 'done',
    made_at_s: NOW_S - 7_200,
    made_by: 'countersign ← bash',
    credentials: 1,
    files: [{ file: '~/.claude.json', is_restored: false, entries: ['tickets'] }],
  };
  switch (name) {
    case 'small':
      return of(FILES, { guarded: [rotating, unbound], moves: [earlier], programs: PROGRAMS }, KEPT);
    case 'calm':
      return { ...NOTHING, guarded: [rotating], moves: [earlier], programs: PROGRAMS };
    case 'locked':
      return of(FILES, { vault: { state: 'locked', keeper: 'encrypted file (passphrase)', problem: null } });
    case 'no-vault':
      return of(FILES, {
        vault: { state: 'none', keeper: 'keyring', problem: 'This session has no keyring.' },
      });
    case 'altered':
      return of(FILES, {
        programs: PROGRAMS.map((program) => ({ ...program, state: 'altered' })),
        unfinished: 'A move was interrupted. It is taken back or finished as soon as the vault is open.',
      });
    case 'large':
    case 'huge':
      return of(
        Array.from({ length: 1_000 }, (_, index) =>
          file(
            `~/src/p${index}/.cursor/mcp.json`,
            ['Cursor (editor and CLI)'],
            [plan(`s${index}-0`, `server-${index}`, [spot('variable', 'TOKEN', 'secret')])],
          ),
        ),
      );
    default:
      return NOTHING;
  }
}

/** What a move makes of what was shown. */
export function afterMove(view: CredentialsView, request: MoveRequest): CredentialsView {
  const isMoved = (entry: EntryPlanView) => request.entries === null || request.entries.includes(entry.entry);
  const entries = view.plan.files.flatMap((one) =>
    one.entries.filter(isMoved).map((entry) => ({ entry, of: one })),
  );
  const files = view.plan.files
    .map((one) => ({ ...one, entries: one.entries.filter((entry) => !isMoved(entry)) }))
    .filter((one) => one.entries.length > 0);
  const number = entries.flatMap(({ entry }) => entry.moves).length;
  const paths = [...new Set(entries.map(({ of: one }) => one.file))];
  return {
    ...view,
    programs: PROGRAMS,
    plan: { ...view.plan, mark: `${view.plan.mark}+`, credentials: view.plan.credentials - number, files },
    guarded: [
      ...entries.map(({ entry, of: one }) =>
        guarded(entry.entry, entry.name, {
          file: one.file,
          clients: one.clients,
          references: entry.moves.map((moved, at) => ({
            id: `${entry.entry}${at}`.padEnd(32, '0'),
            kind: moved.kind,
            name: moved.name,
            state: 'ready',
            differences: [],
            held_by: null,
            should_rotate: true,
            label: moved.label,
            rotation_page: moved.rotation_page,
          })),
        }),
      ),
      ...view.guarded,
    ],
    moves: [
      {
        id: view.moves.length + 1,
        state: 'done',
        made_at_s: NOW_S,
        made_by: 'window',
        credentials: number,
        files: paths.map((path) => ({ file: path, is_restored: false, entries: [] })),
      },
      ...view.moves,
    ],
  };
}
