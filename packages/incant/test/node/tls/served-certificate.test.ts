import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { ServedCertificate } from '../../../src/node/tls/served-certificate.ts'
import { rememberingLogger } from '../_served.ts'
import { makeIssuer, writePair } from './_certificates.ts'

const DAY = 86_400_000

afterEach(() => void vi.useRealTimers())

it('warns of its end once a day from thirty days before, and is an error once it has come', async () => {
  const authority = await makeIssuer()
  const start = Date.now()
  const pair = await authority.issue({ until: new Date(start + 31.5 * DAY) })
  const { tlsCert: cert, tlsKey: key } = writePair(pair).files
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'], now: start })
  const { logger, lines } = rememberingLogger()
  const certificate = new ServedCertificate({ cert, key, clientCa: undefined }, logger)
  onTestFinished(() => certificate.close())
  const saidAfter = (days: number) => {
    lines.splice(0)
    vi.setSystemTime(start + days * DAY)
    vi.advanceTimersByTime(5000)
    return lines.map(({ level, message, fields }) => [level, message, fields['days']])
  }
  expect(saidAfter(1)).toEqual([])
  expect(saidAfter(2)).toEqual([['warn', 'the certificate expires in 29 days', 29]])
  expect(saidAfter(2.5)).toEqual([])
  expect(saidAfter(3.1)).toEqual([['warn', 'the certificate expires in 28 days', 28]])
  expect(saidAfter(32)).toEqual([['error', 'the certificate has expired', -1]])
})
