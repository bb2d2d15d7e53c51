import type { ObjectKey } from '../ports/object-store.ts'
import { isUuid, timeOfId } from './instance-id.ts'
import { INSTANCE_SOURCES, type InstanceSource } from './store-outcome.ts'

/** What the name of a received object tells, so that the object store alone rebuilds its row. */
export interface ReceivedKeyParts {
  readonly organisationId: string
  /** instance_id, or quarantine_id: a version 7 UUID, which tells when it was received. */
  readonly id: string
  /** app_user.user_id of the sender; undefined when the archive itself stored it. */
  readonly receivedBy: string | undefined
  readonly source: InstanceSource
}

/** Where an instance's received bytes are kept: by organisation and day (UTC) of arrival. No UID, no patient data. */
export const instanceKey = (parts: ReceivedKeyParts): ObjectKey => receivedKey('instances', parts)

/** Where bytes are kept that clash with a stored instance, until a person decides. */
export const quarantineKey = (parts: ReceivedKeyParts): ObjectKey => receivedKey('quarantine', parts)

/** The parts of an instance's key; undefined for any other object. */
export const parseInstanceKey = (key: string): ReceivedKeyParts | undefined => parseReceived('instances', key)

/** The parts of a quarantined object's key; undefined for any other object. */
export const parseQuarantineKey = (key: string): ReceivedKeyParts | undefined =>
  parseReceived('quarantine', key)

/** Everything an organisation has received. */
export const instancesPrefix = (organisationId: string): string =>
  `organisations/${organisationId}/instances/`

/** Everything of an organisation that waits for a decision. */
export const quarantinePrefix = (organisationId: string): string =>
  `organisations/${organisationId}/quarantine/`

/** Everything that was derived for an organisation and can be derived again. */
export const derivedPrefix = (organisationId: string): string => `organisations/${organisationId}/derived/`

/**
 * The metadata object of a series (gzip JSON array). `version` differs each time (a uuid): objects are never written
 * over; the row names the current one, and the sweep removes those no row names.
 */
export const seriesMetadataKey = (organisationId: string, seriesId: string, version: string): ObjectKey =>
  `${derivedPrefix(organisationId)}${seriesId}/metadata.${version}.json.gz` as ObjectKey

/** The representative thumbnail of a series; `version` as for `seriesMetadataKey`. */
export const seriesThumbnailKey = (organisationId: string, seriesId: string, version: string): ObjectKey =>
  `${derivedPrefix(organisationId)}${seriesId}/thumbnail.${version}.webp` as ObjectKey

/**
 * Something derived of one instance that no row names (a thumbnail made on demand): it lives as long as the instance.
 * `name`: lower-case letters, digits, `-` and `.`, for example `thumbnail-1.webp`.
 */
export const instanceDerivedKey = (organisationId: string, instanceId: string, name: string): ObjectKey =>
  `${derivedPrefix(organisationId)}${instanceId}/${name}` as ObjectKey

/**
 * The frames of an instance as HTJ2K. `version` differs each time (a uuid): the row names the current one, and the sweep
 * removes those no row names.
 */
export const renditionKey = (organisationId: string, instanceId: string, version: string): ObjectKey =>
  instanceDerivedKey(organisationId, instanceId, `rendition.${version}.j2c`)

/** Everything a person drew and has not saved yet. */
export const draftsPrefix = (organisationId: string): string => `organisations/${organisationId}/drafts/`

/** What a person drew on one study. `studyHash`: SHA-256 of the Study Instance UID, in hex: keys tell no UID. */
export const draftKey = (organisationId: string, userId: string, studyHash: string): ObjectKey =>
  `${draftsPrefix(organisationId)}${userId}/${studyHash}.json` as ObjectKey

/** Everything a person outlined and has not saved yet. */
export const segmentDraftsPrefix = (organisationId: string): string =>
  `organisations/${organisationId}/segment-drafts/`

/** What a person outlined on one study. `studyHash`: as of `draftKey`. */
export const segmentDraftKey = (organisationId: string, userId: string, studyHash: string): ObjectKey =>
  `${segmentDraftsPrefix(organisationId)}${userId}/${studyHash}.json` as ObjectKey

/** How images are laid out: protocols of people, roles and everyone. */
export const hangingPrefix = (organisationId: string): string => `organisations/${organisationId}/hanging/`

/** One hanging protocol. */
export const hangingKey = (organisationId: string, protocolId: string): ObjectKey =>
  `${hangingPrefix(organisationId)}${protocolId}.json` as ObjectKey

/** What people changed of how they work. */
export const settingsPrefix = (organisationId: string): string => `organisations/${organisationId}/settings/`

/** What one person changed of the reading room. */
export const readingSettingsKey = (organisationId: string, userId: string): ObjectKey =>
  `${settingsPrefix(organisationId)}${userId}/reading.json` as ObjectKey

/** Everything that was derived of one series or instance. */
export const ownerDerivedPrefix = (organisationId: string, ownerId: string): string =>
  `${derivedPrefix(organisationId)}${ownerId}/`

/** Studies of an organisation whose removal was begun: what is still to be removed. */
export const removalsPrefix = (organisationId: string): string => `organisations/${organisationId}/removals/`

/** What is still to be removed of one study. */
export const removalKey = (organisationId: string, removalId: string): ObjectKey =>
  `${removalsPrefix(organisationId)}${removalId}.json` as ObjectKey

/** The owner (series or instance Id) and name of a derived object; undefined for any other object. */
export function parseDerivedKey(
  key: string,
): { organisationId: string; ownerId: string; name: string } | undefined {
  const [root, organisationId, folder, ownerId, name, ...rest] = key.split('/')
  if (root !== 'organisations' || folder !== 'derived' || rest.length > 0) return undefined
  if (organisationId === undefined || ownerId === undefined || name === undefined) return undefined
  return isUuid(organisationId) && isUuid(ownerId) ? { organisationId, ownerId, name } : undefined
}

function receivedKey(folder: string, parts: ReceivedKeyParts): ObjectKey {
  const name = `${parts.id}.${parts.receivedBy ?? 'system'}.${parts.source}.dcm`
  return `organisations/${parts.organisationId}/${folder}/${dayOf(parts.id)}/${name}` as ObjectKey
}

function parseReceived(expected: string, key: string): ReceivedKeyParts | undefined {
  const [root, organisationId, folder, day, name, ...rest] = key.split('/')
  if (root !== 'organisations' || folder !== expected || rest.length > 0) return undefined
  if (organisationId === undefined || day === undefined || name === undefined) return undefined
  const [id, by, source, suffix, ...more] = name.split('.')
  if (id === undefined || by === undefined || suffix !== 'dcm' || more.length > 0) return undefined
  const known = INSTANCE_SOURCES.find((one) => one === source)
  if (known === undefined || !isUuid(organisationId) || !isUuid(id)) return undefined
  if (by !== 'system' && !isUuid(by)) return undefined
  return { organisationId, id, receivedBy: by === 'system' ? undefined : by, source: known }
}

const dayOf = (id: string): string => new Date(timeOfId(id)).toISOString().slice(0, 10)
