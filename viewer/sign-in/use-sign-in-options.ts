import { useEffect, useState } from 'react'
import type { SignInOptions } from '../../core/contract/people.ts'
import type { Api } from '../client/api.ts'
import { ApiError } from '../client/api-error.ts'
import { useClient } from '../client/client-context.tsx'

const NONE: SignInOptions = { organisation: null, providers: [] }

/** Whose archive it is, and where else its people sign in: nothing until the archive has said. */
export function useSignInOptions(): SignInOptions {
  const { api } = useClient()
  const [options, setOptions] = useState(NONE)
  useEffect(() => {
    const leaving = new AbortController()
    void readOptions(api).then((found) => {
      if (!leaving.signal.aborted) setOptions(found)
    })
    return () => leaving.abort()
  }, [api])
  return options
}

/** Nothing where the archive does not answer: the password's form says so soon enough. */
async function readOptions(api: Api): Promise<SignInOptions> {
  try {
    const answer = async () => (await import('../../core/contract/people.ts')).SignInOptions
    return await api.call('GET', '/api/sign-in', { answer })
  } catch (error) {
    if (error instanceof ApiError) return NONE
    throw error
  }
}
