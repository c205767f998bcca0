import type { RequestProtocol } from '../../../signature/signature.ts'
import type { MemberRules } from './choose-members.ts'

/** Members that only the API's own makers act on. */
const HARMLESS = [
  ...['user', 'seed', 'metadata', 'store', 'service_tier', 'safety_identifier', 'prediction'],
  ...['prompt_cache_key', 'prompt_cache_retention', 'prompt_cache_options'],
]

const SAMPLING: MemberRules['defaults'] = {
  temperature: [1],
  top_p: [1],
  frequency_penalty: [0],
  presence_penalty: [0],
  logit_bias: [{}],
}

/** Of `/v1/chat/completions`. */
export const CHAT_RULES: MemberRules = {
  done: ['model', 'stream', 'stream_options', 'stop'],
  taken: ['n'],
  harmless: HARMLESS,
  defaults: {
    ...SAMPLING,
    logprobs: [false],
    top_logprobs: [0],
    tools: [[]],
    functions: [[]],
    tool_choice: ['none', 'auto'],
    function_call: ['none', 'auto'],
    parallel_tool_calls: [true],
    response_format: [{ type: 'text' }],
    modalities: [['text'], []],
  },
  synonyms: { max_tokens: 'max_completion_tokens', max_completion_tokens: 'max_tokens' },
}

/** Of `/v1/completions`. */
export const COMPLETION_RULES: MemberRules = {
  done: ['model', 'stream', 'stream_options', 'stop'],
  taken: ['n', 'echo', 'prompt'],
  harmless: HARMLESS,
  defaults: { ...SAMPLING, suffix: [''], best_of: [1] },
  synonyms: {},
}

/** Of `/v1/embeddings`. */
export const EMBEDDING_RULES: MemberRules = {
  done: ['model', 'encoding_format'],
  taken: ['input'],
  harmless: HARMLESS,
  defaults: {},
  synonyms: {},
}

/** Of `/v1/moderations`. */
export const MODERATION_RULES: MemberRules = { ...EMBEDDING_RULES, done: ['model'] }

/** Of `/v1/rerank`. */
export const RERANK_RULES: MemberRules = {
  done: ['model', 'top_n', 'return_documents'],
  taken: ['documents'],
  harmless: [...HARMLESS, 'max_tokens_per_doc', 'priority'],
  defaults: {},
  synonyms: {},
}

/** Of `/v1/images/generations`. */
export const IMAGE_RULES: MemberRules = {
  done: ['model', 'response_format'],
  taken: ['n'],
  harmless: HARMLESS,
  defaults: { stream: [false], size: ['auto'], quality: ['auto'], background: ['auto'], moderation: ['auto', 'low'] },
  synonyms: {},
}

/** Of `/v1/audio/transcriptions`, whose fields are text. */
export const TRANSCRIPTION_RULES: MemberRules = {
  done: ['model', 'response_format'],
  taken: [],
  harmless: [],
  defaults: {
    temperature: ['0'],
    stream: ['false'],
    chunking_strategy: ['auto'],
    'timestamp_granularities[]': ['segment'],
  },
  synonyms: {},
}

/** The rules of a request in JSON. */
export const RULES: Readonly<Record<Exclude<RequestProtocol, 'openai.transcription'>, MemberRules>> = {
  'openai.chat': CHAT_RULES,
  'openai.completion': COMPLETION_RULES,
  'openai.embedding': EMBEDDING_RULES,
  'openai.image': IMAGE_RULES,
  'openai.moderation': MODERATION_RULES,
  'openai.rerank': RERANK_RULES,
}
