import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { mockApi } from './mock/plugin.ts';

const constructedStyles = fileURLToPath(new URL('./src/styles/constructed.ts', import.meta.url));

/** The two modules of the component kit that write `<style>` elements, as they are imported. */
const styleWriters = [/Dom\/dynamicCSS$/, /\.\/cssUtils$/];

/** Lets the built app run under `style-src 'self'`: see `src/styles/constructed.ts`. */
function strictStyles(): Plugin {
  return {
    name: 'zhupi-strict-styles',
    apply: 'build',
    enforce: 'pre',
    resolveId(source, importer) {
      const fromKit = importer !== undefined && /node_modules\/(@ant-design|@rc-component|antd)\//.test(importer);
      return fromKit && styleWriters.some((writer) => writer.test(source)) ? constructedStyles : null;
    },
  };
}

export default defineConfig(({ command, mode }) => ({
  plugins: [react(), strictStyles(), ...(command === 'serve' && mode !== 'server' ? [mockApi()] : [])],
  // `npm run dev -- --mode server` speaks to a running zhupi instead of the stand-in.
  server: {
    // The sentences about fields, and the corpora of the tests, are shared with the server.
    fs: { allow: ['..'] },
    ...(mode === 'server' ? { proxy: { '/api': process.env['ZHUPI_URL'] ?? 'http://127.0.0.1:8080' } } : {}),
  },
  build: { target: 'es2020', modulePreload: { polyfill: false }, assetsInlineLimit: 0, chunkSizeWarningLimit: 1500 },
  test: { environment: 'node', include: ['src/**/*.test.{ts,tsx}', 'mock/**/*.test.ts'] },
}));
