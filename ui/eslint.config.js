import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const bindings = {
  group: ['@tauri-apps/*', '**/bindings/**'],
  message: 'Only backend/ talks to the app; it re-exports the types.',
};
const backend = {
  group: ['@/backend', '@/backend/**', '**/backend/**'],
  message: 'Components read state/; types are in @/state/types.',
};
const state = { group: ['@/state/*', '!@/state/types'], message: 'Shared components are told everything.' };
const components = { group: ['@/components/**'], message: 'This layer does not know components.' };
const views = { group: ['@/views/**', '**/views/**'], message: 'Only the app puts views together.' };

/** Says what the files of one layer may not import. */
function layer(files, patterns) {
  return { files, rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

export default ts.config(
  { ignores: ['dist', 'src/bindings', 'node_modules'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser } } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
  },
  { files: ['*.config.{js,ts}', '**/*.test.ts'], languageOptions: { globals: { ...globals.node } } },
  {
    rules: {
      'svelte/no-at-html-tags': 'error',
      'svelte/prefer-svelte-reactivity': 'off',
      'no-control-regex': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 400 }],
    },
  },
  layer(['src/text/**'], [bindings, backend, components, views]),
  layer(
    ['src/backend/**'],
    [components, views, { group: ['@/state/**'], message: 'backend/ is below state/.' }],
  ),
  layer(['src/state/**'], [bindings, components, views]),
  layer(['src/components/shared/**'], [bindings, backend, state, views]),
  layer(['src/components/!(shared)/**'], [bindings, backend, views]),
  layer(['src/views/**'], [bindings, backend]),
  // Tests hand the window its backend.
  { files: ['src/**/*.test.ts', 'src/tests/**'], rules: { 'no-restricted-imports': 'off' } },
);
