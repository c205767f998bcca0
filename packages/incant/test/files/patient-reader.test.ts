import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { PatientReader, UnansweredError, unansweredFiles } from '../../src/files/patient-reader.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Whether the file is being waited for: other tests of this process may wait for others. */
const isUnanswered = () => unansweredFiles().includes('/mnt/a')

describe('a file that does not answer', () => {
  it('is waited for a second, asked once, and asked again when it has answered', async () => {
    let answer = (_text: string) => {}
    const work = vi.fn(
      () =>
        new Promise<string>(resolve => {
          answer = resolve
        }),
    )
    const reader = new PatientReader()
    const first = reader.read('/mnt/a', work).catch(error => error)
    await vi.advanceTimersByTimeAsync(999)
    expect(isUnanswered()).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await first).toEqual(new UnansweredError('/mnt/a does not answer'))
    expect(isUnanswered()).toBe(true)
    await expect(reader.read('/mnt/a', work)).rejects.toThrow('/mnt/a does not answer')
    expect([reader.isStuck, work.mock.calls.length]).toEqual([true, 1])
    // Another reader of the same file that has its answer leaves this one as it is.
    await new PatientReader().read('/mnt/a', async () => 'text')
    expect(isUnanswered()).toBe(true)
    answer('late')
    await vi.advanceTimersByTimeAsync(0)
    expect([reader.isStuck, isUnanswered()]).toEqual([false, false])
    const second = reader.read('/mnt/a', work)
    answer('in time')
    expect(await second).toBe('in time')
  })

  it('that fails in the end is asked again, too', async () => {
    const reader = new PatientReader()
    await expect(reader.read('a', () => Promise.reject(new Error('EIO')))).rejects.toThrow('EIO')
    expect(await reader.read('a', async () => 'text')).toBe('text')
  })
})
