// After all builds: writes .br and .gz beside every file in dist that gets smaller by it, shows what the entries weigh,
// and fails where the widget weighs too much.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { extname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const dist = fileURLToPath(new URL('./dist/', import.meta.url))

/** What is text, more or less. Pictures and fonts (woff2) are compressed already. */
const COMPRESSIBLE = new Set([
  '.css',
  '.html',
  '.js',
  '.json',
  '.map',
  '.mjs',
  '.svg',
  '.txt',
  '.webmanifest',
  '.xml',
])

/** Below this a second file saves nothing that anybody would notice; the widget's loader is just above. */
const LEAST_BYTES = 512

/** All that a page with the widget loads, gzipped: issue #5 says at most 35 KB (Chatwoot's widget weighs 170). */
const WIDGET_BYTES = 35 * 1024

/** Another version of Node compresses a few bytes worse: nobody's build fails for that. The story of sizes is strict. */
const LEEWAY_BYTES = 512

const brotli = promisify(brotliCompress)
const deflate = promisify(gzip)

const say = (line) => process.stdout.write(`${line}\n`)
const complain = (line) => process.stderr.write(`${line}\n`)

async function filesIn(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** Compresses one file; answers what it weighs. */
async function pack(path) {
  const bytes = await readFile(path)
  const size = {
    path: relative(dist, path).replaceAll('\\', '/'),
    plain: bytes.length,
    gz: bytes.length,
    br: bytes.length,
  }
  if (bytes.length <= LEAST_BYTES || !COMPRESSIBLE.has(extname(path))) return size
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
  const [gz, br] = await Promise.all([
    deflate(bytes, { level: constants.Z_BEST_COMPRESSION }),
    brotli(bytes, { params: { ...quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  ])
  await Promise.all([writeFile(`${path}.gz`, gz), writeFile(`${path}.br`, br)])
  return { ...size, gz: gz.length, br: br.length }
}

/** Where the bundler says which file needs which. */
const MANIFEST = 'widget/.vite/manifest.json'

/** What the loader loads. */
const ENTRY = 'src/main.ts'

/** The folder of the languages: of its files a page loads one. */
const LANGUAGES = 'src/texts/'

/** What a chunk needs, now or later; of the languages the heaviest. */
function neededBy({ imports = [], dynamicImports = [] }, weigh) {
  const languages = dynamicImports
    .filter((name) => name.startsWith(LANGUAGES))
    .sort((a, b) => weigh(b) - weigh(a))
  const others = dynamicImports.filter((name) => !name.startsWith(LANGUAGES))
  return [...imports, ...others, ...languages.slice(0, 1)]
}

/** What a page with the widget loads: the loader, its entry and all that this needs. The page for a WebView is another. */
async function widgetOf(sizes) {
  const byPath = new Map(sizes.map((size) => [size.path, size]))
  const manifest = JSON.parse(await readFile(join(dist, MANIFEST), 'utf8'))
  const weigh = (name) => byPath.get(`widget/${manifest[name]?.file}`)?.gz ?? 0
  const paths = new Set(['widget.js'])
  const take = (name) => {
    const { file, css = [], ...chunk } = manifest[name] ?? {}
    if (!file || paths.has(`widget/${file}`)) return
    for (const path of [file, ...css]) paths.add(`widget/${path}`)
    neededBy(chunk, weigh).forEach(take)
  }
  take(ENTRY)
  const found = [...paths].map((path) => byPath.get(path))
  if (paths.size === 1 || found.includes(undefined))
    throw new Error(`The widget's files are not what ${MANIFEST} says.`)
  return found
}

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`.padStart(10)

function row(name, { plain, gz, br }) {
  return `${name.padEnd(52)}${kilobytes(plain)}${kilobytes(gz)}${kilobytes(br)}`
}

function total(sizes) {
  const sum = (field) => sizes.reduce((all, size) => all + size[field], 0)
  return { plain: sum('plain'), gz: sum('gz'), br: sum('br') }
}

/** By the first folder; Node 20 has no `Map.groupBy`. */
function grouped(sizes) {
  const groups = new Map()
  for (const size of sizes) {
    const name = size.path.split('/')[0]
    groups.set(name, [...(groups.get(name) ?? []), size])
  }
  return groups
}

let files
try {
  files = await filesIn(dist)
} catch {
  complain('There is nothing in web/dist yet. Build first: npm run build')
  process.exit(1)
}
const packed = files.filter((path) => /\.(br|gz)$/.test(path))
await Promise.all(packed.map((path) => rm(path)))
const sizes = await Promise.all(
  files
    .filter((path) => !packed.includes(path))
    .sort()
    .map(pack),
)

say(`${'dist/'.padEnd(52)}${'plain'.padStart(10)}${'gzip'.padStart(10)}${'brotli'.padStart(10)}`)
for (const size of sizes) if (/\.(js|css|html)$/.test(size.path)) say(row(size.path, size))
for (const [name, group] of grouped(sizes))
  if (group.length > 1) say(row(`${name}/ in all (${group.length} files)`, total(group)))

if (sizes.some(({ path }) => path === MANIFEST)) {
  const widget = await widgetOf(sizes)
  const { gz } = total(widget)
  say(
    `\nThe widget in all: ${kilobytes(gz).trim()} gzipped, of ${kilobytes(WIDGET_BYTES).trim()} that it may weigh.`,
  )
  if (gz > WIDGET_BYTES + LEEWAY_BYTES) {
    complain('The widget is too heavy. Its files, the heaviest first:')
    for (const size of widget.sort((a, b) => b.gz - a.gz)) complain(row(size.path, size))
    process.exit(1)
  }
}
