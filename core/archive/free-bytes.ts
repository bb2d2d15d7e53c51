import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

type Transfer = (this: ArrayBufferLike, newLength: number) => ArrayBuffer

/** Smaller ones may be of a pool that others have parts of (`Buffer.poolSize` is 8 KiB), and cost little. Bytes. */
const WORTH_IT = 16 * 1024

/**
 * `ArrayBuffer.prototype.transfer` (ECMAScript 2024). V8 of Node 20 has it, but not for contexts that were made before it was
 * asked for; the function of another context takes any buffer. Undefined where there is none.
 */
function findTransfer(): Transfer | undefined {
  const here: unknown = Reflect.get(ArrayBuffer.prototype, 'transfer')
  if (typeof here === 'function') return here as Transfer
  setFlagsFromString('--harmony-rab-gsab-transfer')
  const there: unknown = runInNewContext('ArrayBuffer.prototype.transfer')
  return typeof there === 'function' ? (there as Transfer) : undefined
}

const transfer = findTransfer()

/**
 * Gives back the memory of a chunk at once, where the chunk is all of its buffer: nobody can read it afterwards. A flood leaves hundreds of
 * megabytes a second to the garbage collector otherwise, each page touched anew.
 */
export function freeBytes({ buffer, byteLength }: Uint8Array): void {
  if (byteLength >= WORTH_IT && byteLength === buffer.byteLength && buffer instanceof ArrayBuffer)
    transfer?.call(buffer, 0)
}
