import { expect, it } from 'vitest'
import { writeDocument } from '../../src/app/written-document.ts'
import type { OpenAPIDocument } from '../../src/openapi/document.ts'

it('has an entity tag that is that of its text', async () => {
  const tagOf = async (title: string) => {
    const document: Partial<OpenAPIDocument> = { info: { title, version: '1' } }
    return (await writeDocument(document as OpenAPIDocument)).etag
  }
  const tag = await tagOf('one')
  expect(tag).toMatch(/^W\/"[0-9a-f]{24}"$/)
  expect(await tagOf('one')).toBe(tag)
  expect(await tagOf('two')).not.toBe(tag)
})
