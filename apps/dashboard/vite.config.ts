import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const builtFolder = resolve(import.meta.dirname, '../../dist/dashboard');

/** Compressed once here instead of at every request: monitor hands out the `.br` or `.gz` beside a file. */
function precompressed(): Plugin {
  return {
    name: 'precompressed',
    apply: 'build',
    closeBundle() {
      const assets = join(builtFolder, 'assets');
      for (const file of readdirSync(assets).filter((name) => /\.(js|css)$/.test(name))) {
        const content = readFileSync(join(assets, file));
        writeFileSync(join(assets, `${file}.br`), brotliCompressSync(content));
        writeFileSync(join(assets, `${file}.gz`), gzipSync(content));
      }
    },
  };
}

/** One page app, served by monitor from `dist/dashboard`; `base` is relative so that it also works below a path. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react(), tailwindcss(), precompressed()],
  resolve: { tsconfigPaths: true },
  build: { outDir: builtFolder, emptyOutDir: true, target: 'es2022', reportCompressedSize: false },
  server: { host: '127.0.0.1', proxy: { '/v1': process.env['MONITOR_URL'] ?? 'http://127.0.0.1:3005' } },
  logLevel: 'warn',
});
