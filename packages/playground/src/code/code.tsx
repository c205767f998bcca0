import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Tabs } from '../tabs.tsx'
import { CopyButton } from './copy.tsx'
import { writeCurl } from './curl.ts'
import { writeJavaScript } from './javascript.ts'
import { writePython } from './python.ts'
import type { Sample } from './sample.ts'
import { writeTypeScript } from './typescript.ts'

const WRITERS: Readonly<Record<string, (sample: Sample) => string>> = {
  curl: writeCurl,
  JavaScript: writeJavaScript,
  Python: writePython,
  TypeScript: writeTypeScript,
}

interface CodeProps {
  readonly sample: Sample
  /** Samples of other protocols, by name. */
  readonly faces: Readonly<Record<string, string>>
}

/** The call of the form, as code to copy. */
export function Code({ sample, faces }: CodeProps): JSX.Element {
  const [tab, setTab] = useState('curl')
  const names = [...Object.keys(WRITERS), ...Object.keys(faces)]
  const chosen = names.includes(tab) ? tab : 'curl'
  const text = faces[chosen] ?? (WRITERS[chosen] ?? writeCurl)(sample)
  return (
    <section class="panel code" aria-labelledby="code-title">
      <h2 id="code-title">Code</h2>
      <Tabs label="The call in" names={names} chosen={chosen} onChoose={setTab}>
        <div class="snippet">
          <pre class="mono" tabIndex={0}>
            {text}
          </pre>
          <CopyButton text={() => text} />
        </div>
      </Tabs>
      {sample.methods.length > 0 && faces[chosen] === undefined && (
        <p class="hint">Credentials come from environment variables. What you typed is not shown here.</p>
      )}
    </section>
  )
}
