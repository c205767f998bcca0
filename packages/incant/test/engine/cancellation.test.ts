import { describe, expect, it } from 'vitest'
import { Cancellation } from '../../src/engine/cancellation.ts'

describe('whenHeeded', () => {
  const asks: [string, (cancellation: Cancellation) => unknown][] = [
    ['a listener', cancellation => cancellation.onCancel(() => {})],
    ['a signal', cancellation => cancellation.signal],
  ]

  it.each(asks)('calls back once when somebody asks for %s', (_what, ask) => {
    const cancellation = new Cancellation()
    let calls = 0
    cancellation.whenHeeded(() => {
      calls += 1
    })
    expect(calls).toBe(0)
    ask(cancellation)
    ask(cancellation)
    expect(calls).toBe(1)
  })

  it.each(asks)('calls back at once where somebody has asked for %s before', (_what, ask) => {
    const cancellation = new Cancellation()
    ask(cancellation)
    let calls = 0
    cancellation.whenHeeded(() => {
      calls += 1
    })
    expect(calls).toBe(1)
  })
})

describe('cancel', () => {
  it('tells listeners and the signal the first reason, also those that come later', () => {
    const cancellation = new Cancellation()
    const told: Error[] = []
    const reason = new Error('first')
    cancellation.onCancel(given => told.push(given))
    const { signal } = cancellation
    cancellation.cancel(reason)
    cancellation.cancel(new Error('second'))
    cancellation.onCancel(given => told.push(given))
    expect(told).toEqual([reason, reason])
    expect(told[0]).toBe(reason)
    expect(signal.reason).toBe(reason)
  })
})
