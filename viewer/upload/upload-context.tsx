import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react'
import { useClient, useSessionUser } from '../client/client-context.tsx'
import { UploadDesk } from './upload-desk.ts'

const Context = createContext<UploadDesk | undefined>(undefined)

/** Holds the upload above the pages, so that it goes on while somebody reads the worklist. */
export function UploadProvider({ children }: { children: ReactNode }): ReactNode {
  const { api, session } = useClient()
  const user = useSessionUser()
  const [desk] = useState(() => new UploadDesk({ api, owner: user.userId, onSignedOut: session.expire }))
  useEffect(() => desk.attach(window, session), [desk, session])
  return <Context value={desk}>{children}</Context>
}

/** Where uploads are begun and watched. */
export function useUploadDesk(): UploadDesk {
  const desk = useContext(Context)
  if (desk === undefined) throw new Error('useUploadDesk needs an UploadProvider above it.')
  useSyncExternalStore(desk.subscribe, desk.getState)
  return desk
}
