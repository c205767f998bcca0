import { lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { StartupError } from 'incant/internal/signature'
import { displayPath } from '../files/display-path.ts'
import { ownFile } from '../files/own-file.ts'
import { describeCompiler, describeProject, describeReadme, GITIGNORE, type Versions } from './describe-project.ts'
import type { Kind } from './kinds.ts'

/**
 * Writes a new project. Existing files stay: if one has the name of a file of the project, nothing is written.
 *
 * @param folder - Absolute; made where it is not there.
 * @returns The names of the files.
 * @throws {StartupError} `file_exists`, `permission_denied`.
 */
export function scaffold(folder: string, kind: Kind): readonly string[] {
  const name = toPackageName(basename(folder))
  const files = {
    'package.json': describeProject(name, readVersions()),
    'tsconfig.json': describeCompiler(),
    'predictor.ts': readFileSync(ownFile(`templates/${kind}/predictor.ts`), 'utf8'),
    'predictor.test.ts': readFileSync(ownFile(`templates/${kind}/test.ts`), 'utf8'),
    'README.md': describeReadme(name, kind),
    '.gitignore': GITIGNORE,
  }
  orRefuse(folder, () => mkdirSync(folder, { recursive: true }))
  const present = Object.keys(files).filter(file => isThere(join(folder, file)))
  if (present.length > 0) throw refuseToReplace(folder, present)
  // Never over a file that has appeared meanwhile.
  for (const [file, text] of Object.entries(files))
    orRefuse(folder, () => writeFileSync(join(folder, file), text, { flag: 'wx' }))
  return Object.keys(files)
}

/** `My Words` as npm takes it: `my-words`. */
function toPackageName(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|-+$/g, '')
  return name === '' ? 'predictor' : name
}

/** The compiler and the loader are those of this command, so that they are installed once. */
function readVersions(): Versions {
  const { version, dependencies } = JSON.parse(readFileSync(ownFile('package.json'), 'utf8'))
  return { incant: version, tsx: dependencies.tsx, typescript: dependencies.typescript }
}

function refuseToReplace(folder: string, files: readonly string[]): StartupError {
  return new StartupError({
    code: 'file_exists',
    found: `${displayPath(folder)} has ${files.join(', ')} already, and nothing is replaced`,
    instead: 'Name a folder that is not there yet: incant init DIR',
  })
}

function orRefuse(folder: string, write: () => void): void {
  try {
    write()
  } catch (cause) {
    throw new StartupError({
      code: 'permission_denied',
      found: `no project can be written into ${displayPath(folder)}`,
      instead: 'Name a folder that you may write to: incant init DIR',
      cause,
    })
  }
}

/** A link that leads nowhere is there, too. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}
