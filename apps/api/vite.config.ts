import { defineConfig } from 'vite';

// One bundle: our own packages are compiled in, everything of node_modules stays where it is. A worker thread needs a
// separate file; the code finds it next to the bundle.
export default defineConfig({
  ssr: {
    noExternal: [/^@aether-v\//],
    resolve: { conditions: ['@aether-v/source', 'module', 'node', 'import', 'default'] },
  },
  build: {
    ssr: true,
    rolldownOptions: {
      input: {
        main: 'src/main.ts',
        'passport-azure-ad-worker': 'src/auth/bearer/passport-azure-ad/worker.ts',
      },
    },
    outDir: 'dist',
    // `tsc -b` keeps its declarations in dist/types.
    emptyOutDir: false,
    target: 'node24',
    sourcemap: true,
    minify: false,
  },
});
