import type { Inspected } from './inspect-blob.ts'

export interface InspectRequest {
  readonly id: number
  readonly path: string
  readonly blob: Blob
}

export interface InspectAnswer {
  readonly id: number
  readonly inspected: Inspected
}

export interface Inspector {
  inspect(path: string, blob: Blob): Promise<Inspected>
  close(): void
}

/** Inspects files in a worker, which is started with the first. */
export function createInspector(
  startWorker: () => Worker = () =>
    new Worker(new URL('./inspect-worker.ts', import.meta.url), { type: 'module' }),
): Inspector {
  let worker: Worker | undefined
  let lastId = 0
  const waiting = new Map<
    number,
    { resolve: (inspected: Inspected) => void; reject: (error: Error) => void }
  >()

  const start = (): Worker => {
    const started = startWorker()
    started.addEventListener('message', (message: MessageEvent<InspectAnswer>) => {
      waiting.get(message.data.id)?.resolve(message.data.inspected)
      waiting.delete(message.data.id)
    })
    started.addEventListener('error', () => {
      for (const { reject } of waiting.values()) reject(new Error('The hashing worker stopped.'))
      waiting.clear()
      worker = undefined
    })
    return started
  }

  return {
    inspect(path, blob) {
      worker ??= start()
      const id = (lastId += 1)
      const answered = new Promise<Inspected>((resolve, reject) => waiting.set(id, { resolve, reject }))
      worker.postMessage({ id, path, blob } satisfies InspectRequest)
      return answered
    },
    close() {
      worker?.terminate()
      worker = undefined
      waiting.clear()
    },
  }
}
