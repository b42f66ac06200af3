import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** One page app, served by monitor from `dist/dashboard`; `base` is relative so that it also works below a path. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react(), tailwindcss()],
  resolve: { tsconfigPaths: true },
  build: { outDir: '../../dist/dashboard', emptyOutDir: true, target: 'es2022', reportCompressedSize: false },
  server: { host: '127.0.0.1', proxy: { '/v1': process.env['MONITOR_URL'] ?? 'http://127.0.0.1:3005' } },
  logLevel: 'warn',
});
