import { exposeAll } from './expose.ts'

/** What a server shows after some rounds of the same traffic; every metric is there. */
export function showRounds(rounds: number): string {
  const times = (values: readonly number[]) => Array.from({ length: rounds }, () => values).flat()
  return exposeAll({
    requests: {
      'method="POST",route="/predict",status="200"': 90 * rounds,
      'method="POST",route="/predict",status="422"': 8 * rounds,
      'method="POST",route="/predict",status="500"': rounds,
      'method="POST",route="/predict",status="503"': rounds,
      'method="GET",route="/ready",status="200"': 10 * rounds,
    },
    requestDuration: {
      'route="/predict"': times([0.002, 0.004, 0.02, 0.2]),
      'route="/ready"': times([0.0001, 0.0001]),
    },
    requestsInFlight: 3,
    requestBytes: 2048 * rounds,
    responseBytes: 1_572_864 * rounds,
    predictDuration: times([0.002, 0.004, 0.02, 0.2]),
    queueWait: times([0, 0, 0.0005, 0.01]),
    queueLength: 42,
    queueLimit: 100,
    callsInFlight: 2,
    batchSize: times([1, 4, 8]),
    batchWait: times([0, 0.001]),
    stepSize: times([1, 4, 32]),
    stepDuration: times([0.001, 0.002]),
    sequences: { 'replica="0",state="running"': 4, 'replica="0",state="waiting"': 1, 'replica="0",state="paused"': 1 },
    streamItems: 5 * rounds,
    replicas: { 'state="ready"': 2, 'state="retiring"': 0, 'state="starting"': 1 },
    replicaRestarts: { 'reason="exited"': rounds, 'reason="hang"': 0 },
    brokenAnswers: { 'reason="response_failed"': 0 },
    authRefusals: { 'reason="invalid_credentials"': 4 * rounds, 'reason="unauthorized"': 1 },
    jobs: { 'state="queued"': 3, 'state="running"': 1 },
    jobsEnded: { 'status="succeeded"': 2 * rounds, 'status="failed"': rounds, 'status="canceled"': 0 },
    jobQueueWait: times([0.01, 0.1]),
    jobStoreErrors: 0,
    webhooksPending: 2,
    webhooks: { 'event="completed",outcome="delivered"': 2 * rounds, 'event="completed",outcome="retried"': rounds },
    webhookDuration: times([0.01, 0.1]),
    ready: 1,
    eventLoopDelayMedian: { 'replica="front"': 0.0101, 'replica="0"': 0.0102, 'replica="1"': 0.0103 },
    eventLoopDelayP99: { 'replica="front"': 0.012, 'replica="0"': 0.25, 'replica="1"': 0.02 },
    residentMemory: { 'replica="front"': 90_000_000, 'replica="0"': 300_000_000, 'replica="1"': 310_000_000 },
    heapUsed: { 'replica="front"': 20_000_000, 'replica="0"': 100_000_000, 'replica="1"': 101_000_000 },
    cpuSeconds: { 'replica="front"': 0.25 * rounds, 'replica="0"': 0.5 * rounds, 'replica="1"': rounds },
    certificateExpiry: 4_102_444_800,
    buildInfo: { 'version="0.1.0",node="v20.20.2",model="words",model_version="v2",model_digest=""': 1 },
    custom: { 'name="tokens per second",tag="gpu",replica="0"': 12.5 },
  })
}
