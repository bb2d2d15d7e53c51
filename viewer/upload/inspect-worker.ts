import { inspectBlob } from './inspect-blob.ts'
import type { InspectAnswer, InspectRequest } from './inspector.ts'

/** Reads and hashes files away from the page. `crypto.subtle` is missing on plain HTTP. */
self.addEventListener('message', (message: MessageEvent<InspectRequest>) => {
  const { id, path, blob } = message.data
  void inspectBlob(path, blob, self.isSecureContext ? crypto.subtle : undefined)
    .then((inspected): InspectAnswer => ({ id, inspected }))
    .catch((): InspectAnswer => ({ id, inspected: { kind: 'skipped', reason: 'unreadable' } }))
    .then((answer) => self.postMessage(answer))
})
