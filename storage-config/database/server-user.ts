import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** As whom PostgreSQL runs. */
export interface ServerUser {
  readonly uid: number
  readonly gid: number
}

/** `postgres` where the system has it, else `nobody`: initdb wants a user that has a name. */
export async function unprivilegedUser(): Promise<ServerUser> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  const entry = lines.find(([name]) => name === 'postgres') ?? lines.find(([name]) => name === 'nobody')
  if (entry === undefined) {
    throw new Error('there is neither a user postgres nor a user nobody to run the database as')
  }
  return { uid: Number(entry[2]), gid: Number(entry[3]) }
}

/** Whether the user may enter every folder down to this one, or execute this file. */
export async function canReach(path: string, user: ServerUser): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder)
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return false
    if (folder === dirname(folder)) return true
  }
}
