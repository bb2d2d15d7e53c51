import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Requirement } from './require.ts'

/** A disk of its own, in memory, that is soon full. */
export interface SmallDisk {
  readonly folder: string
  /** Bytes. */
  free(): number
  /** Takes all that is free but so many bytes. */
  fill(except?: number): void
  /** Gives back what `fill` took. */
  empty(): void
  resize(megabytes: number): void
  remove(): void
}

export function smallDisk(megabytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'yunying-disk-'))
  mount(folder, `size=${megabytes}m`)
  const ballast = join(folder, 'ballast')
  const free = (): number => {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  }
  return {
    folder,
    free,
    fill: (except = 0) => writeFileSync(ballast, Buffer.alloc(Math.max(0, free() - except))),
    empty: () => rmSync(ballast, { force: true }),
    resize: (size) => mount(folder, `remount,size=${size}m`),
    remove() {
      execFileSync('umount', ['-l', folder])
      rmSync(folder, { recursive: true })
    },
  }
}

const mount = (folder: string, options: string): void =>
  void execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder])

/** Whether a disk can be mounted here. */
export const SMALL_DISK: Requirement = {
  name: 'a disk of its own',
  remedy: 'run as root where tmpfs may be mounted',
  found: mayMount(),
}

function mayMount(): boolean {
  try {
    smallDisk(1).remove()
    return true
  } catch {
    return false
  }
}
