// Makes dist/ as it would be published: one module, its types, and a package.json of its own. `npm publish sdk/dist`.
import { execFileSync } from 'node:child_process'
import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'

const here = fileURLToPath(new URL('./', import.meta.url))
const dist = join(here, 'dist')

/**
 * What it may weigh, gzipped and minified. The widget, which may weigh 35 KB in all (issue #5), holds the visitors' part
 * of it, about half a kilobyte less.
 */
const MOST_BYTES = 13.5 * 1024

await rm(dist, { recursive: true, force: true })
await build({ root: here, configFile: join(here, 'vite.config.ts'), logLevel: 'warn' })
execFileSync('npx', ['tsc', '-p', 'tsconfig.build.json'], { cwd: here, stdio: 'inherit' })

// Whoever resolves modules as Node does needs the whole name of a file.
for (const entry of await readdir(join(dist, 'types'), { withFileTypes: true, recursive: true })) {
  if (!entry.isFile()) continue
  const path = join(entry.parentPath, entry.name)
  const text = await readFile(path, 'utf8')
  await writeFile(path, text.replace(/(from|import\() ?(['"])(\.{1,2}\/[^'"]+)\2/g, "$1 '$3.js'"))
}

const { name, version, description, license, type, sideEffects, engines } = JSON.parse(
  await readFile(join(here, 'package.json'), 'utf8'),
)
const types = './types/src/index.d.ts'
const exported = { '.': { types, default: './index.js' } }
const manifest = { name, version, description, license, type, sideEffects, engines, types, exports: exported }
await writeFile(join(dist, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
await copyFile(join(here, 'README.md'), join(dist, 'README.md'))

const bytes = gzipSync(await readFile(join(dist, 'index.js')), { level: 9 }).length
process.stdout.write(
  `@deskwire/sdk: ${(bytes / 1024).toFixed(1)} KB gzipped, of ${MOST_BYTES / 1024} KB that it may weigh.\n`,
)
if (bytes > MOST_BYTES) process.exit(1)
