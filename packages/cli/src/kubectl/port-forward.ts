import { StartupError } from 'incant/internal/signature'
import { type Kubectl, refuse } from './kubectl.ts'

const READY = /Forwarding from 127\.0\.0\.1:(\d+) ->/

/**
 * Runs a function while a port of a pod of a Deployment is one of this machine.
 *
 * @param port - Of the pod.
 * @param run - Gets the port of 127.0.0.1.
 * @throws {StartupError} `cluster_failed`, with what kubectl says.
 */
export async function withPort<Result>(
  kubectl: Kubectl,
  { name, port }: { readonly name: string; readonly port: number },
  run: (local: number) => Promise<Result>,
): Promise<Result> {
  const child = kubectl.start(['port-forward', `deployment/${name}`, `:${port}`, '--address', '127.0.0.1'], 'pipe')
  try {
    return await run(await readPort(child))
  } finally {
    child.kill('SIGTERM')
  }
}

function readPort(child: ReturnType<Kubectl['start']>): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = ''
    let failed = ''
    child.once('error', cause =>
      reject(
        new StartupError({
          code: 'cluster_failed',
          found: `kubectl cannot be started: ${cause.message}`,
          instead: 'Install kubectl, and put it on the PATH: https://kubernetes.io/docs/tasks/tools/',
          cause,
        }),
      ),
    )
    child.stdout?.on('data', chunk => {
      said += String(chunk)
      const [, local] = READY.exec(said) ?? []
      if (local !== undefined) resolve(Number(local))
    })
    child.stderr?.on('data', chunk => {
      failed += String(chunk)
    })
    child.once('close', () => {
      try {
        refuse(failed)
      } catch (thrown) {
        reject(thrown)
      }
    })
  })
}
