import { readlinkSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'

/**
 * How far behind: a third of the time that the thread which answers gets, where both want a core (setpriority(2), sched(7): a step of
 * nice is a factor of 1.25).
 */
export const STEPS_BACK = 5
const LEAST = 19

/** The calling thread works behind the one that answers requests. On Linux, where each thread has a priority of its own. */
export function stepBack(): void {
  lower(() => Number(readlinkSync('/proc/thread-self').split('/').at(-1)))
}

/** So does a process, with all that it starts from now on. */
export const stepProcessBack = (pid: number): void => lower(() => pid)

function lower(idOf: () => number): void {
  try {
    setPriority(idOf(), Math.min(LEAST, getPriority(process.pid) + STEPS_BACK))
  } catch {
    // A system without such priorities, one that forbids it, or a process that has ended: all works as well, less evenly.
  }
}
