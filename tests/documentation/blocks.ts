/** A fenced block of a document. */
export interface Block {
  /** The line of its first line of code, from 1. */
  readonly line: number
  /** `ts`, `sh`, `console`, `json` … */
  readonly language: string
  readonly code: string
  /** Why it is not run: `<!-- not run: reason -->` on the line before the fence. */
  readonly notRun: string | undefined
}

const FENCE = /^```(\w*)$/
const NOT_RUN = /^<!-- not run: (.+) -->$/

/** The fenced blocks of a Markdown document, in order. */
export function readBlocks(markdown: string): Block[] {
  const lines = markdown.split('\n')
  const blocks: Block[] = []
  for (let index = 0; index < lines.length; index += 1) {
    const language = FENCE.exec(lines[index] ?? '')?.[1]
    if (language === undefined) continue
    const end = lines.indexOf('```', index + 1)
    if (end === -1) throw new Error(`The block at line ${index + 1} has no end.`)
    const notRun = NOT_RUN.exec(lines[index - 1] ?? '')?.[1]
    blocks.push({ line: index + 2, language, code: lines.slice(index + 1, end).join('\n'), notRun })
    index = end
  }
  return blocks
}

/** The file that a block is, by its first line: `// predictor.ts`, `# server.yaml`. */
export function fileName(block: Block): string | undefined {
  return /^(?:\/\/|#) ([\w.-]+\.(?:[cm]?[jt]s|yaml))$/m.exec(block.code.split('\n')[0] ?? '')?.[1]
}

/** A command of a block and what the document says it prints. */
export interface Command {
  readonly line: number
  readonly text: string
  /** Lines of a `console` block below the command; `…` stands for any lines. */
  readonly output: readonly string[]
}

/** The commands of an `sh` block (every line is one) or a `console` block (those after `$ ` are). */
export function readCommands(block: Block): Command[] {
  const commands: { line: number; text: string; output: string[] }[] = []
  for (const [index, line] of joinContinued(block.code.split('\n')).entries()) {
    const text = block.language === 'sh' ? line : line.startsWith('$ ') ? line.slice(2) : undefined
    if (text === undefined) commands.at(-1)?.output.push(line)
    else if (text !== '' && !text.startsWith('#')) commands.push({ line: block.line + index, text, output: [] })
  }
  return commands
}

/** Puts lines that end in a backslash together with the next one, and keeps the count of lines. */
function joinContinued(lines: string[]): string[] {
  const joined: string[] = []
  for (const line of lines) {
    const previous = joined.at(-1)
    if (previous?.endsWith('\\')) joined[joined.length - 1] = previous.slice(0, -1) + line
    else joined.push(line)
  }
  return joined
}
