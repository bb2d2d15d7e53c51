import { RouterProvider } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { useSessionUser } from '../client/client-context.tsx'
import { EmergencyProvider } from '../emergency/emergency-provider.tsx'
import { WithTexts } from '../locales/texts-context.tsx'
import { SettingsProvider } from '../settings/settings-provider.tsx'
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
  const [router] = useState(createAppRouter)
  const [keyboard] = useState(() => new KeyboardMap())

  return (
    <WithTexts areas={['shell', 'upload']}>
      <KeyboardProvider map={keyboard}>
        <TooltipProvider>
          <ToastProvider>
            <SettingsProvider>
              <EmergencyProvider>
                <UploadProvider>
                  <RouterProvider router={router} />
                </UploadProvider>
              </EmergencyProvider>
            </SettingsProvider>
          </ToastProvider>
        </TooltipProvider>
      </KeyboardProvider>
    </WithTexts>
  )
}
