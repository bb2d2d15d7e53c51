import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { openFileObjectStore } from '../../storage-config/object-store/file-object-store.ts'
import { openS3ObjectStore } from '../../storage-config/object-store/s3-object-store.ts'
import { buildWriteThread } from '../support/built-threads.ts'
import { describeWith } from '../support/require.ts'
import { MINIO } from '../support/servers.ts'
import { startMinio, type TestServer } from '../support/start-servers.ts'
import { objectStoreContract } from './object-store-contract.ts'

describe('openFileObjectStore', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yunying objects-'))
  })
  afterAll(() => rm(folder, { recursive: true }))
  objectStoreContract(() => openFileObjectStore(join(folder, 'objects')))
  describe('with threads that write', () => {
    objectStoreContract(async () =>
      openFileObjectStore(join(folder, 'by threads'), { writeThreadUrl: await buildWriteThread() }),
    )
  })
})

describeWith(MINIO, 'openS3ObjectStore', () => {
  let minio: TestServer
  beforeAll(async () => {
    minio = await startMinio()
  })
  afterAll(() => minio.stop())
  objectStoreContract(() => openS3ObjectStore(minio.url))
})
