import { fileURLToPath, pathToFileURL } from 'node:url'
import type { ModelFileSettings } from '../arguments/settings.ts'
import { isSourceFile } from '../files/file-kind.ts'

/** A model file, and how it is run. */
export interface ModelFile {
  readonly file: string
  readonly settings: ModelFileSettings
}

/** The module that a process loads: the URL of a source file, or that of a model file with its settings as a query. */
export function toModule(file: string, { runtime, modelThreads, maxModelSize }: ModelFileSettings): string {
  const url = pathToFileURL(file)
  if (isSourceFile(file)) return url.href
  const settings = { runtime, modelThreads, maxModelSize }
  for (const [name, value] of Object.entries(settings)) if (value) url.searchParams.set(name, String(value))
  return url.href
}

/** The model file that {@link toModule} has made a URL of; undefined of a source file. */
export function fromModule(url: string): ModelFile | undefined {
  const file = fileURLToPath(url)
  if (isSourceFile(file)) return undefined
  const { searchParams } = new URL(url)
  const number = (name: string): number | undefined => Number(searchParams.get(name) ?? 0) || undefined
  return {
    file,
    settings: {
      runtime: searchParams.get('runtime') ?? undefined,
      modelThreads: number('modelThreads'),
      maxModelSize: number('maxModelSize'),
    },
  }
}
