import { pathToFileURL } from 'node:url'
import type { LoadModule } from 'incant/internal/replica'

/** The variable with the file that a process may load early. */
const VARIABLE = 'INCANT_PRELOAD'

/** The environment variable with which a process loads a file as soon as it can. */
export function askToPreload(file: string): Readonly<Record<string, string>> {
  return { [VARIABLE]: file }
}

/** The file that this process was asked to load. Its own children are not asked. */
export function takePreload(environment: NodeJS.ProcessEnv): string | undefined {
  const file = environment[VARIABLE]
  delete environment[VARIABLE]
  return file
}

/** A way to load modules of which the one of a file is loaded now. */
export function preload(load: LoadModule, file: string): LoadModule {
  const url = pathToFileURL(file).href
  const loading = load(url)
  // The rejection reaches the code that awaits it.
  loading.catch(() => {})
  return asked => (asked === url ? loading : load(asked))
}
