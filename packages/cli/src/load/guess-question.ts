import { statSync } from 'node:fs'
import { resolvePath } from '../arguments/path.ts'
import type { TypesQuestion } from './types-thread.ts'

/**
 * The likely question of a command line about the types, guessed before any code that could read it is loaded: the
 * first word that is a source file, and the named class.
 */
export function guessQuestion(words: readonly string[], environment: NodeJS.ProcessEnv): TypesQuestion | undefined {
  const file = words.filter(word => /\.[cm]?[jt]s$/.test(word)).map(word => resolvePath(word))[0]
  if (file === undefined || statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return undefined
  const flag = words.indexOf('--class-name')
  return { file, className: flag === -1 ? environment['INCANT_CLASS_NAME'] : words[flag + 1] }
}
