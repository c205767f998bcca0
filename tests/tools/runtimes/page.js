// A page, and the same file as its Web Worker: each tells the page's own origin what it found.
import { runScenario } from './scenario.js'

const isPage = typeof document === 'object'
const { token } = await (await fetch('/token')).json()
const found = await runScenario(location.origin, token).catch(error => ({ thrown: String(error?.stack ?? error) }))
await fetch(`/found/${isPage ? 'page' : 'web-worker'}`, { method: 'POST', body: JSON.stringify(found) })
if (isPage) new Worker(import.meta.url, { type: 'module' })
