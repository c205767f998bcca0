import { deepStrictEqual, ok } from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { openPage, predictor, run, withServer } from '../open.js'

export const name = 'asks for the credentials that a server wants, sends them, and keeps them nowhere'

const TOKEN = 'a-token-of-32-characters-or-more'
const PASSWORD = 'pässwörd-of-some-length'
const SECRET = 'a-secret-of-32-characters-or-more'
const env = { PAGE_TOKEN: TOKEN, PAGE_USERS: `ada:${PASSWORD}`, PAGE_SECRET: SECRET }

/** A JSON Web Token (RFC 7519) that is good for an hour. */
const JWT = signToken({ sub: 'ada', aud: 'page', exp: Math.floor(Date.now() / 1000) + 3600 })

function signToken(claims) {
  const encode = value => Buffer.from(JSON.stringify(value)).toString('base64url')
  const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`
  return `${content}.${createHmac('sha256', SECRET).update(content).digest('base64url')}`
}

const bearer = page => page.locator('[data-credential=bearer]').fill(TOKEN)
const key = page => page.locator('[data-credential="header:X-API-Key"]').fill(TOKEN)
const basic = async page => {
  await page.locator('[data-credential=user]').fill('ada')
  await page.locator('[data-credential=password]').fill(PASSWORD)
}

const signed = page => page.locator('[data-credential=bearer]').fill(JWT)

const WAYS = { Bearer: [bearer], Basic: [basic], Key: [key], Any: [bearer, basic, key], Signed: [signed] }

export async function check(browser) {
  for (const [name, ways] of Object.entries(WAYS)) {
    const words = ['--class-name', name]
    await withServer(predictor('guarded'), { env, words }, async server => {
      for (const way of ways) await checkPrivateDocument(browser, server, way)
    })
    await withServer(predictor('guarded'), { env, words: [...words, '--public-openapi'] }, async server => {
      for (const way of ways) await checkPublicDocument(browser, server, way)
    })
  }
  await checkBodyToken(browser)
}

/** A dialog of the browser would hold up everything that follows. */
async function open(browser, url) {
  const opened = await openPage(browser, url)
  const session = await opened.page.context().newCDPSession(opened.page)
  await session.send('Fetch.enable', { handleAuthRequests: true })
  session.on('Fetch.requestPaused', ({ requestId }) =>
    session.send('Fetch.continueRequest', { requestId }).catch(() => {}),
  )
  const dialogs = []
  session.on('Fetch.authRequired', event => dialogs.push(event))
  return { ...opened, dialogs }
}

/** The document is refused, too: the page signs in, then draws the form. */
async function checkPrivateDocument(browser, { url, log }, signIn) {
  const { page, dialogs, close } = await open(browser, url)
  await page.getByRole('button', { name: 'Show the form' }).waitFor()
  await signIn(page)
  await page.getByRole('button', { name: 'Show the form' }).click()
  await page.getByRole('button', { name: 'Reset' }).waitFor()
  deepStrictEqual((await run(page)).status, 200)
  await checkKept(page, log())
  deepStrictEqual(dialogs, [])
  await close()
}

async function checkPublicDocument(browser, { url, log }, signIn) {
  const { page, dialogs, close } = await open(browser, url)
  deepStrictEqual((await run(page)).status, 401)
  await page.locator('.sign-in.refused').waitFor()
  await signIn(page)
  deepStrictEqual((await run(page)).status, 200)
  await checkKept(page, log())
  deepStrictEqual(dialogs, [])
  await page.reload()
  deepStrictEqual((await run(page)).status, 401)
  await close()
}

/** Nothing of a credential is anywhere but in its field. */
async function checkKept(page, log) {
  const places = await page.evaluate(() => [
    JSON.stringify({ ...localStorage }),
    JSON.stringify({ ...sessionStorage }),
    document.cookie,
    location.href,
    document.documentElement.textContent,
    document.documentElement.outerHTML,
  ])
  for (const tab of ['curl', 'JavaScript', 'Python', 'TypeScript']) {
    await page.getByRole('tab', { name: tab }).click()
    places.push(await page.locator('.code pre').textContent())
  }
  const encoded = Buffer.from(`ada:${PASSWORD}`).toString('base64')
  for (const text of [...places, log]) {
    for (const secret of [TOKEN, PASSWORD, encoded, JWT, SECRET]) ok(!text.includes(secret), text.slice(0, 500))
  }
}

async function checkBodyToken(browser) {
  const words = ['--class-name', 'Body']
  await withServer(predictor('guarded'), { env, words }, async ({ url, log }) => {
    const { page, close } = await openPage(browser, url)
    await page.getByLabel('The payload as JSON').fill('{"text":"by hand"}')
    await page.locator('[data-credential="member:auth"]').fill(TOKEN)
    deepStrictEqual((await run(page)).status, 200)
    deepStrictEqual(await page.locator('.answer .tree').textContent(), 'textby hand')
    await checkKept(page, log())
    await close()
  })
  await withServer(predictor('guarded'), { env, words: [...words, '--public-openapi'] }, async ({ url, log }) => {
    const { page, dialogs, close } = await open(browser, url)
    await page.locator('[data-credential="member:auth"]').fill(TOKEN)
    deepStrictEqual((await run(page)).status, 200)
    await checkKept(page, log())
    await page.reload()
    deepStrictEqual((await run(page)).status, 401)
    deepStrictEqual(dialogs, [])
    await close()
  })
}
