import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { StartupError } from 'incant/internal/signature'
import { MANIFEST } from '../../files/model-manifest.ts'
import { failedWith } from './disk.ts'
import { MAX_FILES } from './manifest.ts'
import { checkPaths, refusePath } from './paths.ts'

/** A file that is to become part of a version. */
export interface SourceFile {
  /** In the version. */
  readonly path: string
  /** Where it is read. */
  readonly file: string
  /** Bytes. */
  readonly size: number
}

/** How links are judged. */
export interface SourceOptions {
  /** Whether a link to a file outside the folder counts as that file. */
  readonly followLinks?: boolean
}

/**
 * The files of a folder, at any depth, or the one file that the path names. A link to a file of the same folder counts as that
 * file. A list of files from an earlier version is left out.
 *
 * @throws {StartupError} `file_not_found`, `invalid_model` for what is neither file nor folder.
 */
export async function readSource(root: string, options: SourceOptions = {}): Promise<readonly SourceFile[]> {
  const found = await stat(root).catch(() => undefined)
  if (found === undefined) throw missing(root)
  if (found.isFile()) return [{ path: basename(root), file: root, size: found.size }]
  if (!found.isDirectory()) throw refusePath(basename(root), 'is neither a file nor a folder', root)
  const files = (await walk({ root, real: await realpath(root), options }, '')).filter(({ path }) => path !== MANIFEST)
  if (files.length === 0) throw empty(root)
  if (files.length > MAX_FILES) throw tooMany(root)
  checkPaths(
    files.map(({ path }) => path),
    root,
  )
  return files
}

interface Walk {
  readonly root: string
  /** The root without links. */
  readonly real: string
  readonly options: SourceOptions
}

async function walk(source: Walk, folder: string): Promise<readonly SourceFile[]> {
  const entries = await readdir(join(source.root, folder), { withFileTypes: true })
  const found: SourceFile[] = []
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) found.push(...(await walk(source, path)))
    else found.push(await readEntry(source, path, entry))
  }
  return found
}

async function readEntry(source: Walk, path: string, entry: Dirent): Promise<SourceFile> {
  const file = join(source.root, path)
  if (entry.isSymbolicLink()) await checkLink(source, path)
  const { size, ...found } = await statFile(file)
  if (found.isFile) return { path, file, size }
  throw refusePath(path, 'is neither a file nor a folder', source.root)
}

async function statFile(file: string): Promise<{ readonly isFile: boolean; readonly size: number }> {
  const found = await stat(file).catch((thrown: unknown) => {
    if (failedWith(thrown, 'ENOENT', 'ELOOP')) return undefined
    throw thrown
  })
  return { isFile: found?.isFile() === true, size: found?.size ?? 0 }
}

/** A folder from elsewhere may have links to anything of this machine. */
async function checkLink({ root, real, options }: Walk, path: string): Promise<void> {
  const target = await realpath(join(root, path)).catch(() => undefined)
  if (target === undefined) throw refusePath(path, 'is a link to nothing', root)
  const way = relative(real, target)
  if (options.followLinks === true || (way !== '..' && !way.startsWith(`..${sep}`))) return
  throw new StartupError({
    code: 'invalid_model',
    found: `${JSON.stringify(path)} in ${root} is a link to ${target}, outside the folder`,
    instead: 'If it may become part of the model, say so: --follow-links',
  })
}

function missing(root: string): StartupError {
  return new StartupError({
    code: 'file_not_found',
    found: `there is no file or folder ${root}`,
    instead: "Name the folder of the model's files, or the one file.",
  })
}

function empty(root: string): StartupError {
  return new StartupError({
    code: 'invalid_model',
    found: `there are no files in ${root}`,
    instead: "Name the folder of the model's files.",
  })
}

function tooMany(root: string): StartupError {
  return new StartupError({
    code: 'invalid_model',
    found: `there are more than ${MAX_FILES} files in ${root}`,
    instead: 'Pack them into fewer: a version is checked file by file at every start.',
  })
}
