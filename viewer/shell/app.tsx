import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useEffect, useState, type ReactNode } from 'react'
import { ApiError } from '../client/api-error.ts'
import { useSessionUser } from '../client/client-context.tsx'
import { WithTexts } from '../locales/texts-context.tsx'
import { KeyboardMap, KeyboardProvider } from '../ui/keyboard.tsx'
import { ToastProvider } from '../ui/toast.tsx'
import { TooltipProvider } from '../ui/tooltip.tsx'
import { UploadProvider } from '../upload/upload-context.tsx'
import { createAppRouter } from './routes.tsx'

/** Everything behind the sign-in. Another person signing in starts it anew. */
export function App(): ReactNode {
  const user = useSessionUser()
  return <AppOf key={user.userId} />
}

function AppOf(): ReactNode {
  const [queries] = useState(createQueries)
  const [router] = useState(createAppRouter)
  const [keyboard] = useState(() => new KeyboardMap())

  useEffect(() => () => queries.clear(), [queries])

  return (
    <WithTexts areas={['shell', 'upload']}>
      <QueryClientProvider client={queries}>
        <KeyboardProvider map={keyboard}>
          <TooltipProvider>
            <ToastProvider>
              <UploadProvider>
                <RouterProvider router={router} />
              </UploadProvider>
            </ToastProvider>
          </TooltipProvider>
        </KeyboardProvider>
      </QueryClientProvider>
    </WithTexts>
  )
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
