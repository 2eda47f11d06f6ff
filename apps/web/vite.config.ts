import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { precompress } from './precompress.ts';

const api = 'http://127.0.0.1:8000';

// The service serves dist/ itself, from the origin of the API; the dev server stands in for it during development.
export default defineConfig({
  plugins: [react(), precompress()],
  resolve: { conditions: ['@aether-v/source', 'module', 'browser', 'development|production'] },
  build: {
    target: 'es2023',
    sourcemap: false,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': api, '/auth': api, '/openapi.json': api } },
});
