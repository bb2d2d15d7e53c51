import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DicomJson } from '../../core/dicom/dicom-json.ts'
import { DicomFault } from '../../core/dicom/dicom-fault.ts'
import { InstanceScanner } from '../../core/dicom/instance-scanner.ts'
import { createUser } from '../../core/identity/administer-users.ts'
import { workCounts } from '../../core/work/work-table.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dropFiles } from '../support/drop-files.ts'
import { allOf, describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { CLUSTER_SERVERS } from '../support/servers.ts'
import { SHARED_DICOM, sharedDicom } from '../support/shared-dicom.ts'

/** Every data file there is, hostile ones included; archives are of the upload page alone. */
const folder = sharedDicom() ?? ''
const paths =
  folder === ''
    ? []
    : readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !/\.(?:md|tsv|zip)$/.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()

interface Fate {
  readonly path: string
  readonly sha256: string
  /** Undefined: to be refused. */
  readonly sopInstanceUid: string | undefined
}

/** By the rule of docs/decisions/0002-leniency.md, whose verdict of each hostile file has a test of its own. */
function fateOf(path: string): Fate {
  const bytes = readFileSync(path)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const scanner = new InstanceScanner()
  try {
    scanner.write(bytes)
    return { path, sha256, sopInstanceUid: scanner.end().identity.sopInstanceUid }
  } catch (error) {
    if (error instanceof DicomFault) return { path, sha256, sopInstanceUid: undefined }
    throw error
  }
}

/** What must come of the files when these are the instances that the archive keeps, by SOP Instance UID. */
function expected(fates: readonly Fate[], kept: ReadonlyMap<string, string>) {
  const readable = fates.filter(({ sopInstanceUid }) => sopInstanceUid !== undefined)
  const same = readable.filter(({ sopInstanceUid, sha256 }) => kept.get(sopInstanceUid ?? '') === sha256)
  const distinct = new Set(readable.map(({ sopInstanceUid }) => sopInstanceUid)).size
  return {
    stored: distinct,
    duplicates: same.length - distinct,
    conflicts: readable.length - same.length,
    refused: fates.length - readable.length,
  }
}

const STACKS = allOf(CHROMIUM, SHARED_DICOM)

describeWith(STACKS, 'everything there is goes in, embedded', () => everythingIn('embedded'))
describeWith(allOf(STACKS, CLUSTER_SERVERS), 'everything there is goes in, cluster', () =>
  everythingIn('cluster'),
)

function everythingIn(stack: 'embedded' | 'cluster'): void {
  const fates = paths.map(fateOf)
  let service: RunningService
  let browser: Browser

  /** Instances that an organisation keeps: SHA-256 by SOP Instance UID. */
  const keptBy = (email: string): Promise<Map<string, string>> =>
    service.withPacs(async ({ database }) => {
      const rows = await database.query<{ uid: string; sha256: string }>(
        `select i.sop_instance_uid as uid, encode(i.sha256, 'hex') as sha256
           from instance i join study using (study_id)
           where study.organisation_id = (select organisation_id from app_user where email = $1)`,
        [email],
      )
      return new Map(rows.map(({ uid, sha256 }) => [uid, sha256]))
    })

  beforeAll(async () => {
    await buildViewer()
    service = await startService(stack)
    browser = await openBrowser()
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  }, 60_000)

  it('by STOW-RS, in one request, while others are answered', { timeout: 240_000 }, async () => {
    let asking = true
    const others: number[] = []
    const meanwhile = (async () => {
      while (asking) {
        others.push((await service.fetch('/dicom-web/studies?limit=1')).status)
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    })()
    const boundary = 'everything'
    async function* body(): AsyncGenerator<Uint8Array> {
      for (const path of paths) {
        const head = `--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`
        // In one piece: one of the files is empty, and an empty chunk ends a chunked body.
        yield Buffer.concat([Buffer.from(head), readFileSync(path), Buffer.from('\r\n')])
      }
      yield Buffer.from(`--${boundary}--\r\n`)
    }
    const answer = await service.fetch('/dicom-web/studies', {
      method: 'POST',
      headers: { 'Content-Type': `multipart/related; type="application/dicom"; boundary=${boundary}` },
      body: body(),
      duplex: 'half',
    } as unknown as RequestInit)
    asking = false
    await meanwhile
    expect(answer.status).toBe(202)
    const said = (await answer.json()) as DicomJson
    const items = (tag: string): DicomJson[] => (said[tag]?.Value ?? []) as DicomJson[]
    const due = expected(fates, await keptBy('admin@localhost'))
    expect(items('00081199')).toHaveLength(due.stored + due.duplicates)
    expect(items('00081198').length + items('0008119A').length).toBe(due.conflicts + due.refused)
    // 0111H: the SOP Instance UID is there with other bytes (PS3.7 Annex C).
    expect(items('00081198').filter((item) => item['00081197']?.Value?.[0] === 0x0111)).toHaveLength(
      due.conflicts,
    )
    expect(others.length).toBeGreaterThan(0)
    expect(new Set(others)).toEqual(new Set([200]))
    const quarantine = (await (await service.fetch('/api/admin/quarantine')).json()) as { entries: unknown[] }
    expect(quarantine.entries).toHaveLength(due.conflicts)
  })

  it('through the upload page, in another organisation', { timeout: 300_000 }, async () => {
    const email = 'technician@elsewhere'
    const password = 'a password of some length'
    await service.withPacs(async (pacs) => {
      const [row] = await pacs.database.query<{ organisation_id: string }>(
        `insert into organisation (organisation_id, name) values (gen_random_uuid(), 'Elsewhere') returning organisation_id`,
      )
      const principal = {
        kind: 'system',
        organisationId: row?.organisation_id ?? '',
        reason: 'test',
      } as const
      await createUser(pacs, principal, { email, displayName: '', roles: ['technician'], password })
    })
    const page = await (await browser.newContext({ locale: 'en-US' })).newPage()
    await signIn(page, service.url, email, password)
    await page.goto(`${service.url}/upload`)
    await page.getByText('Drop a folder, files or a ZIP').waitFor()
    await dropFiles(page, paths)
    await page.locator('[role=status]', { hasText: 'Finished' }).waitFor({ timeout: 240_000 })
    const kept = await keptBy(email)
    const due = expected(fates, kept)
    const shown = async (words: RegExp): Promise<number> =>
      Number(words.exec((await page.locator('main').textContent()) ?? '')?.[1] ?? 0)
    expect(kept.size).toBe(due.stored)
    expect(await shown(/(\d+) stored/)).toBe(due.stored)
    expect(await shown(/(\d+) already here/)).toBe(due.duplicates)
    expect((await shown(/(\d+) not DICOM/)) + (await shown(/(\d+) refused/))).toBe(
      due.conflicts + due.refused,
    )
    expect(await shown(/(\d+) failed/)).toBe(0)
  })

  it('and all work is done, what can be', { timeout: 240_000 }, async () => {
    await service.withPacs(async ({ database }) => {
      await expect
        .poll(
          async () => {
            // Of one moment: what is tried again goes back from one to the other.
            const { pending, running } = await workCounts(database)
            return pending + running
          },
          { timeout: 230_000, interval: 500 },
        )
        .toBe(0)
    })
    expect(service.alive()).toBe(true)
  })
}

async function signIn(page: Page, url: string, email: string, password: string): Promise<void> {
  await page.goto(url)
  await page.fill('input[type=email], input[name=email]', email)
  await page.fill('input[type=password]', password)
  await page.keyboard.press('Enter')
  await page.waitForSelector('header nav')
}
