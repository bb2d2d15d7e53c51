import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import { ApiError } from './api-error.ts'

/** What pages with questions to the server share; not around the worklist, which is quicker without it. */
export function QueriesProvider({ children }: { children: ReactNode }): ReactNode {
  const [queries] = useState(createQueries)
  // After the pages below have let go: a query that loses its last reader later than that is held by a timer of its own, with
  // all that was answered, for minutes.
  useEffect(() => () => void setTimeout(() => queries.clear()), [queries])
  return <QueryClientProvider client={queries}>{children}</QueryClientProvider>
}

const LONGEST_WAIT_MS = 30_000

/** As long as the archive says, where it says so. */
const waitOf = (error: unknown): number | undefined =>
  error instanceof ApiError && error.retryAfterSeconds !== undefined
    ? Math.min(error.retryAfterSeconds * 1000, LONGEST_WAIT_MS)
    : undefined

function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < 2 && error instanceof ApiError && error.passes,
        retryDelay: (failures, error) => waitOf(error) ?? Math.min(1000 * 2 ** failures, LONGEST_WAIT_MS),
        staleTime: 5000,
      },
    },
  })
}
