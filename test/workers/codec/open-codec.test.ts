import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { PixelDescription } from '../../../core/dicom/pixel-description.ts'
import type { FrameCodec, FrameSource, RenderOptions } from '../../../core/ports/frame-codec.ts'
import { openCodec } from '../../../workers/codec/open-codec.ts'
import { buildCodecThread } from '../../support/built-threads.ts'
import { threadsThatSteppedBack } from '../../support/stepped-back.ts'

const pixels = (rows: number, columns: number): PixelDescription => ({
  rows,
  columns,
  samplesPerPixel: 1,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  pixelRepresentation: 1,
  numberOfFrames: 1,
  sampleKind: 'integer',
  presentation: {},
})
const native = (rows: number, columns: number): FrameSource => ({
  bytes: new Uint8Array(Int16Array.from({ length: rows * columns }, (_, index) => index % 2000).buffer),
  transferSyntaxUid: '1.2.840.10008.1.2.1',
  pixels: pixels(rows, columns),
})

describe('openCodec', () => {
  let threadUrl: URL
  let folder: string
  let codec: FrameCodec | undefined
  const open = (options: {
    deadlineMs?: number
    heapMb?: number
    threads?: number
    url?: URL
  }): FrameCodec => {
    const { url = threadUrl, threads = 1, ...rest } = options
    codec = openCodec({ threadUrl: url, threads, ...rest })
    return codec
  }
  /** A thread that does what its text says with the task. */
  const thread = async (body: string): Promise<URL> => {
    const path = join(folder, `${Math.random()}.mjs`)
    await writeFile(path, `export default async function run(task) { ${body} }`)
    return pathToFileURL(path)
  }

  beforeAll(async () => {
    threadUrl = await buildCodecThread()
    folder = await mkdtemp(join(tmpdir(), 'yunying-codec-'))
  })
  afterEach(async () => codec?.close())
  afterAll(async () => rm(folder, { recursive: true, force: true }))

  it('works behind the thread that answers requests', async () => {
    const before = threadsThatSteppedBack(process.pid)
    await open({}).placeholder('document', { size: 64, mediaType: 'image/jpeg' })
    expect(threadsThatSteppedBack(process.pid)).toBeGreaterThan(before)
  })

  it('renders in a thread as it is built', async () => {
    const bytes = await open({}).render(native(64, 32), { mediaType: 'image/jpeg' })
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width: 32, height: 64 })
  })

  describe('of a small grey frame whose window is known', () => {
    const windowed = (transferSyntaxUid = '1.2.840.10008.1.2.1'): FrameSource => {
      const source = native(64, 32)
      const presentation = {
        '00281050': { vr: 'DS', Value: [900] },
        '00281051': { vr: 'DS', Value: [1500] },
      }
      return { ...source, transferSyntaxUid, pixels: { ...source.pixels, presentation } }
    }
    const PNG = { mediaType: 'image/png' } as const
    const nowhere = new URL('file:///nowhere.mjs')

    it('makes a picture without a thread, the same as a thread does', async () => {
      const opened = open({ url: nowhere })
      const here = await opened.render(windowed(), PNG)
      await opened.close()
      // A viewport of its own size changes nothing, but sends it to a thread.
      const there = await open({}).render(windowed(), { ...PNG, viewport: { width: 32, height: 64 } })
      expect(Buffer.compare(here, there)).toBe(0)
      expect((await sharp(here).raw().toBuffer())[32 * 20]).toBeGreaterThan(0)
    })

    it('tells a fault of its pixels as a thread does', async () => {
      const empty = { ...windowed(), bytes: new Uint8Array(0) }
      await expect(open({ url: nowhere }).render(empty, PNG)).rejects.toMatchObject({
        kind: 'invalid',
        code: 'pixel-data-invalid',
      })
    })

    it('goes to a thread when it is marked, scaled, compressed, large or in colour', async () => {
      const opened = open({ url: nowhere })
      const { pixels: small, ...rest } = windowed()
      const large = { ...small, rows: 1024, columns: 512 }
      const colour = { ...small, samplesPerPixel: 3, photometricInterpretation: 'RGB' }
      const sources: [FrameSource, RenderOptions][] = [
        [windowed(), { ...PNG, watermark: 'Reader' }],
        [windowed(), { ...PNG, viewport: { width: 8, height: 8 } }],
        [windowed('1.2.840.10008.1.2.5'), PNG],
        [{ ...rest, pixels: large }, PNG],
        [{ ...rest, pixels: colour }, PNG],
        [{ ...rest, pixels: { ...small, photometricInterpretation: 'PALETTE COLOR' } }, PNG],
      ]
      for (const [source, options] of sources)
        await expect(opened.render(source, options)).rejects.toMatchObject({ code: 'codec-unavailable' })
    })

    it('refuses when closed', async () => {
      const closed = open({ url: nowhere })
      await closed.close()
      await expect(closed.render(windowed(), PNG)).rejects.toMatchObject({ code: 'codec-closed' })
    })
  })

  it('leaves what it was lent with its owner, here and in a thread', async () => {
    const opened = open({})
    const lent = (): FrameSource => ({ ...native(512, 512), isLent: true })
    const window = { center: 900, width: 1500, function: 'LINEAR' } as const
    const here = lent()
    const there = lent()
    await opened.render(here, { mediaType: 'image/jpeg', window })
    await opened.render(there, { mediaType: 'image/jpeg' })
    for (const { bytes } of [here, there]) expect(Buffer.compare(bytes, native(512, 512).bytes)).toBe(0)
    const given = native(512, 512)
    await opened.render(given, { mediaType: 'image/jpeg', window })
    expect(given.bytes.length).toBe(0)
  })

  it('decodes a large native frame in a thread and a small one without', async () => {
    const large = native(1024, 1024)
    const before = new Uint8Array(large.bytes)
    expect(Buffer.compare((await open({}).decode(large)).bytes, before)).toBe(0)
    // It went to the thread, and no copy of it.
    expect(large.bytes.length).toBe(0)
    const nowhere = open({ url: new URL('file:///nowhere.mjs') })
    const small = native(8, 8)
    expect(Buffer.compare((await nowhere.decode(small)).bytes, small.bytes)).toBe(0)
  })

  it('encodes in a thread, and says of a refused frame that it was refused', async () => {
    const opened = open({})
    const { bytes, resolutionEnds } = await opened.encode(native(64, 32))
    expect(resolutionEnds.at(-1)).toBe(bytes.length)
    const decoded = await opened.decode({
      ...native(64, 32),
      bytes,
      transferSyntaxUid: '1.2.840.10008.1.2.4.202',
    })
    expect(Buffer.compare(decoded.bytes, native(64, 32).bytes)).toBe(0)
    await expect(
      opened.encode({ ...native(8, 8), transferSyntaxUid: '1.2.840.10008.1.2.4.81' }),
    ).rejects.toMatchObject({ kind: 'unsupported', code: 'rendition-refused' })
  })

  it('ends a task that takes too long, and works on', async () => {
    const slow = await thread(
      `if (task.kind === 'render') for (;;); return { ok: true, result: new Uint8Array([1]) }`,
    )
    const opened = open({ url: slow, deadlineMs: 2_000 })
    const hanging = opened.render(native(8, 8), { mediaType: 'image/png' })
    // It waits behind the hanging one: that costs it nothing of its own time.
    const waiting = opened.convert(new Uint8Array([1]), 'image/png')
    await expect(hanging).rejects.toMatchObject({ kind: 'limit', code: 'decode-timeout' })
    expect(await waiting).toEqual(new Uint8Array([1]))
  })

  it('fails only the frame whose thread died', async () => {
    const dying = await thread(
      `if (task.kind === 'render') process.exit(1); return { ok: true, result: new Uint8Array([1]) }`,
    )
    const opened = open({ url: dying, threads: 2 })
    const [dead, alive] = await Promise.allSettled([
      opened.render(native(8, 8), { mediaType: 'image/png' }),
      opened.convert(new Uint8Array([1]), 'image/png'),
    ])
    expect(dead).toMatchObject({ status: 'rejected', reason: { code: 'pixel-data-invalid' } })
    expect(alive.status).toBe('fulfilled')
    expect(await opened.convert(new Uint8Array([1]), 'image/png')).toEqual(new Uint8Array([1]))
  })

  it('gives a thread little room for what is young', async () => {
    const telling = await thread(
      `const { resourceLimits } = await import('node:worker_threads')
       return { ok: true, result: resourceLimits.maxYoungGenerationSizeMb }`,
    )
    const megabytes: unknown = await open({ url: telling }).convert(new Uint8Array([1]), 'image/png')
    expect(megabytes).toBeGreaterThan(0)
    expect(megabytes).toBeLessThanOrEqual(8)
  })

  it('fails only the frame whose thread ran out of memory', async () => {
    const greedy = await thread(
      `if (task.kind === 'render') { const all = []; for (;;) all.push(new Array(1e6).fill({})) } return { ok: true, result: new Uint8Array([1]) }`,
    )
    const opened = open({ url: greedy, heapMb: 32 })
    await expect(opened.render(native(8, 8), { mediaType: 'image/png' })).rejects.toMatchObject({
      code: 'pixel-data-invalid',
    })
    expect(await opened.convert(new Uint8Array([1]), 'image/png')).toEqual(new Uint8Array([1]))
  })

  it('blames no frame for a thread that does not start', async () => {
    const missing = open({ url: pathToFileURL(join(folder, 'missing.mjs')) })
    await expect(missing.render(native(8, 8), { mediaType: 'image/png' })).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'codec-unavailable',
    })
  })

  it('refuses when closed', async () => {
    const closed = open({})
    await closed.close()
    await expect(closed.render(native(8, 8), { mediaType: 'image/png' })).rejects.toMatchObject({
      code: 'codec-closed',
    })
  })
})
