import dns, { type LookupAddress, type LookupAllOptions } from 'node:dns'
import { once } from 'node:events'
import { createServer as createHTTPServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { StartupError } from '../../../src/errors/startup-error.ts'
import { WebhookFailure } from '../../../src/jobs/webhooks/webhook-transport.ts'
import { WebhookSender } from '../../../src/node/webhooks/webhook-sender.ts'

type FoundAddresses = (error: Error | null, addresses: readonly LookupAddress[]) => void

/** What names lead to, one answer after the other; the last one stays. */
const names = new Map<string, string[][]>()

const { lookup } = dns

// A module that was loaded for another file is in use already, so its import cannot be replaced.
const lookUp = (name: string, options: LookupAllOptions, found: FoundAddresses): void => {
  const answers = names.get(name)
  if (answers === undefined) {
    lookup(name, options, found)
    return
  }
  const addresses = (answers.length > 1 ? answers.shift() : answers[0]) ?? []
  process.nextTick(() =>
    found(
      null,
      addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 })),
    ),
  )
}

beforeAll(() => {
  // Of its overloads the sender uses this one.
  dns.lookup = Object.assign(lookUp, { __promisify__: lookup.__promisify__ }) as typeof lookup
})

afterAll(() => {
  dns.lookup = lookup
})

const LOOPBACK = ['127.0.0.0/8', '::1']
const opened: Server[] = []
const sockets = new Set<Socket>()
/** Connections that came in during a test. */
let connections = 0

beforeEach(() => {
  connections = 0
})

afterEach(async () => {
  names.clear()
  for (const socket of sockets) socket.destroy()
  await Promise.all(opened.splice(0).map(server => new Promise(resolve => server.close(resolve))))
})

async function listen(server: Server): Promise<string> {
  server.on('connection', socket => {
    connections += 1
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  })
  opened.push(server.listen(0, '127.0.0.1'))
  await once(server, 'listening')
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

const serve = (handler: RequestListener) => listen(createHTTPServer(handler))

/** A receiver that answers with bytes of our own. */
const serveBytes = (handle: (socket: Socket) => void) => listen(createServer(socket => handle(socket.resume())))

function send(url: string, { allow = LOOPBACK, timeLimit = 60_000, signal = new AbortController().signal } = {}) {
  const webhook = { url, headers: { 'content-type': 'application/json', 'webhook-id': 'a' }, body: Buffer.from('{}') }
  return new WebhookSender({ allow, timeLimit }).send(webhook, signal)
}

async function failure(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    answer => new Error(`answered ${JSON.stringify(answer)}`),
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(WebhookFailure)
  return (error as WebhookFailure).message
}

test('a webhook is a POST with its headers and its bytes, on a connection that is closed after it', async () => {
  const received: unknown[] = []
  const host = await serve(async (request, response) => {
    const body = String(await buffer(request))
    received.push([request.method, request.url, request.headers['webhook-id'], request.headers.host, body])
    response.writeHead(202, { 'retry-after': '7' }).end('ignored')
  })
  expect(await send(`http://${host}/hook?key=1#part`)).toEqual({ status: 202, retryAfter: 7 })
  expect(received).toEqual([['POST', '/hook?key=1', 'a', host, '{}']])
  await vi.waitFor(() => expect(sockets.size).toBe(0))
})

test.each([302, 307, 308])('a %i to a metadata service is an answer and is not followed', async status => {
  const paths: (string | undefined)[] = []
  const host = await serve((request, response) => {
    paths.push(request.url)
    response.writeHead(status, { location: request.url === '/' ? '/again' : 'http://169.254.169.254/' }).end()
  })
  expect(await send(`http://${host}/`)).toEqual({ status, retryAfter: undefined })
  expect(paths).toEqual(['/'])
})

test.each([
  'https://127.0.0.1',
  'https://localhost',
  'https://[::1]',
  'https://[::ffff:127.0.0.1]',
  'https://2130706433',
  'https://0x7f.1',
  'https://127.1',
  'https://0',
  'https://１２７.0.0.1',
  'http://127.0.0.1',
  'http://localhost',
])('%s is this machine, and no connection is made', async origin => {
  const [, port] = (await serveBytes(() => {})).split(':')
  expect(await failure(send(`${origin}:${port}/`, { allow: [] }))).toBe('the host has no public address')
  expect(connections).toBe(0)
})

test('a name is judged by where it leads when the connection is made, and asked once', async () => {
  const [, port] = (await serve((_request, response) => response.end())).split(':')
  names.set('rebinding.test', [['127.0.0.1'], ['8.8.8.8']])
  expect(await failure(send(`https://rebinding.test:${port}/`, { allow: [] }))).toBe('the host has no public address')
  expect(names.get('rebinding.test')).toEqual([['8.8.8.8']])
  expect(connections).toBe(0)
})

test('of several addresses those are used that are allowed', async () => {
  const [, port] = (await serve((_request, response) => response.end())).split(':')
  names.set('several.test', [['169.254.169.254', '10.0.0.1', '::ffff:127.0.0.1']])
  expect(await send(`http://several.test:${port}/`)).toEqual({ status: 200, retryAfter: undefined })
  names.set('several.test', [['169.254.169.254', '10.0.0.1']])
  expect(await failure(send(`http://several.test:${port}/`))).toBe('the host has no public address')
})

test('over HTTP only the named addresses are open, and not the public ones', async () => {
  names.set('public.test', [['8.8.8.8']])
  expect(await failure(send('http://public.test/'))).toBe('the host has no public address')
  expect(await failure(send('http://8.8.8.8/'))).toBe('the host has no public address')
})

test('a name that does not exist looks as one of a private network does', async () => {
  expect(await failure(send('https://does-not-exist.invalid/'))).toMatch(
    /^the host (?:has no public address|name could not be)/,
  )
})

test('a host that never answers is given up', async () => {
  const silent = await serveBytes(() => {})
  expect(await failure(send(`http://${silent}/`, { timeLimit: 50 }))).toBe('no answer within 0.05 s')
  const halting = await serveBytes(socket => socket.write('HTTP/1.1 200 OK\r\nX-A: '))
  expect(await failure(send(`http://${halting}/`, { timeLimit: 50 }))).toBe('no answer within 0.05 s')
  await vi.waitFor(() => expect(sockets.size).toBe(0))
})

test('an answer whose body never ends, or is endless, is an answer', async () => {
  const dripping = await serve((_request, response) => response.writeHead(200).write('a'))
  expect(await send(`http://${dripping}/`, { timeLimit: 200 })).toMatchObject({ status: 200 })
  const flooding = await serve((_request, response) => {
    const flood = () => {
      while (!response.destroyed && response.write('a'.repeat(65_536)));
    }
    response.on('drain', flood)
    flood()
  })
  expect(await send(`http://${flooding}/`)).toMatchObject({ status: 200 })
  const breaking = await serveBytes(socket => socket.end('HTTP/1.1 503 No\r\nContent-Length: 9\r\n\r\na'))
  expect(await send(`http://${breaking}/`)).toMatchObject({ status: 503 })
  await vi.waitFor(() => expect(sockets.size).toBe(0))
})

test('what is no answer says why, without an address', async () => {
  const resetting = await serveBytes(socket => socket.resetAndDestroy())
  expect(await failure(send(`http://${resetting}/`))).toBe('the connection broke')
  const talking = await serveBytes(socket => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))
  expect(await failure(send(`http://${talking}/`))).toBe('the answer is not HTTP')
  expect(await failure(send(`https://${talking}/`))).toMatch(/^TLS failed \(|^the connection broke$/)
  const switching = await serveBytes(socket =>
    socket.end('HTTP/1.1 101 Switching\r\nUpgrade: a\r\nConnection: upgrade\r\n\r\n'),
  )
  expect(await failure(send(`http://${switching}/`))).toMatch(/^the connection/)
})

test('a port where nothing listens refuses', async () => {
  const host = await serveBytes(() => {})
  await new Promise(resolve => opened.pop()?.close(resolve))
  expect(await failure(send(`http://${host}/`))).toBe('the connection was refused')
})

test('a stop ends an attempt at once, and leaves nothing', async () => {
  const stop = new AbortController()
  const host = await serveBytes(() => stop.abort())
  expect(await failure(send(`http://${host}/`, { signal: stop.signal }))).toBe('the connection failed')
  await vi.waitFor(() => expect(sockets.size).toBe(0))
  expect(await failure(send(`http://${host}/`, { signal: stop.signal }))).toBe('the connection failed')
})

test('what can never be a webhook is found before it is needed', () => {
  const strict = new WebhookSender({ allow: [] })
  const open = new WebhookSender({ allow: ['10.0.0.0/8', '127.0.0.1'] })
  const faults = (url: string) => [strict.findFault(url), open.findFault(url)]
  const notHTTPS = 'must be an https URL'
  expect(faults('https://receiver.example/hook?a=b')).toEqual([undefined, undefined])
  expect(faults('http://receiver.example/hook')).toEqual([notHTTPS, undefined])
  expect(faults('https://10.0.0.1/')).toEqual(['must lead to a public address', undefined])
  expect(faults('https://[64:ff9b::a00:1]/')).toEqual(['must lead to a public address', undefined])
  expect(faults('https://192.168.0.1/')).toEqual(['must lead to a public address', 'must lead to a public address'])
  expect(faults('http://8.8.8.8/')).toEqual([notHTTPS, notHTTPS])
  expect(faults('https://user:secret@receiver.example/')[0]).toBe('must not contain credentials; webhooks are signed')
  for (const url of ['ftp://a.example/', 'file:///etc/passwd', 'data:,a', 'javascript:0'])
    expect(faults(url)[1]).toBe(notHTTPS)
  for (const url of ['', '/hook', 'receiver.example', 'https://', `https://a.example/${'a'.repeat(2048)}`])
    expect(faults(url)[0]).toBe('must be an absolute URL of at most 2048 characters')
})

test('an allowed address that is none stops the start', () => {
  expect(() => new WebhookSender({ allow: ['10.0.0.0/33'] })).toThrow(StartupError)
  expect(() => new WebhookSender({ allow: ['receiver.example'] })).toThrow(/webhookAllow has "receiver.example"/)
})
