import type { PredictorServer } from '../../src/node/predictor-server.ts'

/** What `/metrics` said, read. */
export class Exposition {
  readonly text: string
  readonly #samples: readonly {
    readonly name: string
    readonly labels: Record<string, string>
    readonly value: number
  }[]

  constructor(text: string) {
    this.text = text
    this.#samples = text.split('\n').flatMap(line => (line === '' || line.startsWith('#') ? [] : [readSample(line)]))
  }

  /** The one value of a name with these labels, whatever others it has. */
  value(name: string, labels: Record<string, string> = {}): number | undefined {
    const found = this.all(name).filter(sample =>
      Object.entries(labels).every(([key, text]) => sample.labels[key] === text),
    )
    if (found.length > 1) throw new Error(`${found.length} values of ${name} ${JSON.stringify(labels)}`)
    return found[0]?.value
  }

  /** Every value of a name. */
  all(name: string): readonly { readonly labels: Record<string, string>; readonly value: number }[] {
    return this.#samples.filter(sample => sample.name === name)
  }

  /** The sum of the values of a name that have these labels. */
  sum(name: string, labels: Record<string, string> = {}): number {
    return this.all(name)
      .filter(sample => Object.entries(labels).every(([key, text]) => sample.labels[key] === text))
      .reduce((total, { value }) => total + value, 0)
  }

  get names(): ReadonlySet<string> {
    return new Set([...this.text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name))
  }
}

function readSample(line: string) {
  const [, name = '', pairs = '', value = ''] = /^([\w:]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
  if (name === '') throw new Error(`no sample: ${line}`)
  const labels = [...pairs.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"(?:,|$)/g)].map(([, key = '', text = '']) => [
    key,
    text.replaceAll(/\\(.)/g, (_whole, character: string) => (character === 'n' ? '\n' : character)),
  ])
  return {
    name,
    labels: Object.fromEntries(labels),
    value: value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value),
  }
}

export async function scrape(server: Pick<PredictorServer, 'url'>): Promise<Exposition> {
  return new Exposition(await (await fetch(`${server.url}/metrics`)).text())
}

/**
 * Scrapes until what it says is so: a request is counted when its response is over, which the server may know a moment
 * after its caller.
 */
export async function scrapeUntil(
  server: Pick<PredictorServer, 'url'>,
  holds: (exposition: Exposition) => boolean,
  milliseconds = 10_000,
): Promise<Exposition> {
  const until = Date.now() + milliseconds
  for (;;) {
    const exposition = await scrape(server)
    if (holds(exposition)) return exposition
    if (Date.now() > until) throw new Error(`not within ${milliseconds} ms: ${holds}\n${exposition.text}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
