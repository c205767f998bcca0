import { describe, expect, test } from 'vitest'
import { aliasesOf, checkAliases } from '../../src/app/faces/model-aliases.ts'

const WORDS = { name: 'words', version: 'v1' }
const SECOND = { name: 'words', version: 'v2' }
const OCR = { name: 'ocr', version: undefined }

describe('aliases of models', () => {
  test('belong to the model that they name, or to each that has the option', () => {
    const modelAliases = ['all', 'both=words', 'one=words:v2', 'a=b=ocr']
    expect([WORDS, SECOND, OCR].map(model => aliasesOf({ ...model, modelAliases }))).toEqual([
      ['all', 'both'],
      ['all', 'both', 'one'],
      ['all', 'a=b'],
    ])
  })

  test('may be shared by the versions of a model', () => {
    const modelAliases = ['gpt', 'mini=words', 'org/words=words:v2']
    expect(() => checkAliases([WORDS, SECOND].map(model => ({ ...model, modelAliases })))).not.toThrow()
  })

  test.each([
    [['gpt'], 'the model alias "gpt" is for words and ocr', 'Write gpt=words.'],
    [['gpt=bot'], 'the model alias "gpt=bot" names the model bot', 'The models are words, words:v1, words:v2, ocr.'],
    [['gpt=words', 'gpt=ocr'], 'the model alias "gpt" is for words and ocr', 'Write gpt=words.'],
    [['ocr=words'], 'the model alias "ocr" is the name of a model', 'Choose another alias.'],
    [['=words'], 'the model alias "=words"', 'Write ALIAS, or ALIAS=MODEL on a server with several models.'],
    [['gpt='], 'the model alias "gpt="', 'Write ALIAS, or ALIAS=MODEL on a server with several models.'],
  ])('%j are refused', (modelAliases, found, instead) => {
    const check = () => checkAliases([WORDS, SECOND, OCR].map(model => ({ ...model, modelAliases })))
    expect(check).toThrow(expect.objectContaining({ code: 'invalid_option', found, instead }))
  })
})
