/** Whether this browser has passkeys for this page: they need TLS, or a page of this machine itself. */
export const hasPasskeys = (): boolean => window.isSecureContext && 'PublicKeyCredential' in window
