import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from '../src/story'

/** Bytes that a page with the widget may load, gzipped: issue 5. */
const MOST_BYTES = 35 * 1024

const PACK = fileURLToPath(new URL('../../pack.mjs', import.meta.url))
const run = promisify(execFile)

test('a page with the widget loads at most 35 KB, compressed, and keeps what has a hash', async ({
  world,
}) => {
  const { page, widget } = await world.visitor()
  await widget.open()
  const { url } = world.gateway
  const paths = await page.evaluate(
    (origin) =>
      performance
        .getEntriesByType('resource')
        .map(({ name }) => name)
        .filter((name) => name.startsWith(origin) && !name.includes('/v1/')),
    url,
  )
  expect(paths).toContain(`${url}/widget.js`)
  let total = 0
  for (const path of paths) {
    const answer = await fetch(path, { headers: { 'accept-encoding': 'gzip' } })
    const body = Buffer.from(await answer.arrayBuffer())
    // `fetch` unpacks by itself; what came over the wire is in the header.
    total += Number(answer.headers.get('content-length') ?? body.length)
    const cache = answer.headers.get('cache-control')
    expect(cache, path).toContain(path.includes('/assets/') ? 'immutable' : 'max-age=300')
    if (body.length > 2_048) expect(answer.headers.get('content-encoding'), path).toBe('gzip')
  }
  expect(total).toBeGreaterThan(MOST_BYTES / 4)
  expect(total).toBeLessThanOrEqual(MOST_BYTES)
})

test('the packing fails where the widget is too heavy', async ({ browserName: _ }, info) => {
  const folder = info.outputPath('tree')
  await mkdir(join(folder, 'dist/widget/assets'), { recursive: true })
  await mkdir(join(folder, 'dist/widget/.vite'))
  await copyFile(PACK, join(folder, 'pack.mjs'))
  const pack = () => run(process.execPath, [join(folder, 'pack.mjs')])
  const main = join(folder, 'dist/widget/assets/main-x.js')
  const manifest = { 'src/main.ts': { file: 'assets/main-x.js' } }
  await writeFile(join(folder, 'dist/widget/.vite/manifest.json'), JSON.stringify(manifest))
  await writeFile(join(folder, 'dist/widget.js'), 'import("widget/assets/main-x.js")\n')
  await writeFile(main, 'void 0\n')
  expect((await pack()).stdout).toContain('The widget in all')
  // Noise does not get smaller.
  await writeFile(main, randomBytes(MOST_BYTES + 4_096))
  const heavy = await pack().catch((error: unknown) => error)
  expect(heavy).toMatchObject({ code: 1, stderr: expect.stringContaining('too heavy') })
})
