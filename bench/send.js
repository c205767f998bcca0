import { request } from 'node:http'

/**
 * Sends a request over the connections of an agent, and reads the whole answer.
 *
 * @param {string} url
 * @param {import('node:http').RequestOptions} call method, agent and headers
 * @param {string | Uint8Array} body
 * @returns {Promise<string>} the body of the answer
 */
export function send(url, call, body) {
  return new Promise((resolve, reject) => {
    const sent = request(url, call, response => {
      let text = ''
      response.setEncoding('utf8').on('data', chunk => {
        text += chunk
      })
      response.on('end', () => resolve(text)).on('error', reject)
    })
    sent.on('error', reject).end(body)
  })
}
