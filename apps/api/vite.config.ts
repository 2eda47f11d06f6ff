import { defineConfig } from 'vite';

// One bundle: our own packages are compiled in, everything of node_modules stays where it is.
export default defineConfig({
  ssr: {
    noExternal: [/^@aether-v\//],
    resolve: { conditions: ['@aether-v/source', 'module', 'node', 'import', 'default'] },
  },
  build: {
    ssr: 'src/main.ts',
    outDir: 'dist',
    // `tsc -b` keeps its declarations in dist/types.
    emptyOutDir: false,
    target: 'node24',
    sourcemap: true,
    minify: false,
  },
});
