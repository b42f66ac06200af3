import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

/** Every app's `main.ts`, every tool and every worker is an entry of one build; `--mode <app>` builds that app alone. */
function entries(only: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const app of readdirSync('apps')) {
    const main = resolve('apps', app, 'src/main.ts');
    if (existsSync(main)) found[`apps/${app}`] = main;
  }
  if (only !== 'production') {
    const alone = only === 'migrate' ? resolve('tools/migrate.ts') : found[`apps/${only}`];
    if (!alone) throw new Error(`no app "${only}": choose one of ${Object.keys(found).map((name) => name.slice(5)).join(', ')}`);
    return { [`apps/${only}`]: alone, ...workers(only) };
  }
  for (const file of readdirSync('tools')) {
    if (file.endsWith('.ts') && !file.endsWith('.spec.ts')) found[`tools/${file.slice(0, -3)}`] = resolve('tools', file);
  }
  return { ...found, ...workers() };
}

/** Code that runs in a worker thread or a child process: `<name>.worker.ts` becomes `workers/<name>.js`. */
function workers(app?: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const folder of ['libs/adapters/models/src', 'apps/embedded-clickhouse/src']) {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.worker.ts'))) {
      const name = file.slice(0, -'.worker.ts'.length);
      if (app === undefined || workersOf[app]?.includes(name)) found[`workers/${name}`] = resolve(folder, file);
    }
  }
  return found;
}

/** Which of them an app starts. */
const workersOf: Record<string, readonly string[]> = {
  'scorer': ['score'],
  'monitor': ['score'],
  'feedback-loop': ['score', 'train-redemption'],
  'embedded-clickhouse': ['chdb-engine'],
};

/** Writes a `package.json` beside the bundle that asks for what the bundle imports, and for nothing else: an image installs that. */
function ownPackageJson(): Plugin {
  const { version, type, engines, dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string>>;
  return {
    name: 'own-package-json',
    generateBundle(_options, bundle) {
      const imported = Object.values(bundle).flatMap((part) => (part.type === 'chunk' ? [...part.imports, ...part.dynamicImports] : []));
      const packages = new Set(imported.filter((id) => !isBuiltin(id)).map((id) => id.split('/', id.startsWith('@') ? 2 : 1).join('/')));
      const own = Object.entries(dependencies ?? {}).filter(([name]) => packages.has(name));
      this.emitFile({ type: 'asset', fileName: 'package.json', source: `${JSON.stringify({ private: true, version, type, engines, dependencies: Object.fromEntries(own) }, undefined, 2)}\n` });
    },
  };
}

export default defineConfig(({ mode }) => ({
  resolve: { tsconfigPaths: true },
  plugins: mode === 'production' ? [] : [ownPackageJson()],
  build: {
    ssr: true,
    target: 'node20',
    outDir: mode === 'production' ? 'dist/services' : `dist/${mode}`,
    emptyOutDir: true,
    minify: false,
    sourcemap: true,
    reportCompressedSize: false,
    rolldownOptions: { input: entries(mode), output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' } },
  },
  logLevel: 'warn',
}));
