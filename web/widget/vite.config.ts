import { defineConfig } from 'vitest/config'

/** The widget's modules; `build.mjs` builds the loader after them, for it must know their names. */
export default defineConfig({
  base: './',
  build: {
    outDir: '../dist/widget',
    emptyOutDir: true,
    target: ['chrome111', 'firefox115', 'safari16.4'],
    manifest: true,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { main: 'src/main.ts', page: 'index.html' },
      preserveEntrySignatures: 'strict',
    },
  },
  test: { environment: 'happy-dom', include: ['test/**/*.test.{ts,tsx}'] },
})
