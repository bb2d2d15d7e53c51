import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { existsSync } from 'node:fs'
import type { Endpoint } from './client-job.ts'
import type { Usage } from './process-usage.ts'

/** A server under test. */
export interface Target {
  readonly name: string
  readonly version: string
  readonly endpoint: Endpoint
  /** From the start of the process to the first answer, ms. */
  readonly startMs: number
  usage(): Usage
  /** Pieces of work that it still has to do, now or later; undefined where it does not say. */
  workLeft?(): Promise<number>
  /** Resident memory of its first process (for us the web process), bytes. */
  residentBytes(): number
  /** Stops it and removes its folder. */
  close(): Promise<void>
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Asks until the server answers anything; resolves with the time since `since`, ms. */
export async function untilAnswers(
  url: string,
  since: number,
  headers: Endpoint['headers'] = {},
): Promise<number> {
  const deadline = performance.now() + 120_000
  while (performance.now() < deadline) {
    const answer = await fetch(url, { headers }).catch(() => undefined)
    await answer?.arrayBuffer()
    if (answer?.ok) return performance.now() - since
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`Nothing answers at ${url}.`)
}

/** Ends a child: SIGTERM, and SIGKILL when it does not listen. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const patience = setTimeout(() => child.kill('SIGKILL'), 12_000)
  await exited
  clearTimeout(patience)
}

/** The first of these programs that is there. */
export const installed = (...paths: readonly string[]): string | undefined =>
  paths.find((path) => existsSync(path))
