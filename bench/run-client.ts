import { fork, type ChildProcess } from 'node:child_process'
import type { ClientJob, ClientReport } from './client-job.ts'

export interface Client {
  run(job: ClientJob): Promise<ClientReport>
  close(): void
}

/** The client process; one for the whole run, so that its code is warm for each target alike. */
export function openClient(program: string): Client {
  const child: ChildProcess = fork(program, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        const ended = (code: number | null) => reject(new Error(`The client ended with code ${code}.`))
        child.once('exit', ended)
        child.once('message', (message: { report?: ClientReport; fault?: string }) => {
          child.off('exit', ended)
          if (message.report === undefined) reject(new Error(message.fault ?? 'The client gave no report.'))
          else resolve(message.report)
        })
        child.send(job)
      }),
    close: () => child.kill(),
  }
}
