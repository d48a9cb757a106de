/** Builds the widget: its modules, then the loader that knows their names. */

import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const here = dirname(fileURLToPath(import.meta.url))
const dist = join(here, '../dist')

async function buildLoader(main) {
  await build({
    root: here,
    configFile: false,
    logLevel: 'warn',
    define: { MAIN_MODULE: JSON.stringify(`widget/${main}`) },
    build: {
      outDir: dist,
      emptyOutDir: false,
      target: ['chrome111', 'firefox115', 'safari16.4'],
      lib: {
        entry: 'src/loader/loader.ts',
        formats: ['iife'],
        name: 'deskwireLoader',
        fileName: () => 'widget.js',
      },
    },
  })
}

await build({ root: here, logLevel: 'warn' })
const manifest = JSON.parse(await readFile(join(dist, 'widget/.vite/manifest.json'), 'utf8'))
await buildLoader(manifest['src/main.ts'].file)
