import { BasePredictor } from 'incant'
import type { ModerationRequest, ModerationResult } from 'incant/openai'

export default class Moderator extends BasePredictor {
  predict({ input }: ModerationRequest): ModerationResult {
    return { categories: { violence: input.includes('hit') } }
  }
}
