import { inspect } from 'node:util'
import { formatLocation, type SourceLocation, StartupError, type StartupProblem } from 'incant/internal/signature'
import { displayPath } from '../files/display-path.ts'
import { type Line, paint, span } from '../terminal/text.ts'
import { documentationLink } from './documentation-link.ts'
import { excerptOf } from './source-excerpt.ts'
import { describeThrown, locateThrown } from './thrown.ts'

/** How an error is shown. */
export interface ErrorFormat {
  /** Whether the stack follows. @default false */
  readonly debug?: boolean
  /** @default false */
  readonly colors?: boolean
}

/**
 * A start-up error as a developer reads it. Each problem has its code, what was found, the place with its line of source,
 * the fix, and the page that explains the code. A thrown value that is no `StartupError` is a bug in Incant, and is
 * reported as one.
 */
export function formatError(thrown: unknown, { debug = false, colors = false }: ErrorFormat = {}): string {
  const lines = StartupError.is(thrown) ? describeProblems(problemsOf(thrown)) : describeBug(thrown)
  const text = lines.map(line => paint(line, colors)).join('\n')
  return debug ? `${text}\n\n${formatStack(thrown)}` : text
}

/** Every problem of an error on one line each, for a log: `p.ts:3:9: payload.m is a Map, … Write Record<string, V>.` */
export function summarizeError(error: StartupError): string {
  const sentences = problemsOf(error).map(({ found, instead, location }) => {
    const where = location === undefined ? '' : `${formatLocation(location)}: `
    return `${where}${found}${instead === undefined ? '' : `. ${instead}`}`
  })
  return sentences.join('; ')
}

function problemsOf(error: StartupError): readonly StartupProblem[] {
  const [first, ...others] = error.problems
  const place = error.location ?? locateThrown(error.cause)
  const located = first === undefined || place === undefined ? first : { ...first, location: place }
  return [...(located === undefined ? [] : [located]), ...others].map(shorten)
}

function shorten(problem: StartupProblem): StartupProblem {
  const { location } = problem
  return location === undefined ? problem : { ...problem, location: { ...location, file: displayPath(location.file) } }
}

function describeProblems(problems: readonly StartupProblem[]): readonly Line[] {
  const linked = new Set<string>()
  const lines = problems.flatMap((problem, index) => {
    const link = linked.has(problem.code) ? [] : [labelled('docs', documentationLink(problem.code))]
    linked.add(problem.code)
    return [...(index === 0 ? [] : [[]]), ...describeProblem(problem), ...link]
  })
  return problems.length < 2 ? lines : [...lines, [], [span(`incant: ${problems.length} problems to fix`)]]
}

function describeProblem({ code, found, instead, location }: StartupProblem): readonly Line[] {
  const [first = '', ...more] = found.split('\n')
  return [
    [span(`error[${code}]`, 'error'), span(': '), span(first, 'strong')],
    ...more.map(text => [span(`  ${text}`)]),
    ...(location === undefined ? [] : describePlace(location, code)),
    ...(instead === undefined ? [] : [labelled('fix', instead)]),
  ]
}

function describePlace(location: SourceLocation, code: StartupProblem['code']): readonly Line[] {
  const arrow: Line = [span('  --> ', 'faint'), span(formatLocation(location))]
  return [arrow, ...excerptOf(location, code).map(line => [span('  '), ...line])]
}

function labelled(label: string, text: string): Line {
  return [span(`  ${label}: `, 'faint'), span(text)]
}

function describeBug(thrown: unknown): readonly Line[] {
  return [
    [span('error', 'error'), span(': '), span(`this is a bug in incant: ${describeThrown(thrown)}`, 'strong')],
    labelled('fix', 'Run the command again with --debug, and report what it prints.'),
  ]
}

function formatStack(thrown: unknown): string {
  try {
    return inspect(thrown, { depth: 4 })
  } catch {
    return 'The thrown value cannot be shown.'
  }
}
