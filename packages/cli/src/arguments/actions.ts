import { StartupError } from 'incant/internal/signature'
import { suggest } from '../report/suggest.ts'
import type { Command } from './command-definition.ts'

/** The actions of a command that has several, such as `incant token create`, by their words. */
export type Actions<Name extends string> = Readonly<Record<Name, Command>>

/**
 * The action that a word names.
 *
 * @param unknown - The first line of the error where there is none.
 * @throws {StartupError} `missing_argument`
 */
export function chooseAction<Name extends string>(actions: Actions<Name>, word: string, unknown: string): Name {
  // A key of the table, as is found just then.
  if (Object.hasOwn(actions, word)) return word as Name
  const names = Object.keys(actions)
  const nearest = suggest(word, names)
  throw new StartupError({
    code: 'missing_argument',
    found: unknown,
    instead: nearest === undefined ? `The commands are ${names.join(', ')}.` : `Did you mean "${nearest}"?`,
  })
}

/** Whether the first word after a command asks for help and names no action. */
export function asksForHelp(word: string | undefined): word is '--help' | '-h' | 'help' | undefined {
  return word === undefined || word === '--help' || word === '-h' || word === 'help'
}

/** The help of a command that has actions. */
export function describeActions<Name extends string>({ name, usage }: Command, actions: Actions<Name>): string {
  const commands = Object.values<Command>(actions)
  return [
    `incant ${name} ${usage}`,
    '',
    ...commands.map(action => `  ${`incant ${action.name} ${action.usage}`.trimEnd()}\n      ${action.summary}`),
    '',
    `incant ${name} ACTION --help lists the options of an action.`,
  ].join('\n')
}
