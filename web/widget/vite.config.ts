import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

/** Stands in for Preact: see `src/lite`. */
const lite = (name: string): string => fileURLToPath(new URL(`src/lite/${name}.ts`, import.meta.url))

/** Dynamic imports as they are: Vite's helper preloads style sheets, of which there are none here. */
const plainImports: Plugin = {
  name: 'plain-imports',
  enforce: 'pre',
  load: (id) => (id.includes('vite/preload-helper') ? 'export const __vitePreload = (load) => load()' : undefined),
}

/** The widget's modules; `build.mjs` builds the loader after them, for it must know their names. */
export default defineConfig({
  plugins: [plainImports],
  resolve: {
    alias: [
      { find: /^preact$/, replacement: lite('index') },
      { find: /^preact\/(hooks|jsx-runtime)$/, replacement: lite('$1') },
    ],
  },
  base: './',
  build: {
    outDir: '../dist/widget',
    emptyOutDir: true,
    target: ['chrome111', 'firefox115', 'safari16.4'],
    manifest: true,
    modulePreload: false,
    rolldownOptions: {
      input: { main: 'src/main.ts', page: 'index.html' },
      preserveEntrySignatures: 'strict',
    },
  },
  test: { environment: 'happy-dom', include: ['test/**/*.test.{ts,tsx}'] },
})
