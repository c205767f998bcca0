import { fileURLToPath } from 'node:url'

/** Passes a class to the inspector by name. */
const KEY = 'incant.locatedClass'

/**
 * The file with the code of a class. JavaScript has no API for it, but the engine knows, and its inspector, with which
 * debuggers jump to a definition, shows it.
 *
 * @returns A path; undefined where the runtime has no such inspector, or the code came from no file.
 * @see https://chromedevtools.github.io/devtools-protocol/v8/Runtime/#type-InternalPropertyDescriptor
 */
export async function locateClass(candidate: object): Promise<string | undefined> {
  try {
    const { Session } = await import('node:inspector')
    const url = askInspector(new Session(), candidate)
    return url?.startsWith('file:') ? fileURLToPath(url.replace(/[?#].*$/, '')) : undefined
  } catch {
    return undefined
  }
}

/** A session in one's own thread answers before `post` returns. */
function askInspector(session: import('node:inspector').Session, candidate: object): string | undefined {
  const urls = new Map<string, string>()
  let url: string | undefined
  session.connect()
  // On `process`, which contexts of vm share with the one that the inspector evaluates in.
  Object.defineProperty(process, KEY, { value: candidate, configurable: true })
  try {
    session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url))
    session.post('Debugger.enable')
    session.post('Runtime.evaluate', { expression: `process[${JSON.stringify(KEY)}]` }, (_error, evaluated) => {
      const objectId = evaluated?.result.objectId
      if (objectId === undefined) return
      session.post('Runtime.getProperties', { objectId, ownProperties: true }, (_failure, properties) => {
        const location = properties?.internalProperties?.find(({ name }) => name === '[[FunctionLocation]]')
        url = urls.get(location?.value?.value?.scriptId)
      })
    })
    return url
  } finally {
    Reflect.deleteProperty(process, KEY)
    session.disconnect()
  }
}
