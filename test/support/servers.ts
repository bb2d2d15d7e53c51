import { allOf, type Requirement } from './require.ts'
import { SERVER_PROGRAMS } from './start-servers.ts'

const aptGet = (name: string): string => `apt-get install ${name}`
export const REDIS: Requirement = {
  name: 'a Redis server',
  remedy: aptGet('redis-server'),
  found: SERVER_PROGRAMS.redis !== undefined,
}
export const POSTGRES: Requirement = {
  name: 'a PostgreSQL server',
  remedy: aptGet('postgresql'),
  found: SERVER_PROGRAMS.postgres !== undefined,
}
export const MINIO: Requirement = {
  name: 'a MinIO server',
  remedy: 'go install github.com/minio/minio@latest, or name one in YUNYING_TEST_MINIO',
  found: SERVER_PROGRAMS.minio !== undefined,
}

/** What a cluster is made of. */
export const CLUSTER_SERVERS = allOf(REDIS, POSTGRES, MINIO)
