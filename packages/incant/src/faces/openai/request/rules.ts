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
  synonyms: { max_tokens: 'max_completion_tokens', max_completion_tokens: 'max_tokens' },
}

/** Of `/v1/embeddings`. */
export const EMBEDDING_RULES: MemberRules = {
  done: ['model', 'encoding_format'],
  taken: ['input'],
  harmless: HARMLESS,
  defaults: {},
  synonyms: {},
}
