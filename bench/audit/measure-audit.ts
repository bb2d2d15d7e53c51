import { setTimeout as sleep } from 'node:timers/promises'
import { openEmbeddedPostgres } from '../../storage-config/database/embedded-postgres.ts'
import { SERVER_USER } from '../../storage-config/database/embedded-server.ts'
import { quantile } from '../figures.ts'
import { fillArchive, MADE_HOSPITAL } from '../search/fill-archive.ts'
import { SILENT } from '../silent-log.ts'
import type { OwnTarget } from '../target-yunying.ts'
import { auditQuestions, type AuditQuestion } from './audit-questions.ts'
import { fillAudit, untilSealed } from './fill-audit.ts'

export interface MeasuredAudit {
  readonly text: string
  readonly rows: readonly {
    readonly name: string
    readonly p50: number
    readonly p95: number
    readonly found: number
  }[]
}

const TURNS = 25

/** Fills the record of a server, asks the audit page's questions by HTTP one after the other, and follows the chain. */
export async function measureAudit(
  target: OwnTarget,
  events: number,
  say: (text: string) => void,
): Promise<MeasuredAudit> {
  const postgres = await openEmbeddedPostgres(`${target.dataFolder}/database`, SILENT)
  const superuser = postgres.openAsSuperuser(SERVER_USER)
  try {
    say('filling the archive')
    await fillArchive(superuser, Math.min(20_000, events))
    say(`filling the record with ${events} events`)
    await fillAudit(superuser, events)
    say('giving them their places in the chains')
    const sealMs = await untilSealed(superuser)
    await superuser.query('vacuum analyze')
    const headers = { Authorization: `Bearer ${await auditor(target)}` }
    const rows: MeasuredAudit['rows'][number][] = []
    for (const question of await auditQuestions(superuser)) {
      say(question.name)
      rows.push(await measure(target, headers, question))
    }
    say('following the chains')
    const began = performance.now()
    await target.cli('audit', 'verify')
    const verifySeconds = (performance.now() - began) / 1000
    const lines = rows.map(
      ({ name, p50, p95, found }) => `| ${name} | ${p50.toFixed(1)} ms | ${p95.toFixed(1)} ms | ${found} |`,
    )
    return {
      rows,
      text: [
        `${events} events in two organisations; given their places in ${(sealMs / 1000).toFixed(0)} s`,
        `audit verify: ${verifySeconds.toFixed(1)} s`,
        '',
        '| asked | median | 95 % | entries |',
        '| --- | --- | --- | --- |',
        ...lines,
      ].join('\n'),
    }
  } finally {
    await superuser.close()
    await postgres.close()
  }
}

/** A person who may read the record of the made organisation alone. */
async function auditor(target: OwnTarget): Promise<string> {
  const email = 'auditor@made'
  await target.cli('user', 'add', '--email', email, '--role', 'auditor', '--organisation', MADE_HOSPITAL)
  await target.cli('user', 'password', '--email', email, '--password', 'a password of the auditor')
  return (await target.cli('token', '--user', email)).trim()
}

async function measure(
  { endpoint }: OwnTarget,
  headers: Record<string, string>,
  { name, query, file }: AuditQuestion,
): Promise<MeasuredAudit['rows'][number]> {
  const path = file === undefined ? '/api/admin/audit' : `/api/admin/audit/export/${file}`
  const url = `http://${endpoint.host}:${endpoint.port}${path}?${new URLSearchParams(query).toString()}`
  const times: number[] = []
  let found = 0
  for (let turn = 0; turn <= TURNS; turn++) {
    const began = performance.now()
    const answer = await fetch(url, { headers })
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
    if (file === undefined) {
      found = ((await answer.json()) as { entries: unknown[] }).entries.length
      if (turn > 0) times.push(performance.now() - began)
    } else {
      const reader = answer.body?.getReader()
      await reader?.read()
      // The head alone would be no entry.
      await reader?.read()
      if (turn > 0) times.push(performance.now() - began)
      await reader?.cancel()
    }
    // The server forgets what it was sending.
    await sleep(20)
  }
  times.sort((a, b) => a - b)
  return { name, p50: quantile(times, 0.5), p95: quantile(times, 0.95), found }
}
