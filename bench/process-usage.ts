import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

export interface Usage {
  /** CPU since each process began, user and system, ms. */
  readonly cpuMs: number
  /** Memory of all processes together, bytes: proportional (PSS), so that what they share counts once. */
  readonly memoryBytes: number
}

/** Ticks a second of /proc; 100 on every Linux that Node runs on. */
const TICKS = 100
const PAGE = 4096

/**
 * What a server uses: its process, its descendants, and whatever else works in its folder (a database server that was
 * started apart). Linux only; elsewhere all figures are 0.
 */
export function usageOf(pid: number, folder?: string): Usage {
  const mine = familyOf(pid, folder)
  return {
    cpuMs: mine.reduce((sum, each) => sum + each.cpuMs, 0),
    memoryBytes: mine.reduce((sum, each) => sum + proportionalBytes(each), 0),
  }
}

/** One process of a server. */
export interface ProcessState {
  readonly pid: number
  /** Of its program: `node`, `postgres`. */
  readonly name: string
  /** PSS. */
  readonly memoryBytes: number
  /** Open file descriptors. */
  readonly descriptors: number
}

/** The processes of a server one by one, as `usageOf` finds them. */
export const processesOf = (pid: number, folder?: string): ProcessState[] =>
  familyOf(pid, folder).map((each) => ({
    pid: each.pid,
    name: each.name,
    memoryBytes: proportionalBytes(each),
    descriptors: descriptorsOf(each.pid),
  }))

function familyOf(pid: number, folder: string | undefined): Process[] {
  const processes = readProcesses()
  const own = new Set([pid])
  if (folder !== undefined) {
    for (const each of processes) if (each.folder?.startsWith(folder)) own.add(each.pid)
  }
  for (let grown = true; grown;) {
    grown = false
    for (const each of processes) {
      if (own.has(each.parent) && !own.has(each.pid)) {
        own.add(each.pid)
        grown = true
      }
    }
  }
  return processes.filter((each) => own.has(each.pid))
}

function descriptorsOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length
  } catch {
    // Not ours to look into, or ended meanwhile.
    return 0
  }
}

/** Resident memory of one process, bytes; cheap enough to ask many times a second. */
export function residentBytes(pid: number): number {
  return process.platform === 'linux' ? (readProcess(pid)?.rssBytes ?? 0) : 0
}

function proportionalBytes(each: Process): number {
  try {
    const rollup = readFileSync(`/proc/${each.pid}/smaps_rollup`, 'utf8')
    return Number(/^Pss: +(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024
  } catch {
    // Not ours to look into, or ended meanwhile.
    return each.rssBytes
  }
}

interface Process {
  readonly pid: number
  readonly name: string
  readonly parent: number
  readonly cpuMs: number
  readonly rssBytes: number
  readonly folder: string | undefined
}

function readProcesses(): Process[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? [])
}

function readProcess(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const at = (index: number) => Number(fields[index - 3] ?? 0)
    return {
      pid,
      name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
      parent: at(4),
      cpuMs: ((at(14) + at(15) + at(16) + at(17)) * 1000) / TICKS,
      rssBytes: at(24) * PAGE,
      folder: folderOf(pid),
    }
  } catch {
    // It ended while we read the list.
    return undefined
  }
}

function folderOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    // A process of somebody else.
    return undefined
  }
}
