/** A line of a stack, as V8 writes it: `    at Predictor.predict (file:///app/predictor.ts:9:11)`. */
const FRAME = /^\s+at /

/** The folders of our code: of this package, built and as source, which maps of sources name, and of the command's. */
const OWN = [...ownFolders(String(import.meta.url)), '/node_modules/@incant/cli/']

/**
 * A stack without Incant's frames: those of the called code, and none of its callers. Frames below the last of Incant's
 * belong to the runtime and the server.
 *
 * @returns Undefined where no other frame is left.
 */
export function withoutOwnFrames(stack: unknown): string | undefined {
  if (typeof stack !== 'string') return undefined
  const lines = stack.split('\n')
  const first = lines.findIndex(line => FRAME.test(line))
  if (first === -1) return undefined
  const frames = lines.slice(first)
  const last = frames.findLastIndex(isOwn)
  const kept = (last === -1 ? frames : frames.slice(0, last)).filter(frame => !isOwn(frame))
  return kept.length === 0 ? undefined : [...lines.slice(0, first), ...kept].join('\n')
}

function isOwn(frame: string): boolean {
  return OWN.some(folder => frame.includes(folder)) || frame.includes('node:internal/process/task_queues')
}

/**
 * `/app/node_modules/incant/dist/` and its `src/`, from the URL of one of Incant's modules; nothing for code that was
 * bundled.
 */
function ownFolders(url: string): string[] {
  const folder = /^(?:file:\/\/)?(.*\/incant\/)(?:dist|src)\//.exec(url)?.[1]
  return folder === undefined ? [] : [`${folder}dist/`, `${folder}src/`]
}
