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

function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < 2 && error instanceof ApiError && error.passes,
        staleTime: 5000,
      },
    },
  })
}
