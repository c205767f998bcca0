import { afterEach, describe, expect, it, vi } from 'vitest'
import { captureOutput, type OutputCapture } from '../../../src/process/log/capture-output.ts'
import { rememberingLogger } from '../../node/_served.ts'

const captures: OutputCapture[] = []

afterEach(() => {
  for (const capture of captures.splice(0)) capture.release()
  vi.restoreAllMocks()
})

/** A capture that follows calls from the start, as it does where the predictor's class mentions the console. */
function capture(predictor: { toString(): string } = { toString: () => 'console.log()' }) {
  const { logger, lines } = rememberingLogger()
  const captured = captureOutput(logger, { predictor })
  captures.push(captured)
  return { ...captured, lines }
}

describe('inside a call', () => {
  it('every method becomes a line with the request id', () => {
    const { scope, lines } = capture()
    scope('r1', () => {
      console.log('%s is %d', 'a', 1, { b: 2 })
      console.info('info')
      console.warn('warn')
      console.error('error')
      console.debug('debug')
      console.dir({ deep: { deep: { deep: { deep: 1 } } } }, { depth: 0 })
      console.trace('here')
    })
    const shown = lines.map(({ level, message, fields }) => [level, message.split('\n')[0], fields['requestId']])
    expect(shown).toEqual([
      ['info', 'a is 1 { b: 2 }', 'r1'],
      ['info', 'info', 'r1'],
      ['warn', 'warn', 'r1'],
      ['error', 'error', 'r1'],
      ['debug', 'debug', 'r1'],
      ['info', '{ deep: [Object] }', 'r1'],
      ['debug', 'Trace: here', 'r1'],
    ])
    expect(lines.at(-1)?.message).toContain('capture-output.test.ts')
  })

  it('calls that run at once keep their own', async () => {
    const { scope, lines } = capture()
    const call = async (name: string) => {
      for (let turn = Math.random() * 10; turn > 0; turn -= 1) await new Promise(resolve => setImmediate(resolve))
      console.log(name)
    }
    await Promise.all(['a', 'b', 'c', 'd'].map(name => scope(name, () => call(name))))
    expect(lines).toHaveLength(4)
    for (const { message, fields } of lines) expect(fields['requestId']).toBe(message)
  })

  it('a logger that writes to the console does not go round in circles', () => {
    const written = vi.spyOn(console, 'info').mockImplementation(() => {})
    const captured = captureOutput({ log: (_level, message) => console.info(message) }, {})
    captures.push(captured)
    captured.scope('r1', () => console.log('once'))
    expect(written.mock.calls).toEqual([['once']])
  })
})

it('outside of calls the console is as ever', () => {
  const written = vi.spyOn(console, 'log').mockImplementation(() => {})
  const { lines, scope } = capture()
  scope('r1', () => {})
  console.log('outside', 1)
  expect(written.mock.calls).toEqual([['outside', 1]])
  expect(lines).toEqual([])
})

it('without anything that mentions the console, calls are followed from the first line on', async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  const { scope, lines } = capture({ toString: () => 'class Quiet {}' })
  scope('r1', () => console.log('in the synchronous part'))
  await scope('r2', async () => {
    await null
    console.log('after an await')
  })
  expect(lines.map(({ message, fields }) => [message, fields['requestId']])).toEqual([
    ['in the synchronous part', 'r1'],
    ['after an await', 'r2'],
  ])
})

it('several captures share the console, and the last one to go restores it', () => {
  const original = console.log
  const one = capture()
  const two = capture()
  one.release()
  one.release()
  two.scope('r2', () => console.log('still there'))
  expect(two.lines).toHaveLength(1)
  two.release()
  expect(console.log).toBe(original)
})

it('what somebody else has patched since stays', () => {
  const original = console.log
  const { release } = capture()
  const theirs = () => {}
  console.log = theirs
  release()
  expect(console.log).toBe(theirs)
  console.log = original
})

describe('the standard streams', () => {
  it('inside a call become lines, and the writer is told', async () => {
    const { scope, lines } = capture()
    const told = scope('r1', () => new Promise(resolve => process.stdout.write('one\ntwo\n', resolve)))
    scope('r1', () => process.stderr.write(Buffer.from('three\n').toString('hex'), 'hex'))
    await told
    expect(lines.map(({ level, message, fields }) => [level, message, fields['requestId']])).toEqual([
      ['info', 'one', 'r1'],
      ['info', 'two', 'r1'],
      ['warn', 'three', 'r1'],
    ])
  })

  it('outside of calls are as ever, and restored at the end, when half lines become whole ones', () => {
    const original = vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
    const written = process.stdout.write
    const { scope, lines, release } = capture()
    process.stdout.write('outside')
    scope('r1', () => process.stdout.write('half'))
    expect(original.mock.calls).toEqual([['outside']])
    expect(lines).toEqual([])
    release()
    expect(lines).toMatchObject([{ message: 'half', fields: { requestId: 'r1' } }])
    expect(process.stdout.write).toBe(written)
  })

  it('refuse what they always refuse', () => {
    const { scope } = capture()
    // What a predictor in JavaScript may do.
    const wrong = 5 as unknown as string
    expect(() => scope('r1', () => process.stdout.write(wrong))).toThrow(/argument must be/)
  })

  it('do not keep the half lines of every call that ever was', () => {
    const { scope, lines } = capture()
    for (let n = 0; n < 1500; n += 1) scope(`r${n}`, () => process.stdout.write('half'))
    expect(lines).toHaveLength(500)
    expect(lines[0]).toMatchObject({ message: 'half', fields: { requestId: 'r0' } })
  })
})

it('captures everything where that is asked for, until it is released', () => {
  const written = vi.spyOn(console, 'log').mockImplementation(() => {})
  const { logger, lines } = rememberingLogger()
  const captured = captureOutput(logger, { everything: true })
  console.log('outside', 1)
  process.stdout.write('streamed\n')
  captured.scope('r1', () => console.log('inside'))
  captured.release()
  console.log('after')
  expect(lines).toEqual([
    { level: 'info', message: 'outside 1', fields: {} },
    { level: 'info', message: 'streamed', fields: {} },
    { level: 'info', message: 'inside', fields: { requestId: 'r1' } },
  ])
  expect(written.mock.calls).toEqual([['after']])
})
