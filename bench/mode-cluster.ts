import { join } from 'node:path'
import { measureCluster } from './cluster/measure-cluster.ts'
import { missingServers } from './cluster/start-cluster.ts'
import type { Mode } from './mode.ts'
import { openClient } from './run-client.ts'

/** `--cluster`: how throughput grows with processes. */
export const clusterMode: Mode = async ({ root, isShort, say }) => {
  const missing = missingServers()
  // A machine without them runs everything else.
  if (missing.length > 0)
    return { text: `Not measured: a cluster needs ${missing.join(', ')}, which is not installed.` }
  const client = openClient(join(root, 'dist/bench/client.js'))
  try {
    return await measureCluster(root, client, isShort, say)
  } finally {
    client.close()
  }
}
