import { BUILT_IN_PROTOCOLS } from '../../core/reading/built-in-protocols.ts'
import type { OwnedProtocol } from '../../core/reading/hanging-protocol.ts'

/** The hanging protocols of the product, as they are matched. */
export const ownedBuiltIns: OwnedProtocol[] = BUILT_IN_PROTOCOLS.map(({ id, protocol }) => ({
  id,
  owner: 'built-in',
  protocol,
}))
