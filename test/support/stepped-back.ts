import { readdirSync, readFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { STEPS_BACK } from '../../core/step-back.ts'

/** How many threads of a process work behind this process's main thread (Linux; proc_pid_stat(5), field 19). */
export function threadsThatSteppedBack(pid: number): number {
  const behind = getPriority(process.pid) + STEPS_BACK
  return readdirSync(`/proc/${pid}/task`).filter((id) => niceOf(pid, id) === behind).length
}

function niceOf(pid: number, thread: string): number | undefined {
  try {
    const [, fields = ''] = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8').split(') ')
    return Number(fields.split(' ')[16])
  } catch {
    return undefined // It ended meanwhile.
  }
}
