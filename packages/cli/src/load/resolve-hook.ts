// Loaded twice: by the main thread, and on Node 20 by the thread that runs hooks. Of ours it imports types, and what is small.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import type { NextResolve, ResolveContext } from './register-hook.ts'

/** Called in a thread that runs hooks. By then it has loaded as much as a main thread. */
export function initialize(): void {
  import('incant/internal/memory').then(({ collectAfterStart }) => collectAfterStart()).catch(() => {})
}

/** Whether a specifier is `incant` or one of its entries. */
export function isIncant(specifier: string): boolean {
  return specifier === 'incant' || specifier.startsWith('incant/')
}

/**
 * Node's resolve hook, synchronous or not, as the next one is. `incant` that resolves nowhere else, resolves from here;
 * and what a module of a generation imports is of the same one, where it may have changed.
 */
export function resolve<Result>(specifier: string, context: ResolveContext, next: NextResolve<Result>): Result {
  const { parentURL } = context
  if (isOurs(parentURL) && isPackage(specifier))
    return next(specifier, { ...context, parentURL: asInstalled(parentURL) })
  const resolved = resolveIncant(specifier, context, next)
  const generation = GENERATION.exec(`${specifier} ${context.parentURL ?? ''}`)?.[1]
  if (generation === undefined || isIncant(specifier)) return resolved
  // A promise here means that this is the asynchronous hook, whose Result is that promise.
  if (resolved instanceof Promise) return resolved.then(found => renew(found, generation)) as Result
  return renew(resolved, generation)
}

/** The folders of our packages, which hooks see as any other where they are linked and not installed. Found before there are hooks. */
const FOLDERS: readonly string[] = [
  import.meta.url,
  pathToFileURL(createRequire(import.meta.url).resolve('incant')),
].map(url => new URL('.', url).href)

function isOurs(parentURL: string | undefined): parentURL is string {
  return parentURL !== undefined && FOLDERS.some(folder => parentURL.startsWith(folder))
}

/** Whether something is named as a package is, and not by its place. */
function isPackage(specifier: string): boolean {
  return /^[@\w][^:]*$/.test(specifier)
}

/**
 * A parent for packages that a file of ours imports later than at the start: one that seems to be in `node_modules`, whence Node finds the
 * same ones, and where tsx does not apply the `paths` of a predictor's `tsconfig.json`.
 */
function asInstalled(parentURL: string): string {
  return new URL('node_modules/incant/index.js', parentURL).href
}

const GENERATION = /[?&]incant-generation=([\w-]+)/
const AS_MODULES = '-modules'

/** Names a module anew, so that it is loaded anew. */
export function inGeneration(url: string, generation: number | string): string {
  return `${url}${url.includes('?') ? '&' : '?'}incant-generation=${generation}`
}

/** A generation in which files with `import` or `export` are modules, even if their `package.json` does not say so. */
export function asModules(generation: number): string {
  return `${generation}${AS_MODULES}`
}

/** Packages do not change while a server runs, and each copy of one would stay in memory. */
function renew<Result>(resolved: Result, generation: string): Result {
  // The result of hooks.
  const { url } = resolved as { readonly url: string }
  const isOwn = url.startsWith('file:') && !url.includes('/node_modules/')
  if (!isOwn) return resolved
  if (generation.endsWith(AS_MODULES) && isModuleByItsText(fileOf(url)))
    return { ...resolved, format: 'module', url: inGeneration(fileOf(url), generation) }
  return GENERATION.test(url) ? resolved : { ...resolved, url: inGeneration(url, generation) }
}

/** The URL of a file without queries: tsx also puts some, escaped, into the path of what it takes for CommonJS. */
function fileOf(url: string): string {
  return url.replace(/(?:[?#]|%3F).*$/, '')
}

/** Whether a file whose name does not say what it is has the syntax of a module. */
function isModuleByItsText(url: string): boolean {
  return /\.[jt]sx?$/.test(url) && /^\s*(?:import|export)\b/m.test(readFileSync(new URL(url), 'utf8'))
}

function resolveIncant<Result>(specifier: string, context: ResolveContext, next: NextResolve<Result>): Result {
  if (!isIncant(specifier)) return next(specifier, context)
  const fallBack = (): Result => next(specifier, { ...context, parentURL: import.meta.url })
  try {
    const result = next(specifier, context)
    return result instanceof Promise ? (result.catch(fallBack) as Result) : result
  } catch {
    return fallBack()
  }
}
