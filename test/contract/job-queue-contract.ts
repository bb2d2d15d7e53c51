import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JobQueue } from '../../core/ports/job-queue.ts'

/** What every queue of hints promises. */
export function jobQueueContract(open: () => Promise<JobQueue>): void {
  describe('the contract of a job queue', () => {
    let queue: JobQueue
    beforeAll(async () => {
      queue = await open()
    })
    afterAll(() => queue.close())

    it('calls the handler for each hint, those from before it began too', async () => {
      expect(await queue.notify('extract-metadata', 'before')).toBe(true)
      const seen: string[] = []
      const worker = queue.work('extract-metadata', 2, async (key) => void seen.push(key))
      await queue.notify('extract-metadata', 'after')
      await until(() => seen.length === 2)
      expect(seen.sort()).toEqual(['after', 'before'])
      await worker.stop()
    })

    it('runs at most as many at once as asked', async () => {
      let now = 0
      let most = 0
      let done = 0
      let release: () => void = () => undefined
      const released = new Promise<void>((resolve) => (release = resolve))
      const worker = queue.work('extract-metadata', 3, async () => {
        most = Math.max(most, ++now)
        // Until as many run as may, however fast the hints come.
        await released
        await sleep(20)
        now--
        done++
      })
      for (let key = 0; key < 12; key++) await queue.notify('extract-metadata', `key-${key}`)
      await until(() => now === 3)
      // A fourth would begin in this time.
      await sleep(100)
      release()
      await until(() => done === 12)
      expect(most).toBe(3)
      await worker.stop()
    })

    it('makes one of hints for the same key that wait', async () => {
      for (let times = 0; times < 20; times++) await queue.notify('render-thumbnails', 'same')
      let runs = 0
      const worker = queue.work('render-thumbnails', 1, async () => void runs++)
      await until(() => runs > 0)
      await sleep(200)
      expect(runs).toBe(1)
      await worker.stop()
    })

    it('runs a key once more when it is hinted while it runs', async () => {
      let runs = 0
      let release: () => void = () => undefined
      const released = new Promise<void>((resolve) => (release = resolve))
      const worker = queue.work('render-thumbnails', 2, async () => {
        runs++
        if (runs === 1) await released
      })
      await queue.notify('render-thumbnails', 'again')
      await until(() => runs === 1)
      await queue.notify('render-thumbnails', 'again')
      await sleep(50)
      release()
      await until(() => runs === 2)
      await worker.stop()
    })

    it('waits as long as asked, and a hint for now does not wait for one for later', async () => {
      const seen: { key: string; at: number }[] = []
      const worker = queue.work('reconcile-study', 2, async (key) => void seen.push({ key, at: Date.now() }))
      const begun = Date.now()
      await queue.notify('reconcile-study', 'later', { delayMs: 2_000 })
      await queue.notify('reconcile-study', 'soon', { delayMs: 60_000 })
      await queue.notify('reconcile-study', 'soon')
      await until(() => seen.length === 2)
      expect(seen.map(({ key }) => key)).toEqual(['soon', 'later'])
      expect((seen[1]?.at ?? 0) - begun).toBeGreaterThanOrEqual(1_990)
      await worker.stop()
    })

    it('goes on after a handler broke', async () => {
      const seen: string[] = []
      const worker = queue.work('reconcile-study', 1, async (key) => {
        seen.push(key)
        if (key === 'bad') throw new Error('a bug')
      })
      await queue.notify('reconcile-study', 'bad')
      await queue.notify('reconcile-study', 'good')
      await until(() => seen.length === 2)
      await queue.notify('reconcile-study', 'bad')
      await until(() => seen.length === 3)
      await worker.stop()
    })

    it('waits in stop for what is under way', async () => {
      let state = 'idle'
      const worker = queue.work('reconcile-study', 1, async () => {
        state = 'running'
        await sleep(200)
        state = 'done'
      })
      await queue.notify('reconcile-study', 'last')
      await until(() => state === 'running')
      await worker.stop()
      expect(state).toBe('done')
    })

    it('answers', () => queue.check())
  })
}

export async function until(fact: () => boolean | Promise<boolean>, ms = 15_000): Promise<void> {
  const deadline = Date.now() + ms
  while (!(await fact())) {
    if (Date.now() > deadline) throw new Error('did not come true in time')
    await sleep(10)
  }
}
