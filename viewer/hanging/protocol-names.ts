import { BUILT_IN_PROTOCOLS } from '../../core/reading/built-in-protocols.ts'
import type { OwnedProtocol } from '../../core/reading/hanging-protocol.ts'
import { useTexts } from '../locales/texts-context.tsx'

/** Names of protocols and of whose they are: built-in ones are named in the reader's language. */
export function useProtocolNames(): {
  of(protocol: OwnedProtocol): string
  owner(owner: OwnedProtocol['owner']): string
} {
  const { t } = useTexts()
  return {
    of({ id, owner, protocol }) {
      const key = owner === 'built-in' ? BUILT_IN_PROTOCOLS.find((each) => each.id === id)?.key : undefined
      return key === undefined ? protocol.name : t(`hanging.built-in.${key}`)
    },
    owner: (owner) => t(`hanging.owner.${owner}`),
  }
}
