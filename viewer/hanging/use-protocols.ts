import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import {
  KeptProtocols,
  WrittenProtocol,
  type HangingOwner,
  type HangingProtocol,
  type KeptProtocol,
} from '../../core/contract/hanging.ts'
import type { OwnedProtocol } from '../../core/reading/hanging-protocol.ts'
import { withBuiltIns } from '../../core/reading/study-facts.ts'
import { useApi } from '../client/client-context.tsx'
import { takeOpening } from '../client/opening-packet.ts'

const PATH = '/api/hanging-protocols'
const KEY = ['hanging-protocols']

export interface Protocols {
  /** The built-in ones among them; undefined: not known yet. */
  readonly all: readonly OwnedProtocol[] | undefined
  readonly kept: readonly KeptProtocol[]
  /** Keeps a new one, or another version of `before`. Rejects with ApiError. */
  save(protocol: HangingProtocol, owner: HangingOwner, before?: KeptProtocol): Promise<string>
  /** Rejects with ApiError. */
  remove(kept: KeptProtocol): Promise<void>
}

/**
 * The hanging protocols of whoever is signed in, read once (with the study that is opened) and again when one changes.
 * Without an answer, the built-in.
 */
export function useProtocols(studyInstanceUid: string): Protocols {
  const api = useApi()
  const queries = useQueryClient()
  const { data, isPending } = useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => {
      const protocols = await takeOpening(studyInstanceUid, 'protocols')
      return protocols === undefined
        ? api.call('GET', PATH, { answer: KeptProtocols, signal })
        : { protocols }
    },
    staleTime: 60_000,
    retry: false,
  })
  const all = useMemo(() => (isPending ? undefined : withBuiltIns(data?.protocols ?? [])), [data, isPending])
  return {
    all,
    kept: data?.protocols ?? [],
    async save(protocol, owner, before) {
      const { id } = await (before === undefined
        ? api.call('POST', PATH, { body: { owner, protocol }, answer: WrittenProtocol })
        : api.call('PUT', `${PATH}/${before.id}`, {
            body: { owner, protocol, version: before.version },
            answer: WrittenProtocol,
          }))
      await queries.invalidateQueries({ queryKey: KEY })
      return id
    },
    async remove({ id }) {
      await api.call('DELETE', `${PATH}/${id}`)
      await queries.invalidateQueries({ queryKey: KEY })
    },
  }
}
