import { deflateSync, inflateSync } from 'node:zlib'

/** CRC-32 as PNG has it. */
function crc(bytes: Buffer): number {
  let sum = ~0
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  }
  return ~sum >>> 0
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc(body))
  return Buffer.concat([length, body, check])
}

/** A PNG of one colour, of this width and height. */
export function picture(side: number, [red, green, blue]: readonly [number, number, number]): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  // Eight bits for each of three colours.
  header.set([8, 2, 0, 0, 0], 8)
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(3 * side, Buffer.from([red, green, blue]))])
  const rows = Buffer.concat(Array.from({ length: side }, () => row))
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** The same PNG in fewer bytes: a browser packs its pictures fast rather than well. */
export function packed(png: Buffer): Buffer {
  const parts: Buffer[] = []
  const rows: Buffer[] = []
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    const whole = png.subarray(at, at + length + 12)
    const type = whole.toString('latin1', 4, 8)
    if (type === 'IDAT') rows.push(whole.subarray(8, 8 + length))
    else parts.push(whole)
    at += whole.length
  }
  const end = parts.pop() ?? Buffer.alloc(0)
  const data = deflateSync(inflateSync(Buffer.concat(rows)), { level: 9, memLevel: 9 })
  return Buffer.concat([png.subarray(0, 8), ...parts, chunk('IDAT', data), end])
}
