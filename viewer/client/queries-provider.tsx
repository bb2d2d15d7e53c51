import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import { ApiError } from './api-error.ts'

/** What pages with questions to the server share; not around the worklist, which is quicker without it. */
export function QueriesProvider({ children }: { children: ReactNode }): ReactNode {
  const [queries] = useState(createQueries)
  useEffect(() => () => queries.clear(), [queries])
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
