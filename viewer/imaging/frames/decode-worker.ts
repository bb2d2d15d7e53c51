import { openJph } from './codecs.ts'
import { decodePixels } from './decode-frame.ts'
import type { DecodeAnswer, DecodeRequest } from './decoder-pool.ts'

/** Decodes frames away from the page; told to prepare, it loads what the first frame will need. */
self.addEventListener('message', (message: MessageEvent<DecodeRequest | 'prepare'>) => {
  if (message.data === 'prepare') return openJph.prepare()
  const { id, bytes, transferSyntaxUid, pixels, profile } = message.data
  void decodePixels(bytes, transferSyntaxUid, pixels, profile).then(
    (decoded) => {
      const { buffer } = decoded.kind === 'gray' ? decoded.measured.values : decoded.rgba
      self.postMessage({ id, decoded } satisfies DecodeAnswer, { transfer: [buffer] })
    },
    // A codec of WebAssembly throws numbers.
    (error: unknown) => self.postMessage({ id, fault: String(error) } satisfies DecodeAnswer),
  )
})
