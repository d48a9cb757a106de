/** Builds the widget: its modules, then the loader that knows their names; and holds them to their size. */

import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'

const here = dirname(fileURLToPath(import.meta.url))
const dist = join(here, '../dist')

/** Bytes of all that a page loads, gzipped: what issue 5 allows. */
const MOST = 35 * 1024

/** All files that an entry needs, itself included. */
function filesOf(manifest, entry, seen = new Set()) {
  const chunk = manifest[entry]
  if (!chunk || seen.has(chunk.file)) return seen
  seen.add(chunk.file)
  for (const next of [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? [])])
    filesOf(manifest, next, seen)
  return seen
}

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

function say(bytes, what) {
  process.stdout.write(`${(bytes / 1024).toFixed(2).padStart(7)} KB gzipped  ${what}\n`)
}

/** Weighs what a page loads: of the languages the heaviest. */
async function measure(files) {
  let total = 0
  let language = 0
  for (const file of files) {
    const size = gzipSync(await readFile(join(dist, file)), { level: 9 }).length
    say(size, file)
    if (/assets\/(en|zh)-/.test(file)) language = Math.max(language, size)
    else total += size
  }
  say(total + language, `in all, of ${MOST / 1024} KB`)
}

await build({ root: here, logLevel: 'warn' })
const manifest = JSON.parse(await readFile(join(dist, 'widget/.vite/manifest.json'), 'utf8'))
await buildLoader(manifest['src/main.ts'].file)
await measure(['widget.js', ...[...filesOf(manifest, 'src/main.ts')].map((file) => `widget/${file}`)])
