import type { ReadingPlan } from '../../http/document-reader.ts'
import { planFields } from '../../http/form/read-fields.ts'
import { readForm } from '../../http/form/read-form.ts'
import { ReceivedFields } from '../../http/form/received-fields.ts'
import { isJSON, parseMediaType } from '../../http/media-type.ts'
import { readDocument, takeValid } from '../../http/read-document.ts'
import type { UnreadBody } from '../../http/unread-body.ts'
import { compileValidator } from '../../validation/validator.ts'

/**
 * Makes what reads the bodies that the front has left unread, and validates them where the plan has a schema.
 *
 * @returns A function that throws what reading such a body in the front would.
 */
export function unreadBodies(plan: ReadingPlan | undefined): (body: UnreadBody) => Promise<unknown> {
  if (plan === undefined)
    throw new TypeError('a body is to be read here, and nothing says how; this is a bug in Incant')
  return plan.role === 'form' ? formReader(plan) : documentReader(plan, plan.role)
}

/** The form itself, or its fields where predict takes those. */
function formReader({ schema, definitions, limits }: ReadingPlan): (body: UnreadBody) => Promise<unknown> {
  const readFields = schema && planFields(schema, definitions, limits)
  const validator = schema && compileValidator(schema, definitions)
  return async body => {
    const form = await readForm(await takeBytes(body), body.contentType, limits)
    if (readFields === undefined || validator === undefined) return form
    // The schema of fields is one of an object.
    return new ReceivedFields(takeValid(validator.validate(readFields(form.entries))) as object)
  }
}

function documentReader(
  { schema, hasOwnSchema, definitions, limits }: ReadingPlan,
  role: 'payload' | 'text',
): (body: UnreadBody) => Promise<unknown> {
  const validator = schema && compileValidator(schema, definitions)
  const document = { role, hasSchema: schema !== undefined || hasOwnSchema, limits, numbers: validator?.numbers }
  return async body => {
    const value = readDocument(await takeBytes(body), isJSON(parseMediaType(body.contentType)), document)
    return validator === undefined ? value : takeValid(validator.validate(value))
  }
}

/** As a `Buffer`, in which a byte is found a hundred times as fast as in another view. */
async function takeBytes({ content }: UnreadBody): Promise<Buffer> {
  if (content instanceof Uint8Array) return Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk)
  return Buffer.concat(chunks)
}
