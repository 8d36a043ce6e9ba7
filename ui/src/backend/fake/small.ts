import { unread } from './files';
import { process, value, world, NOW_S, type Place, type Spec, type World } from './world';

const at = (file: string, line: number, ...clients: string[]): Place => ({ file, line, clients });
const CLAUDE = '~/.claude.json';
const CURSOR = '~/.cursor/mcp.json';
const DESKTOP = '~/.config/Claude/claude_desktop_config.json';
const CODE = '~/.config/Code/User/mcp.json';
const CODEX = '~/.codex/config.toml';
const GEMINI = '~/.gemini/settings.json';
const TEAM = 'platform-team';

const floats = 'it floats to newest; an approval has to be bound to what was reviewed';

const listed = (
  name: string,
  version: string,
  places: Place[],
  command: string[],
  rest: Partial<Spec> = {},
): Spec => ({
  name,
  kind: 'npm',
  label: `@modelcontextprotocol/server-${name}`,
  version,
  pin: ['version-only', `${version}, dependencies float`],
  status: 'approved',
  sentence: `Approved in ${TEAM} by grace, until 2027-01-12.`,
  reasons: [
    { name: 'approved', text: `approved in ${TEAM} by grace, until 2027-01-12` },
    { name: 'list-unsigned', text: `listed in ${TEAM}, which is not signed` },
  ],
  places,
  command,
  ...rest,
});

export const SPECS: Spec[] = [
  {
    name: 'github',
    kind: 'npm',
    label: '@modelcontextprotocol/server-github',
    version: '1.4.3',
    pin: ['version-only', '1.4.3, dependencies float'],
    status: 'changed',
    sentence: 'Version 1.4.2 is approved, this entry starts 1.4.3.',
    reasons: [
      { name: 'version-differs', text: 'version 1.4.2 is approved, this entry starts 1.4.3' },
      { name: 'environment-differs', text: 'variables are handed over that are not approved: NODE_OPTIONS' },
      { name: 'list-unsigned', text: `listed in ${TEAM}, which is not signed` },
    ],
    places: [at(CLAUDE, 88, 'claude-code'), at(CURSOR, 4, 'cursor')],
    command: ['npx', '-y', '@modelcontextprotocol/server-github@1.4.3'],
    environment: [value('GITHUB_TOKEN', 'reference', 15), value('NODE_OPTIONS', 'literal', 31)],
    running: [process(4121, 'node /home/ada/.npm/_npx/1a2b/server-github', 'cursor', 94)],
    entry: {
      modifiers: [
        {
          name: 'NODE_OPTIONS --require ./hook.cjs',
          text: 'loads another file into the program before it starts',
        },
      ],
      today: { name: '1.4.3', text: '~/.npm/_npx/1a2b' },
    },
  },
  {
    name: 'notion',
    kind: 'remote',
    label: 'https://mcp.notion.example/mcp',
    purl: 'https://mcp.notion.example/mcp',
    pin: ['remote', 'remote'],
    status: 'unreviewed',
    sentence: 'Nobody has reviewed it.',
    notCompared: [
      { name: 'tools', text: 'what the server tells the model' },
      { name: 'remote-content', text: 'what runs at the address' },
    ],
    places: [at(CODE, 12, 'vscode')],
    address: 'https://mcp.notion.example/mcp',
    headers: [value('Authorization', 'literal', 57, 'Notion integration token')],
    findings: [
      {
        rule: 'plaintext-credential',
        line: 15,
        excerpt: '"Authorization": "Bearer <hidden:50>"',
        message: 'A Notion integration token stands in `Authorization`: it begins with `ntn_`.',
      },
    ],
  },
  {
    name: 'postgres',
    kind: 'npm',
    label: '@acme/postgres-mcp',
    pin: ['floating', 'floats to newest'],
    status: 'floating',
    sentence: 'Version 2.0.1 is approved, this entry floats to newest.',
    places: [at(DESKTOP, 22, 'claude-desktop')],
    command: ['npx', '-y', '@acme/postgres-mcp', 'postgres://app:<hidden:16>@db.internal.example:5432/shop'],
    notApprovable: floats,
    pinAs: '@acme/postgres-mcp@2.0.1',
    findings: [
      {
        rule: 'plaintext-credential',
        line: 24,
        severity: 'high',
        excerpt: '"postgres://app:<hidden:16>@db.internal.example:5432/shop"',
        message: 'A password stands in an argument: it is part of a database address.',
      },
      {
        rule: 'unpinned-package',
        line: 24,
        excerpt: '"args": ["-y", "@acme/postgres-mcp", "postgres://app:<hidden:16>@…"]',
        message: '`@acme/postgres-mcp` names no version.',
      },
    ],
    running: [process(5177, 'node /home/ada/.npm/_npx/77fe/postgres-mcp', 'claude-desktop', 310)],
    entry: { today: { name: '2.1.0', text: '~/.npm/_npx/77fe' } },
  },
  {
    name: 'fetch',
    otherNames: ['web'],
    kind: 'pypi',
    label: 'mcp-server-fetch',
    pin: ['floating', 'floats to newest'],
    status: 'unreviewed',
    sentence: 'Nobody has reviewed it.',
    places: [at(CLAUDE, 102, 'claude-code'), at(CODEX, 8, 'codex'), at(GEMINI, 5, 'gemini-cli')],
    command: ['uvx', 'mcp-server-fetch'],
    notApprovable: floats,
    pinAs: 'mcp-server-fetch==2026.10.19',
    findings: [
      {
        rule: 'unpinned-package',
        excerpt: 'args = ["mcp-server-fetch"]',
        message: '`mcp-server-fetch` names no version.',
      },
    ],
    running: [process(6010, 'python -m mcp_server_fetch', 'claude-code', 12)],
  },
  {
    name: 'scratch',
    kind: 'file',
    label: '~/src/scratch/index.js',
    purl: 'file:///home/ada/src/scratch/index.js',
    sha256: 'a41f6a0b0c7e3f21bb8d2c9903e7d1f5a6b4c3d2e1f00918273645546372809c',
    pin: ['floating', 'local file'],
    status: 'unreviewed',
    sentence: 'Nobody has reviewed it.',
    places: [
      {
        ...at('~/src/scratch/.cursor/mcp.json', 3, 'cursor'),
        scope: 'project',
        project: '~/src/scratch',
        effect: 'waiting',
        reason: 'Cursor asks before it starts servers of a project',
      },
    ],
    command: ['node', '/home/ada/src/scratch/index.js', '--watch'],
    entry: { working_folder: '~/src/scratch', auto_approve: ['read_note', 'list_notes'] },
  },
  {
    name: 'sentry',
    kind: 'remote',
    label: 'https://mcp.sentry.example/mcp',
    purl: 'https://mcp.sentry.example/mcp',
    pin: ['remote', 'remote'],
    status: 'unreviewed',
    sentence: 'Nobody has reviewed it.',
    notCompared: [
      { name: 'tools', text: 'what the server tells the model' },
      { name: 'remote-content', text: 'what runs at the address' },
    ],
    places: [at(CURSOR, 19, 'cursor'), at(CODE, 24, 'vscode')],
    address: 'https://mcp.sentry.example/mcp',
  },
  listed(
    'filesystem',
    '2026.8.31',
    [at(CLAUDE, 64, 'claude-code'), at(DESKTOP, 4, 'claude-desktop')],
    ['npx', '-y', '@modelcontextprotocol/server-filesystem@2026.8.31', '/home/ada/src'],
    { running: [process(4090, 'node /home/ada/.npm/_npx/90ab/server-filesystem', 'claude-code', 94)] },
  ),
  listed('time', '2026.10.19', [at(CLAUDE, 71, 'claude-code')], ['uvx', 'mcp-server-time==2026.10.19'], {
    kind: 'pypi',
    label: 'mcp-server-time',
  }),
  listed(
    'memory',
    '2026.7.1',
    [at(CURSOR, 30, 'cursor'), at(CLAUDE, 77, 'claude-code'), at(GEMINI, 14, 'gemini-cli')],
    ['npx', '-y', '@modelcontextprotocol/server-memory@2026.7.1'],
    {
      findings: [
        {
          rule: 'auto-approve-everything',
          line: 33,
          excerpt: '"autoApprove": ["*"]',
          message: 'Cursor calls every tool of this server without asking.',
          suppressed: { reason: 'It only writes its own notes.', until: '2027-01-31' },
        },
      ],
    },
  ),
  {
    name: 'playwright',
    kind: 'image',
    label: 'mcr.example/playwright-mcp',
    version: 'v0.9.2',
    pin: ['content', 'sha256:4f1c9e77ab20 (content)'],
    status: 'approved',
    sentence: 'Approved by you, until 2027-02-01.',
    notCompared: [{ name: 'tools', text: 'what the server tells the model' }],
    places: [at(CODEX, 21, 'codex')],
    command: ['docker', 'run', '-i', '--rm', 'mcr.example/playwright-mcp@sha256:4f1c9e77ab2063d1e0c5'],
  },
  listed('linear', '3.2.0', [at(CURSOR, 41, 'cursor')], ['npx', '-y', '@acme/linear-mcp@3.2.0'], {
    label: '@acme/linear-mcp',
    environment: [value('LINEAR_API_KEY', 'reference', 18)],
  }),
  listed(
    'sqlite',
    '0.6.2',
    [{ ...at('~/src/shop/.mcp.json', 6, 'claude-code'), scope: 'project', project: '~/src/shop' }],
    ['npx', '-y', '@acme/sqlite-mcp@0.6.2', './shop.db'],
    { label: '@acme/sqlite-mcp' },
  ),
  {
    name: 'puppeteer',
    kind: 'npm',
    label: '@modelcontextprotocol/server-puppeteer',
    version: '2025.5.12',
    pin: ['version-only', '2025.5.12, dependencies float'],
    status: 'unreviewed',
    sentence: 'Nobody has reviewed it.',
    places: [
      { ...at(CLAUDE, 120, 'claude-code'), effect: 'disabled', reason: 'turned off in ~/.claude.json' },
    ],
    command: ['npx', '-y', '@modelcontextprotocol/server-puppeteer@2025.5.12'],
  },
];

export const SETTINGS: World['settings'] = {
  lists: [
    {
      kind: 'url',
      shown: 'https://lists.acme.example/mcp/allowlist.toml',
    },
  ],
  key_kept_in: 'keyring',
  key_problem: null,
  folders: ['~/src'],
  decisions: [
    {
      server: 'pkg:image/mcr.example/playwright-mcp',
      is_approval: true,
      note: 'Used for the shop’s checkout tests.',
      made_at_s: NOW_S - 86_400 * 20,
      made_by: 'window',
      stanza: '[[approve]]\nserver = "pkg:oci/playwright-mcp"\n',
      unverified: null,
    },
    {
      server: 'pkg:npm/@acme/linear-mcp',
      is_approval: true,
      note: '',
      made_at_s: NOW_S - 86_400 * 3,
      made_by: 'countersign < bash < node < claude',
      stanza: '[[approve]]\nserver = "pkg:npm/%40acme/linear-mcp"\n',
      unverified: 'its seal does not fit what it says',
    },
  ],
  data_folder: '~/.local/share/countersign',
};

export const LISTS: World['report']['lists'] = [
  {
    source: 'https://lists.acme.example/mcp/allowlist.toml',
    kind: 'url',
    name: TEAM,
    is_signed: false,
    approvals: 31,
    denials: 4,
    problem: null,
    advice: ['`pkg:npm/left-server` is approved without an end date.'],
    fetched_at_s: NOW_S - 3 * 3_600,
  },
];

export function small(): World {
  return world(SPECS, {
    unread: [
      unread('~/.config/zed/settings.json', 'zed', 'syntax', 'comma expected at line 41, column 7', 41),
    ],
    lists: LISTS,
    settings: SETTINGS,
    report: { is_complete: false },
  });
}
