// Types that other packages publish: what they are, bodies that they allow and bodies that they do not. `compare` has the
// type checked against another implementation with mutations of the allowed bodies, too.

const message = { role: 'user', content: 'Guten Tag' }
const point = { type: 'Point', coordinates: [1, 2] }
const feature = { type: 'Feature', geometry: point, properties: null }
const pod = { apiVersion: 'v1', kind: 'Pod', spec: { containers: [{ name: 'a', ports: [{ containerPort: 80 }] }] } }

export const cases = [
  {
    name: 'openai, a chat',
    imports: "import type OpenAI from 'openai'",
    payload: 'OpenAI.ChatCompletionCreateParams',
    returns: 'OpenAI.ChatCompletion',
    accept: [
      { model: 'a', messages: [message] },
      {
        model: 'a',
        messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }],
        temperature: 0.5,
        stop: ['x'],
        tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }],
      },
    ],
    refuse: [{ model: 'a' }, { model: 'a', messages: [{ role: 'nobody', content: 'x' }] }, { model: 5, messages: [] }],
    compare: true,
  },
  {
    name: 'openai, embeddings',
    imports: "import type OpenAI from 'openai'",
    payload: 'OpenAI.EmbeddingCreateParams',
    returns: 'OpenAI.CreateEmbeddingResponse',
    accept: [
      { model: 'a', input: 'x' },
      { model: 'a', input: [[1, 2]], encoding_format: 'base64' },
    ],
    refuse: [{ model: 'a' }, { model: 'a', input: 5 }, { model: 'a', input: [['x']] }],
    compare: true,
  },
  {
    name: 'openai, a response',
    imports: "import type { Response as Answer, ResponseCreateParams } from 'openai/resources/responses/responses'",
    payload: 'ResponseCreateParams',
    returns: 'Answer',
    accept: [
      { model: 'a', input: 'x' },
      { model: 'a', input: [{ role: 'user', content: 'x' }], stream: true },
    ],
    refuse: [
      { model: 'a', input: 5 },
      { model: 'a', tools: [{ type: 'nothing' }] },
    ],
    compare: true,
  },
  {
    name: 'anthropic, a message',
    imports: "import type Anthropic from '@anthropic-ai/sdk'",
    payload: 'Anthropic.MessageCreateParams',
    returns: 'Anthropic.Message',
    accept: [
      { model: 'a', max_tokens: 5, messages: [message] },
      { model: 'a', max_tokens: 5, messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }], stream: true },
    ],
    refuse: [
      { model: 'a', messages: [message] },
      { model: 'a', max_tokens: '5', messages: [message] },
    ],
    compare: true,
  },
  {
    name: 'MCP, a call of a tool',
    imports: "import type { CallToolRequest, CallToolResult } from '@modelcontextprotocol/sdk/types.js'",
    payload: "CallToolRequest['params']",
    returns: 'CallToolResult',
    accept: [{ name: 'a' }, { name: 'a', arguments: { x: 1 } }],
    refuse: [{}, { name: 5 }, { name: 'a', arguments: 'x' }],
  },
  {
    name: 'MCP, every request of a client',
    imports: "import type { ClientRequest, ServerResult } from '@modelcontextprotocol/sdk/types.js'",
    payload: 'ClientRequest',
    returns: 'ServerResult',
    accept: [{ method: 'ping' }, { method: 'tools/call', params: { name: 'a' } }],
    refuse: [{ method: 'nothing' }, { method: 'tools/call', params: {} }],
  },
  {
    name: 'GeoJSON',
    imports: "import type { Feature, FeatureCollection } from 'geojson'",
    payload: 'FeatureCollection | Feature',
    accept: [feature, { type: 'FeatureCollection', features: [feature, { ...feature, id: 5, bbox: [0, 0, 1, 1] }] }],
    refuse: [point, { ...feature, geometry: { type: 'Point' } }, { type: 'FeatureCollection', features: [point] }],
    compare: true,
  },
  {
    name: 'Kubernetes, a pod',
    imports: "import type { Pod } from 'kubernetes-types/core/v1'",
    payload: 'Pod',
    returns: 'Pod',
    accept: [pod, {}],
    refuse: [{ ...pod, kind: 'Service' }, { spec: {} }, { spec: { containers: [{ name: 5 }] } }],
  },
  {
    name: 'Stripe, an intent to pay',
    imports: "import type Stripe from 'stripe'",
    payload: 'Stripe.PaymentIntentCreateParams',
    returns: 'Stripe.PaymentIntent',
    accept: [
      { amount: 5, currency: 'eur' },
      { amount: 5, currency: 'eur', metadata: { a: 1 }, confirm: true },
    ],
    refuse: [{ amount: 5 }, { amount: '5', currency: 'eur' }, { amount: 5, currency: 'eur', confirm: 'yes' }],
  },
  {
    name: 'schema.org, all of it',
    imports: "import type { Thing } from 'schema-dts'",
    payload: 'Thing',
    accept: [
      { '@type': 'Person', name: 'a', knows: [{ '@type': 'Person', name: 'b' }] },
      { '@type': 'Recipe', cookTime: 'PT1H', author: { '@type': 'OrganizationRole', author: { '@type': 'Person' } } },
    ],
    refuse: [{ '@type': 'Nothing' }, { '@type': 'Person', name: 5 }, {}],
    // It runs out of stack.
    withoutAjv: true,
  },
  {
    name: 'Vega-Lite, a scale and an axis',
    imports:
      "import type { Axis } from 'vega-lite/types_unstable/axis.js'\nimport type { Scale } from 'vega-lite/types_unstable/scale.js'",
    payload: '{ scale: Scale; axis: Axis }',
    accept: [{ scale: { type: 'log', domain: [1, 2] }, axis: { title: 'a', grid: true } }],
    refuse: [
      { scale: { type: 'nothing' }, axis: {} },
      { scale: {}, axis: { grid: 'yes' } },
    ],
  },
  {
    name: 'Hugging Face, text generation',
    imports: "import type { TextGenerationInput, TextGenerationOutput } from '@huggingface/tasks'",
    payload: 'TextGenerationInput',
    returns: 'TextGenerationOutput',
    accept: [{ inputs: 'x' }, { inputs: 'x', parameters: { max_new_tokens: 5, stop: ['a'] } }],
    refuse: [{}, { inputs: 5 }, { inputs: 'x', parameters: { stop: 'a' } }],
    compare: true,
  },
  {
    name: 'Hugging Face, answers and translations',
    imports: "import type { QuestionAnsweringInput, TranslationOutput } from '@huggingface/tasks'",
    payload: 'QuestionAnsweringInput',
    returns: 'TranslationOutput',
    accept: [{ inputs: { question: 'a', context: 'b' } }],
    refuse: [{ inputs: { question: 'a' } }],
    compare: true,
  },
  {
    name: 'Slack, blocks',
    imports: "import type { KnownBlock, View } from '@slack/types'",
    payload: 'KnownBlock[]',
    returns: 'View',
    accept: [
      [{ type: 'divider' }, { type: 'section', text: { type: 'mrkdwn', text: 'x' } }],
      [{ type: 'actions', elements: [{ type: 'button', text: { type: 'plain_text', text: 'x' } }] }],
    ],
    refuse: [[{ type: 'nothing' }], [{ type: 'section', text: 'x' }]],
    compare: true,
  },
  {
    name: 'zod, what a schema infers',
    imports: `import { z } from 'zod'
const Tree = z.object({ name: z.string(), get kids() { return z.array(Tree).optional() } })
const Body = z.object({ tree: Tree, kind: z.enum(['a', 'b']), at: z.record(z.string(), z.number()), any: z.json().optional() })`,
    payload: 'z.infer<typeof Body>',
    returns: 'z.output<typeof Tree>',
    accept: [
      { tree: { name: 'a', kids: [{ name: 'b' }] }, kind: 'a', at: { x: 1 } },
      { tree: { name: 'a' }, kind: 'b', at: {}, any: [{ x: [null] }] },
    ],
    refuse: [
      { tree: { name: 'a', kids: [{}] }, kind: 'a', at: {} },
      { tree: { name: 'a' }, kind: 'c', at: {} },
      { tree: { name: 'a' }, kind: 'a', at: { x: 'y' } },
    ],
  },
  {
    name: 'valibot, what a schema infers',
    imports: `import * as v from 'valibot'
const Body = v.object({ n: v.optional(v.number()), s: v.union([v.literal('a'), v.literal('b')]), t: v.tuple([v.string(), v.number()]) })`,
    payload: 'v.InferOutput<typeof Body>',
    accept: [
      { s: 'a', t: ['x', 1] },
      { n: 1, s: 'b', t: ['x', 1] },
    ],
    refuse: [
      { s: 'c', t: ['x', 1] },
      { s: 'a', t: ['x'] },
      { n: '1', s: 'a', t: ['x', 1] },
    ],
  },
  {
    name: 'typebox, what a schema infers',
    imports: `import { type Static, Type } from '@sinclair/typebox'
const Body = Type.Object({ n: Type.Optional(Type.Number()), list: Type.Array(Type.Union([Type.Literal('a'), Type.Null()])) })`,
    payload: 'Static<typeof Body>',
    accept: [{ list: ['a', null] }, { n: 1, list: [] }],
    refuse: [{ list: ['b'] }, { n: '1', list: [] }],
  },
]

/** Types that a start is refused for, and the words that it is refused with. */
export const refused = [
  {
    name: 'Vega, a specification: a signal may be bound to an element of the page',
    imports: "import type { Spec } from 'vega'",
    payload: 'Spec',
    says: /payload\..*\.element is an (?:Element|EventTarget), which JSON cannot carry/,
  },
  {
    name: 'Vega-Lite, a specification: the same',
    imports: "import type { TopLevelSpec } from 'vega-lite'",
    payload: 'TopLevelSpec',
    says: /payload\..*\.element is an (?:Element|EventTarget), which JSON cannot carry/,
  },
  {
    name: 'onnxruntime, a tensor',
    imports: "import type { Tensor } from 'onnxruntime-common'",
    payload: '{ input: Tensor }',
    says: /payload\.input is a Tensor of onnxruntime-common/,
  },
]
