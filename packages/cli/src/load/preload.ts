import type { LoadModule } from 'incant/internal/replica'

/** The variable with the URL of what a process may load early. */
const VARIABLE = 'INCANT_PRELOAD'

/** The environment variable with which a process loads a module as soon as it can. */
export function askToPreload(url: string): Readonly<Record<string, string>> {
  return { [VARIABLE]: url }
}

/** The URL that this process was asked to load. Its own children are not asked. */
export function takePreload(environment: NodeJS.ProcessEnv): string | undefined {
  const url = environment[VARIABLE]
  delete environment[VARIABLE]
  return url
}

/** A way to load modules of which one is loaded now. */
export function preload(load: LoadModule, url: string): LoadModule {
  const loading = load(url)
  // The rejection reaches the code that awaits it.
  loading.catch(() => {})
  return asked => (asked === url ? loading : load(asked))
}
