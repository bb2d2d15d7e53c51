import { describe, expect, it } from 'vitest'
import { createIdSequence, timeOfId } from '../../../core/archive/instance-id.ts'
import {
  instanceKey,
  parseDerivedKey,
  parseInstanceKey,
  parseQuarantineKey,
  quarantineKey,
  seriesMetadataKey,
} from '../../../core/archive/object-key.ts'

const organisationId = '0b5f6a5e-5b0e-4f0e-8f53-0d8d8f7f9c11'
const userId = '5d3f0f2a-9d52-4f3e-a3a3-0c2f4b7a8e21'
const at = Date.UTC(2026, 10, 23, 23, 59, 59, 999)

describe('createIdSequence', () => {
  it('rises strictly, also within one millisecond and when the clock goes back', () => {
    let now = at
    const next = createIdSequence({ now: () => now })
    const ids = Array.from({ length: 10_000 }, () => next())
    now -= 5000
    ids.push(next())
    expect([...ids].sort()).toEqual(ids)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('carries its time', () => {
    expect(timeOfId(createIdSequence({ now: () => at })())).toBe(at)
  })
})

describe('instanceKey', () => {
  const id = createIdSequence({ now: () => at })()

  it('can be read back', () => {
    for (const parts of [
      { organisationId, id, receivedBy: userId, source: 'stow-rs' as const },
      { organisationId, id, receivedBy: undefined, source: 'command-line' as const },
    ]) {
      expect(parseInstanceKey(instanceKey(parts))).toEqual(parts)
      expect(parseQuarantineKey(quarantineKey(parts))).toEqual(parts)
      expect(parseInstanceKey(quarantineKey(parts))).toBeUndefined()
    }
  })

  it('names the day of arrival and holds only the letters a key may hold', () => {
    const key = instanceKey({ organisationId, id, receivedBy: userId, source: 'upload' })
    expect(key).toContain('/instances/2026-11-23/')
    expect(key).toMatch(/^[a-z0-9./-]+$/)
  })

  it('reads nothing from other names', () => {
    for (const key of [
      '',
      'registry/organisations.json',
      `organisations/${organisationId}/instances/2026-11-23/x.system.upload.dcm`,
      `organisations/${organisationId}/instances/2026-11-23/${id}.system.fax.dcm`,
      `organisations/${organisationId}/instances/2026-11-23/${id}.root.upload.dcm`,
      `organisations/${organisationId}/instances/2026-11-23/${id}.system.upload.dcm.tmp`,
      `organisations/../instances/2026-11-23/${id}.system.upload.dcm`,
    ]) {
      expect(parseInstanceKey(key)).toBeUndefined()
    }
  })

  it('gives derived objects the owner in their name', () => {
    const key = seriesMetadataKey(organisationId, id, userId)
    expect(parseDerivedKey(key)).toEqual({
      organisationId,
      ownerId: id,
      name: `metadata.${userId}.json.gz`,
    })
    expect(parseInstanceKey(key)).toBeUndefined()
  })
})
