// What a web page can send to a server without asking it first, and what it must ask for. Each runs in the page.

/** @param {string} url of predict */
export const ATTEMPTS = {
  text: url => fetch(url, { method: 'POST', mode: 'no-cors', body: '{"a":1}' }).catch(() => {}),
  'form, encoded': url =>
    fetch(url, { method: 'POST', mode: 'no-cors', body: new URLSearchParams({ a: '1' }) }).catch(() => {}),
  form: url => {
    const body = new FormData()
    body.append('a', new Blob(['1']), 'a.txt')
    return fetch(url, { method: 'POST', mode: 'no-cors', body }).catch(() => {})
  },
  bytes: url => fetch(url, { method: 'POST', mode: 'no-cors', body: new Uint8Array([123, 125]) }).catch(() => {}),
  'no body': url => fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'include' }).catch(() => {}),
  JSON: url =>
    fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"a":1}' }).catch(() => {}),
  beacon: url => void navigator.sendBeacon(url, '{"a":1}'),
  'JSON in a form of text': url => {
    const form = document.body.appendChild(document.createElement('form'))
    Object.assign(form, { action: url, method: 'post', enctype: 'text/plain', target: 'frame' })
    form.innerHTML = '<input name=\'{"a":1,"b":"\' value=\'"}\'>'
    document.body.appendChild(document.createElement('iframe')).name = 'frame'
    form.submit()
  },
  'a frame without an origin': url => {
    const frame = document.body.appendChild(document.createElement('iframe'))
    frame.setAttribute('sandbox', 'allow-scripts')
    frame.srcdoc = `<script>fetch(${JSON.stringify(url)}, { method: 'POST', mode: 'no-cors', body: '{"a":1}' })</script>`
  },
  worker: url => {
    const code = `fetch(${JSON.stringify(url)}, { method: 'POST', mode: 'no-cors', body: '{"a":1}' })`
    new Worker(URL.createObjectURL(new Blob([code])))
  },
}
