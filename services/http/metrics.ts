import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import { asArchive } from '../../core/access/organisation-wall.ts'
import { forwardingLag } from '../../core/audit/forwarding-lag.ts'
import type { Pacs } from '../../core/pacs.ts'
import { workCounts } from '../../core/work/work-table.ts'

/** What Prometheus reads. Labels are route patterns and statuses: nothing of a patient or an organisation. */
export interface Metrics {
  observeRequest(method: string, route: string, status: number, seconds: number): void
  exposition(): Promise<{ contentType: string; text: string }>
}

export function createMetrics(pacs: Pacs): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const seconds = new Histogram({
    name: 'yunying_http_request_seconds',
    help: 'From the first byte of a request to the last byte of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    registers: [registry],
  })
  const broken = new Counter({
    name: 'yunying_http_requests_broken_total',
    help: 'Requests whose client went away before the whole answer.',
    registers: [registry],
  })
  new Gauge({
    name: 'yunying_work_items',
    help: 'Work still to do, by state.',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      // Sums over all organisations: they name none.
      const counts = await asArchive(() => workCounts(pacs.database))
      this.set({ state: 'pending' }, counts.pending)
      this.set({ state: 'running' }, counts.running)
      this.set({ state: 'failed' }, counts.failed)
    },
  })
  if (pacs.config.auditSyslog !== undefined) watchForwarding(pacs, registry)
  return {
    observeRequest(method, route, status, elapsed) {
      if (status === 499) broken.inc()
      seconds.observe({ method, route, status: String(status) }, elapsed)
    },
    exposition: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  }
}

function watchForwarding(pacs: Pacs, registry: Registry): void {
  const lag = () => asArchive(() => forwardingLag(pacs))
  new Gauge({
    name: 'yunying_audit_forwarding_waiting',
    help: 'Events of the audit trail that its receiver has not read.',
    registers: [registry],
    async collect() {
      this.set((await lag()).waiting)
    },
  })
  new Gauge({
    name: 'yunying_audit_forwarding_lag_seconds',
    help: 'Age of the first event that the receiver of the audit trail has not read.',
    registers: [registry],
    async collect() {
      const { since } = await lag()
      this.set(since === null ? 0 : (pacs.clock.now() - since.getTime()) / 1000)
    },
  })
}
