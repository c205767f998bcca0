import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { temporaryFolder } from '../../packages/cli/test/temporary-folder.ts'
import { ask } from '../../packages/incant/test/node/tls/_requests.ts'
import { findFreePort } from '../free-port.ts'

/** A proxy that runs in front of a server until the test is over. */
export interface RunningProxy {
  readonly url: string
}

/** What a proxy is put in front of. */
export interface Backend {
  /** The port on 127.0.0.1, with TLS. */
  readonly port: number
  /** The file of the authority whose certificates it has, for `localhost`. */
  readonly ca: string
}

/** Where a proxy calls from: the one address the server trusts. */
export const PROXY_ADDRESS = '127.0.0.3'

/** Debian's nginx, which adds the caller to X-Forwarded-For, and keeps connections to the server. */
export function startNginx({ port, ca }: Backend): Promise<RunningProxy> {
  return startNginxWith(
    `location / {
      proxy_pass https://incant;
      proxy_bind ${PROXY_ADDRESS};
      proxy_ssl_trusted_certificate ${ca}; proxy_ssl_verify on; proxy_ssl_name localhost; proxy_ssl_server_name on;
      proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host localhost;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }`,
    `upstream incant { server 127.0.0.1:${port}; keepalive 16; }`,
  )
}

/**
 * Debian's nginx, with what a person writes into its configuration.
 *
 * @param location - Inside of the server.
 * @param beside - Beside it.
 */
export async function startNginxWith(location: string, beside = ''): Promise<RunningProxy> {
  const own = await findFreePort()
  const folder = temporaryFolder()
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    kind => `${kind}_temp_path ${folder}/${kind};`,
  )
  const file = join(folder, 'nginx.conf')
  writeFileSync(
    file,
    `daemon off; master_process off; pid ${folder}/pid; error_log stderr error;
events { worker_connections 512; }
http {
  access_log off; ${temporary.join(' ')}
  ${beside}
  server {
    listen 127.0.0.1:${own};
    ${location}
  }
}
`,
  )
  return start(['nginx', '-p', folder, '-c', file, '-e', 'stderr'], own)
}

/** Debian's HAProxy, which adds a Forwarded line of its own behind whatever the caller wrote. */
export async function startHAProxy({ port, ca }: Backend): Promise<RunningProxy> {
  const own = await findFreePort()
  const file = join(temporaryFolder(), 'haproxy.cfg')
  writeFileSync(
    file,
    `global
  tune.http.maxhdr 256
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  http-reuse always
frontend front
  bind 127.0.0.1:${own}
  default_backend incant
backend incant
  source ${PROXY_ADDRESS}
  http-request add-header Forwarded "for=%[src];proto=http"
  http-request set-header Host localhost
  server incant 127.0.0.1:${port} ssl verify required ca-file ${ca} sni str(localhost) verifyhost localhost
`,
  )
  return start(['haproxy', '-db', '-f', file], own)
}

async function start([program = '', ...words]: readonly string[], port: number): Promise<RunningProxy> {
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'inherit'] })
  onTestFinished(() => end(child))
  const url = `http://127.0.0.1:${port}`
  // Whatever it answers, it is there.
  while (
    !(await ask(url).then(
      () => true,
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`)
    await sleep(20)
  }
  return { url }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}
