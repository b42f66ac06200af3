import nx from '@nx/eslint-plugin';
import js from '@eslint/js';
import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** Who may depend on whom, in two dimensions: what kind of thing a project is, and whose it is. */
const boundaries = [
  { sourceTag: 'type:contracts', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'type:dataflow', onlyDependOnLibsWithTags: ['type:contracts'] },
  { sourceTag: 'type:domain', onlyDependOnLibsWithTags: ['type:contracts', 'scope:features'] },
  { sourceTag: 'scope:experiments', onlyDependOnLibsWithTags: ['type:contracts'] },
  { sourceTag: 'scope:monitoring', onlyDependOnLibsWithTags: ['type:contracts'] },
  { sourceTag: 'scope:cleaning', onlyDependOnLibsWithTags: ['type:contracts'] },
  // Domain code knows no dataflow: where a service and a tool run the same flow, its wiring stands between.
  { sourceTag: 'type:flow', onlyDependOnLibsWithTags: ['type:contracts', 'type:dataflow', 'type:domain'] },
  { sourceTag: 'type:adapter', onlyDependOnLibsWithTags: ['type:contracts', 'type:dataflow', 'type:domain', 'type:testing'] },
  { sourceTag: 'type:platform', onlyDependOnLibsWithTags: ['type:contracts', 'type:dataflow', 'type:adapter', 'type:testing'] },
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:contracts', 'type:dataflow', 'type:domain', 'type:flow', 'type:adapter', 'type:platform', 'type:testing'] },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['type:contracts'] },
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:contracts', 'type:dataflow', 'type:domain', 'type:flow', 'type:adapter', 'type:platform', 'type:testing'] },
  // The simulated bank knows the public doors and nothing else.
  { sourceTag: 'scope:bank-simulator', onlyDependOnLibsWithTags: ['type:contracts', 'type:testing'] },
  { sourceTag: 'scope:dashboard', onlyDependOnLibsWithTags: ['type:contracts', 'type:testing'] },
];

/** Pure code reads no clock, network, file, thread or source of chance. */
const impure = ['node:fs', 'node:net', 'node:http', 'node:child_process', 'node:worker_threads', 'node:timers', 'nats', 'lmdb', '@clickhouse/client', 'chdb', 'onnxruntime-node', 'koffi', 'pino'];

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '.nx/**', '.cache/**', '.data/**', 'coverage/**'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    plugins: { '@nx': nx, 'import-x': importX },
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.tsx', '.js', '.mjs'] })], 'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] } },
    rules: {
      'import-x/no-cycle': 'error',
      '@nx/enforce-module-boundaries': ['error', { allow: [], enforceBuildableLibDependency: false, banTransitiveDependencies: false, depConstraints: boundaries }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-extraneous-class': 'off',
      'no-restricted-syntax': ['error', { selector: "ExportAllDeclaration", message: 'Name what a door exports.' }],
      'max-lines': ['error', { max: 330, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['libs/domain/**/*.ts', 'libs/contracts/**/*.ts', 'libs/dataflow/**/*.ts', 'libs/flows/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/*.suite.ts', '**/testing/**', '**/testing.ts'],
    rules: {
      'no-restricted-imports': ['error', { paths: impure, patterns: ['@nestjs/*'] }],
      'no-restricted-globals': ['error', 'fetch', 'setTimeout', 'setInterval', 'performance'],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random' }, { object: 'Date', property: 'now' }],
    },
  },
  {
    // The simulated bank keeps its truth: whatever could read it could also learn from it.
    files: ['**/*.ts', '**/*.tsx'],
    ignores: ['apps/bank-simulator/**'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [{ group: ['**/bank-simulator/**', '**/bank-simulator'], message: 'Nothing outside of the simulated bank imports it: speak to it by the public doors.' }] }] },
  },
  { files: ['**/*.mjs'], languageOptions: { globals: { process: 'readonly', console: 'readonly', setTimeout: 'readonly', setInterval: 'readonly', clearInterval: 'readonly', clearTimeout: 'readonly', URL: 'readonly' } } },
);
