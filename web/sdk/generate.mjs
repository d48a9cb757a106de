// Makes the types from the protocol's schemas: generated/http.ts from OpenAPI, generated/wire.ts from AsyncAPI.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import openapiTS, { astToString } from 'openapi-typescript'

const here = new URL('./', import.meta.url)

/** Keywords that constrain nothing. */
const SILENT = new Set(['description', 'title', 'default'])

/** Whether a schema stands for "anything at all": a kind that this version does not know. */
const isAnything = (schema) => schema.additionalProperties === true && schema.properties === undefined

/**
 * JSON Schema lets `$ref`, `properties` and `anyOf` stand beside each other, and all of them hold. The generator follows
 * one: it is told the same with `allOf`. Of alternatives "anything at all" is left out, for it would keep `type` from
 * telling the others apart; whoever switches over `type` has a default branch for it.
 */
function plain(schema) {
  if (Array.isArray(schema)) return schema.map(plain)
  if (schema === null || typeof schema !== 'object') return schema
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, plain(value)]))
  if (Array.isArray(copy.anyOf)) copy.anyOf = copy.anyOf.filter((one) => !isAnything(one))
  const parts = []
  for (const key of ['$ref', 'anyOf', 'oneOf']) {
    if (copy[key] !== undefined) parts.push({ [key]: copy[key] })
  }
  const { $ref: _ref, anyOf: _any, oneOf: _one, ...rest } = copy
  const speaks = Object.keys(rest).some((key) => !SILENT.has(key))
  return parts.length > 0 && (parts.length > 1 || speaks) ? { allOf: [rest, ...parts] } : copy
}

async function make(source, target, documentOf) {
  const schema = JSON.parse(await readFile(new URL(`../schema/${source}`, here), 'utf8'))
  const tree = await openapiTS(plain(documentOf(schema)), { alphabetize: true, defaultNonNullable: false })
  const text = `// Made by generate.mjs from schema/${source}. Do not edit.\n${astToString(tree)}`
  await writeFile(new URL(`generated/${target}`, here), text)
}

await mkdir(new URL('generated', here), { recursive: true })
// Webhooks are for the company's servers, and their schemas lie elsewhere.
await make('openapi.json', 'http.ts', ({ openapi, info, paths, components }) => ({
  openapi,
  info,
  paths,
  components,
}))
await make('asyncapi.json', 'wire.ts', ({ info, components }) => ({
  openapi: '3.1.0',
  info: { title: info.title, version: info.version },
  paths: {},
  components: { schemas: components.schemas },
}))
