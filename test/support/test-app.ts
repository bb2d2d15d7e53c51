import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Role } from '../../core/access/principal.ts'
import { createUser } from '../../core/identity/administer-users.ts'
import { createApiToken } from '../../core/identity/api-token.ts'
import { ensureFirstStart } from '../../core/identity/first-start.ts'
import { getUserByEmail } from '../../core/identity/user-table.ts'
import { loadConfig } from '../../core/config.ts'
import { createPacs } from '../../core/create-pacs.ts'
import type { Pacs } from '../../core/pacs.ts'
import type { Database } from '../../core/ports/database.ts'
import type { Logger } from '../../core/ports/logger.ts'
import { workCounts } from '../../core/work/work-table.ts'
import { createApp, type App } from '../../services/http/app.ts'
import { listen } from '../../services/http/listen.ts'
import { openStudyEvents } from '../../services/realtime/study-events.ts'
import { openCodec } from '../../workers/codec/open-codec.ts'
import { startWorkers } from '../../workers/start-workers.ts'
import { silentLog } from './silent-log.ts'
import { openTestBacking } from './test-backing.ts'

export const ADMIN = { email: 'admin@localhost', password: 'correct horse battery' }

export interface TestApp {
  readonly url: string
  readonly pacs: Pacs
  readonly app: App
  /** The database for whom there is no wall: a person with the server in their hands. */
  readonly superuser: Database
  /** Bearer token of the first administrator. */
  readonly token: string
  /** A request with the administrator's token, or with `token` where given (null: none). */
  fetch(path: string, init?: RequestInit & { token?: string | null }): Promise<Response>
  /** A new user of these roles and their bearer token; in `organisationId` where given. */
  user(
    roles: readonly Role[],
    organisationId?: string,
  ): Promise<{ userId: string; token: string; email: string }>
  /** A new organisation. */
  organisation(name: string): Promise<string>
  /** Resolves when no work is pending. */
  drain(): Promise<void>
  close(): Promise<void>
}

/** The real thing on the embedded stack: a fresh database, a temporary folder, HTTP on a free port, workers running. */
export async function startTestApp(
  options: {
    workers?: boolean
    log?: Logger
    viewerFolder?: string
    renditions?: string
    /** A double of the database between it and the archive. */
    database?: (database: Database) => Database
    /** Settings beside the usual ones. */
    env?: Readonly<Record<string, string>>
  } = {},
): Promise<TestApp> {
  const folder = await mkdtemp(join(tmpdir(), 'yunying-app-'))
  const backing = await openTestBacking({
    writeThreadUrl: new URL('../../dist/storage-config/write-thread.js', import.meta.url),
  })
  const config = loadConfig({
    YUNYING_PORT: '0',
    YUNYING_DATA: folder,
    YUNYING_ADMIN_PASSWORD: ADMIN.password,
    YUNYING_LOG_LEVEL: 'silent',
    // They take their time, which other tests would wait for.
    YUNYING_RENDITIONS: options.renditions ?? 'off',
    ...options.env,
  })
  const codec = openCodec({
    threadUrl: new URL('../../dist/workers/codec/codec-thread.js', import.meta.url),
    threads: 2,
  })
  const pacs = createPacs({
    config,
    database: options.database?.(backing.database) ?? backing.database,
    objects: backing.objects,
    queue: backing.queue,
    codec,
    log: options.log ?? silentLog,
  })
  const listening = await listen(config, options.log ?? silentLog)
  await ensureFirstStart(pacs)
  const workers = options.workers === false ? undefined : startWorkers(pacs)
  const events = await openStudyEvents(pacs)
  const app = await createApp(pacs, {
    events,
    viewerFolder: options.viewerFolder ?? join(folder, 'no-viewer'),
  })
  listening.serve(app.handle)
  const token = await createApiToken(pacs, await getUserByEmail(pacs.database, ADMIN.email), {
    label: 'test',
  })
  let users = 0
  let closed = false

  return {
    url: listening.url,
    pacs,
    app,
    superuser: backing.superuser,
    token,
    fetch(path, init = {}) {
      const { token: given, ...rest } = init
      const headers = new Headers(rest.headers)
      const bearer = given === undefined ? token : given
      if (bearer !== null && !headers.has('Authorization')) headers.set('Authorization', `Bearer ${bearer}`)
      return fetch(`${listening.url}${path}`, { ...rest, headers })
    },
    async user(roles, organisationId) {
      const email = `user${++users}@example.org`
      const [organisation] = await pacs.database.query<{ organisation_id: string }>(
        'select organisation_id from organisation order by created_at limit 1',
      )
      const { user } = await createUser(
        pacs,
        {
          kind: 'system',
          organisationId: organisationId ?? organisation?.organisation_id ?? '',
          reason: 'test',
        },
        { email, displayName: '', roles, password: 'a long password' },
      )
      return { userId: user.user_id, email, token: await createApiToken(pacs, user, { label: 'test' }) }
    },
    async organisation(name) {
      const [row] = await pacs.database.query<{ organisation_id: string }>(
        'insert into organisation (organisation_id, name) values (gen_random_uuid(), $1) returning organisation_id',
        [name],
      )
      return row?.organisation_id ?? ''
    },
    async drain() {
      for (;;) {
        const { pending, running } = await workCounts(pacs.database)
        if (pending + running === 0) return
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    async close() {
      if (closed) return
      closed = true
      await listening.close(500)
      await workers?.stop()
      await app.close()
      await events.close()
      await codec.close()
      await backing.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
