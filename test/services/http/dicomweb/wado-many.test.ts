import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newUid } from '../../../../core/dicom/uid.ts'
import { dicom } from '../../../support/dicom-builder.ts'
import { answerParts } from '../../../support/multipart-answer.ts'
import { multipart } from '../../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

const SIDE = 256
/** Six megabytes a frame: more than the system takes of an answer that nobody reads. */
const LARGE_SIDE = 1792
const study = newUid()
const series = newUid()
const other = newUid()
const SERIES = `/dicom-web/studies/${study}/series/${series}`
const instances = Array.from({ length: 12 }, (_, index) => made(index, SIDE))
const large = [0, 1].map((index) => made(100 + index, LARGE_SIDE))

function made(index: number, side: number) {
  const uid = newUid()
  const pixels = randomBytes(side * side * 2)
  const file = dicom()
    .uids({ study, series: side === SIDE ? series : other, instance: uid })
    .set('InstanceNumber', 'IS', [index + 1])
    .ct({ rows: side, columns: side })
    .pixels(pixels)
    .build()
  return { uid, pixels, file }
}
const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ workers: false })
  const answer = await app.fetch('/dicom-web/studies', {
    method: 'POST',
    ...multipart([...instances, ...large].map(({ file }) => file)),
  })
  expect(answer.status).toBe(200)
})
afterAll(() => app.close())

type Asking = readonly [path: string, accept: string, range?: string]

/** One of the ways to ask for an instance, and what must come. */
function askFor(turn: number): { asking: Asking; expected: readonly string[] } {
  const one = instances[(turn * 7) % instances.length]
  if (one === undefined) throw new Error('no instance')
  const { uid, pixels, file } = one
  const path = `${SERIES}/instances/${uid}`
  const octets = 'application/octet-stream'
  const ways = [
    { asking: [`${path}/frames/1`, `multipart/related; type="${octets}"`], expected: [hash(pixels)] },
    { asking: [`${path}/frames/1`, octets], expected: [hash(pixels)] },
    {
      asking: [`${path}/frames/1`, octets, 'bytes=1000-70999'],
      expected: [hash(pixels.subarray(1000, 71_000))],
    },
    { asking: [path, 'multipart/related; type="application/dicom"'], expected: [hash(file)] },
    { asking: [path, 'application/dicom', 'bytes=100-40099'], expected: [hash(file.subarray(100, 40_100))] },
    {
      asking: [SERIES, 'multipart/related; type="application/dicom"'],
      expected: instances.map((each) => hash(each.file)),
    },
  ] as const satisfies readonly { asking: Asking; expected: readonly string[] }[]
  return ways[turn % ways.length] ?? ways[0]
}

describe('frames and instances, many at once', () => {
  it('are each their own bytes, also while others break off in the middle', async () => {
    const faults: string[] = []
    let turn = 0
    const ask = async (): Promise<void> => {
      while (turn < 240) {
        const now = turn++
        const { asking, expected } = askFor(now)
        const [path, accept, range] = asking
        const leaving = new AbortController()
        const headers = { Accept: accept, ...(range === undefined ? {} : { Range: range }) }
        const answer = await app.fetch(path, { headers, signal: leaving.signal })
        if (now % 5 === 4) {
          await answer.body?.getReader().read()
          leaving.abort()
          continue
        }
        const got = answer.headers.get('content-type')?.startsWith('multipart')
          ? (await answerParts(answer)).map(({ body }) => hash(body))
          : [hash(new Uint8Array(await answer.arrayBuffer()))]
        if (got.join() !== expected.join()) faults.push(`${now}: ${path} ${accept} ${range ?? ''}`)
      }
    }
    await Promise.all(Array.from({ length: 8 }, ask))
    expect(faults).toEqual([])
  }, 60_000)

  it('keep their bytes for a client that reads them late', async () => {
    const paths = large.map(
      ({ uid }) => `/dicom-web/studies/${study}/series/${other}/instances/${uid}/frames/1`,
    )
    const headers = { Accept: 'application/octet-stream' }
    const [late, soon] = paths
    // The system takes a part of it; the rest waits until somebody reads.
    const waiting = await app.fetch(late ?? '', { headers })
    for (let times = 0; times < 3; times++) {
      const answer = await app.fetch(soon ?? '', { headers })
      expect(hash(new Uint8Array(await answer.arrayBuffer()))).toBe(hash(large[1]?.pixels ?? Buffer.alloc(0)))
    }
    expect(hash(new Uint8Array(await waiting.arrayBuffer()))).toBe(hash(large[0]?.pixels ?? Buffer.alloc(0)))
  })
})
