import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chunksOf as inTurn } from '../../core/chunks-of.ts'
import type { ObjectKey, ObjectStore } from '../../core/ports/object-store.ts'

const keyOf = (name: string): ObjectKey => name as ObjectKey
const KEY = keyOf('organisations/a/instances/2026-01-01/one.dcm')

const keptAs = (bytes: Uint8Array) => ({
  size: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
})

/** What every object store promises. */
export function objectStoreContract(open: () => Promise<ObjectStore>): void {
  describe('the contract of an object store', () => {
    let store: ObjectStore
    beforeAll(async () => {
      store = await open()
    })
    afterAll(() => store.close())

    it('gives back what was put, whole and by range, as a stream and in memory', async () => {
      const bytes = randomBytes(300_000)
      expect(await store.put(KEY, chunksOf(bytes, 64_000))).toEqual(keptAs(bytes))
      expect((await collect(await store.stream(KEY))).equals(bytes)).toBe(true)
      expect(bytes.equals(await store.read(KEY))).toBe(true)
      const range = { offset: 1000, length: 200_000 }
      const part = bytes.subarray(1000, 201_000)
      expect(part.equals(await collect(await store.stream(KEY, range)))).toBe(true)
      expect(part.equals(await store.read(KEY, range))).toBe(true)
      expect(Buffer.from(await store.read(KEY, { offset: 0, length: 5 }))).toEqual(bytes.subarray(0, 5))
    })

    it('answers shorter at the end of an object, and nothing beyond it or for an empty range', async () => {
      const key = keyOf('short')
      await store.put(key, chunksOf(Buffer.from('abcdef'), 6))
      expect(Buffer.from(await store.read(key, { offset: 4, length: 100 })).toString()).toBe('ef')
      expect((await store.read(key, { offset: 6, length: 1 })).length).toBe(0)
      expect((await store.read(key, { offset: 2, length: 0 })).length).toBe(0)
      expect((await collect(await store.stream(key, { offset: 2, length: 0 }))).length).toBe(0)
      expect((await collect(await store.stream(key, { offset: 60, length: 2 }))).length).toBe(0)
    })

    it('reads a range to where it is wanted, again and again, and nothing of what is gone', async () => {
      const key = keyOf('into')
      const bytes = randomBytes(100_000)
      await store.put(key, chunksOf(bytes, 30_000))
      const target = Buffer.alloc(60_000, 7)
      expect(await store.readInto(key, 20_000, target.subarray(10, 50_010))).toBe(50_000)
      expect(target.subarray(10, 50_010).equals(bytes.subarray(20_000, 70_000))).toBe(true)
      expect([target[9], target[50_010]]).toEqual([7, 7])
      expect(await store.readInto(key, 99_990, target)).toBe(10)
      expect(target.subarray(0, 10).equals(bytes.subarray(99_990))).toBe(true)
      expect(await store.readInto(key, 100_000, target)).toBe(0)
      expect(await store.readInto(key, 0, target.subarray(0, 0))).toBe(0)
      const all = await Promise.all(
        Array.from({ length: 20 }, async (_, index) => {
          const part = Buffer.alloc(5_000)
          await store.readInto(key, index * 5_000, part)
          return part
        }),
      )
      expect(Buffer.concat(all).equals(bytes)).toBe(true)
      await store.put(key, chunksOf(Buffer.from('another'), 7))
      expect(await store.readInto(key, 0, target)).toBe(7)
      expect(target.toString('latin1', 0, 7)).toBe('another')
      await store.delete(key)
      const absent = { kind: 'not-found', code: 'object-not-found' }
      await expect(store.readInto(key, 0, target)).rejects.toMatchObject(absent)
    })

    it('keeps objects of all sizes that arrive at once', async () => {
      const page = 4096
      const piece = 1 << 20
      const sizes = [0, 1, page - 1, page, page + 1, piece - 1, piece, piece + 1, 3 * piece + 5]
      const objects = [...sizes, ...sizes, ...sizes].map((size, index) => ({
        key: keyOf(`at-once/${index}`),
        bytes: randomBytes(size),
      }))
      await Promise.all(objects.map(({ key, bytes }) => store.put(key, chunksOf(bytes, 65_536))))
      for (const { key, bytes } of objects) expect(bytes.equals(await store.read(key))).toBe(true)
    })

    it('keeps what lies in its own memory, wherever it lies there, and what only begins there', async () => {
      const landing = store.land()
      if (landing === undefined) return expect(store.land()).toBeUndefined()
      randomBytes(300_000).copy(landing.bytes)
      const places = [0, 4096, 4097, 8000].map((from) => landing.bytes.subarray(from, from + 150_001))
      const wholes = places.map((place) => Buffer.from(place))
      const kept = await Promise.all(
        places.map((place, index) => store.put(keyOf(`landed-${index}`), chunksOf(place, place.length))),
      )
      expect(kept).toEqual(wholes.map(keptAs))
      const more = Buffer.concat([wholes[0] ?? Buffer.alloc(0), Buffer.from('and more')])
      const both = store.put(keyOf('landed-and-more'), inTurn(places[0] ?? more, Buffer.from('and more')))
      expect(await both).toEqual(keptAs(more))
      landing.release()
      store.land()?.bytes.fill(0, 0, 300_000)
      for (const [index, whole] of wholes.entries())
        expect(whole.equals(await store.read(keyOf(`landed-${index}`)))).toBe(true)
      expect(more.equals(await store.read(keyOf('landed-and-more')))).toBe(true)
    })

    it('keeps an empty object', async () => {
      await store.put(keyOf('empty'), chunksOf(Buffer.alloc(0), 1))
      expect((await store.read(keyOf('empty'))).length).toBe(0)
      expect(await store.head(keyOf('empty'))).toMatchObject({ size: 0 })
    })

    it('replaces an object whole', async () => {
      const key = keyOf('twice')
      await store.put(key, chunksOf(Buffer.from('the longer first one'), 4))
      await store.put(key, chunksOf(Buffer.from('second'), 4))
      expect(Buffer.from(await store.read(key)).toString()).toBe('second')
    })

    it('says size and time of an object, and nothing of an absent one', async () => {
      const head = await store.head(KEY)
      expect(head).toMatchObject({ key: KEY, size: 300_000 })
      expect(Math.abs((head?.modifiedAt ?? 0) - Date.now())).toBeLessThan(60_000)
      expect(await store.head(keyOf('absent'))).toBeUndefined()
    })

    it('says that an absent object is absent', async () => {
      const absent = { kind: 'not-found', code: 'object-not-found' }
      await expect(store.read(keyOf('absent'))).rejects.toMatchObject(absent)
      await expect(store.stream(keyOf('absent')).then(collect)).rejects.toMatchObject(absent)
    })

    it('keeps nothing when the source breaks, and lets its error through', async () => {
      const fault = new Error('the sender went away')
      const broken = async function* () {
        yield randomBytes(10_000)
        throw fault
      }
      await expect(store.put(keyOf('broken'), broken())).rejects.toBe(fault)
      expect(await store.head(keyOf('broken'))).toBeUndefined()
    })

    it('keeps nothing of a large object whose source breaks late', async () => {
      const broken = async function* () {
        for (let piece = 0; piece < 20; piece++) yield Buffer.alloc(1 << 20)
        throw new Error('late')
      }
      await expect(store.put(keyOf('broken-late'), broken())).rejects.toThrow('late')
      expect(await store.head(keyOf('broken-late'))).toBeUndefined()
    })

    it('puts a large object in constant memory, byte for byte', async () => {
      const size = 200 * 2 ** 20
      const hash = createHash('sha256')
      const before = process.memoryUsage().rss
      let most = before
      const source = async function* () {
        const piece = randomBytes(1 << 20)
        for (let sent = 0; sent < size; sent += piece.length) {
          piece.writeUInt32LE(sent, 0)
          const copy = Buffer.from(piece)
          hash.update(copy)
          most = Math.max(most, process.memoryUsage().rss)
          yield copy
        }
      }
      const kept = await store.put(keyOf('large'), source())
      expect(kept.size).toBe(size)
      const read = createHash('sha256')
      for await (const chunk of await store.stream(keyOf('large'))) {
        read.update(chunk)
        most = Math.max(most, process.memoryUsage().rss)
      }
      const sent = hash.digest('hex')
      expect([read.digest('hex'), kept.sha256]).toEqual([sent, sent])
      expect((most - before) / 2 ** 20).toBeLessThan(150)
      await store.delete(keyOf('large'))
    }, 60_000)

    it('keeps objects of just below, at and above the size of a part', async () => {
      for (const size of [8 * 2 ** 20 - 1, 8 * 2 ** 20, 8 * 2 ** 20 + 1, 16 * 2 ** 20]) {
        const bytes = Buffer.alloc(size, size % 251)
        expect(await store.put(keyOf('edge'), chunksOf(bytes, 1_000_003))).toEqual(keptAs(bytes))
        expect(Buffer.compare(await store.read(keyOf('edge')), bytes)).toBe(0)
      }
    })

    it('takes many puts at once, of one key and of many', async () => {
      const names = Array.from({ length: 60 }, (_, n) => keyOf(`many/${n % 3}/${n}`))
      await Promise.all(names.map((key) => store.put(key, chunksOf(Buffer.from(key), 3))))
      for (const key of names) expect(Buffer.from(await store.read(key)).toString()).toBe(key)
      await Promise.all([1, 2, 3].map((n) => store.put(keyOf('same'), chunksOf(Buffer.from(`${n}`), 1))))
      expect(['1', '2', '3']).toContain(Buffer.from(await store.read(keyOf('same'))).toString())
    })

    it('lists by prefix in key order', async () => {
      for (const name of ['l/b', 'l/a/2', 'l/a/10', 'l/a-1', 'l/a.1', 'l/ab', 'lx'])
        await store.put(keyOf(name), chunksOf(Buffer.from(name), 9))
      const keys = []
      for await (const found of store.list('l/')) keys.push(found.key as string)
      expect(keys).toEqual(['l/a-1', 'l/a.1', 'l/a/10', 'l/a/2', 'l/ab', 'l/b'])
      const some = []
      for await (const found of store.list('l/a/1')) some.push(found)
      expect(some).toMatchObject([{ key: 'l/a/10', size: 6 }])
      for await (const found of store.list('none/')) expect(found).toBeUndefined()
    })

    it('deletes, and does not mind what is absent', async () => {
      await store.delete(keyOf('l/b'))
      await store.delete(keyOf('l/b'))
      expect(await store.head(keyOf('l/b'))).toBeUndefined()
    })

    it('frees a stream that is left early or aborted', async () => {
      for (let times = 0; times < 200; times++) {
        for await (const chunk of await store.stream(KEY)) {
          expect(chunk.length).toBeGreaterThan(0)
          break
        }
      }
      const ending = new AbortController()
      const aborted = (async () => {
        for await (const chunk of await store.stream(KEY, undefined, ending.signal)) {
          expect(chunk.length).toBeGreaterThan(0)
          ending.abort()
        }
      })()
      await expect(aborted.catch(() => 'freed').then(() => 'freed')).resolves.toBe('freed')
      expect((await store.read(KEY)).length).toBe(300_000)
    })

    it('knows its room, where there is a limit', async () => {
      const room = await store.room()
      if (room === undefined) return
      expect(room.freeBytes).toBeGreaterThan(0)
      expect(room.allBytes).toBeGreaterThanOrEqual(room.freeBytes)
    })

    it('answers', async () => {
      await store.check()
      expect(await store.sweepUnfinished(0)).toBeGreaterThanOrEqual(0)
    })
  })
}

/** The bytes in chunks of this size. */
export async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

export async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}
