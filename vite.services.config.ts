import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig } from 'vite';

/** Every app's `main.ts`, every tool and every worker is an entry of one build; `--mode <app>` builds that app alone. */
function entries(only: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const app of readdirSync('apps')) {
    const main = resolve('apps', app, 'src/main.ts');
    if (existsSync(main)) found[`apps/${app}`] = main;
  }
  if (only !== 'production') {
    const alone = found[`apps/${only}`];
    if (!alone) throw new Error(`no app "${only}": choose one of ${Object.keys(found).map((name) => name.slice(5)).join(', ')}`);
    return { [`apps/${only}`]: alone, ...workers() };
  }
  for (const file of readdirSync('tools')) {
    if (file.endsWith('.ts') && !file.endsWith('.spec.ts')) found[`tools/${file.slice(0, -3)}`] = resolve('tools', file);
  }
  return { ...found, ...workers() };
}

/** Code that runs in a worker thread or a child process: `<name>.worker.ts` in a lib becomes `workers/<name>.js`. */
function workers(): Record<string, string> {
  const found: Record<string, string> = {};
  for (const folder of ['libs/adapters/models/src', 'libs/adapters/clickhouse/src', 'apps/embedded-clickhouse/src']) {
    if (!existsSync(folder)) continue;
    for (const file of readdirSync(folder)) {
      if (file.endsWith('.worker.ts')) found[`workers/${file.slice(0, -'.worker.ts'.length)}`] = resolve(folder, file);
    }
  }
  return found;
}

export default defineConfig(({ mode }) => ({
  resolve: { tsconfigPaths: true },
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
