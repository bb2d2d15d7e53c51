import { YunyingError } from '../errors.ts'
import type { Queryable } from '../ports/database.ts'

/** Asks for the copy that a part of a study, or one without names, is shared as. */
export function requestCopy(
  _tx: Queryable,
  _share: { readonly shareId: string; readonly organisationId: string },
): Promise<void> {
  throw new YunyingError('unsupported', 'share-copy-unsupported', 'Share the whole study as it is.')
}
