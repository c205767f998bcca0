// The types of the OpenAI API, as a predictor writes them. They are erased: this entry has no code.

export type { AudioFields, TranscriptionRequest, TranscriptionResult, TranscriptionSegment } from './audio.ts'
export type {
  AssistantMessage,
  ChatContentPart,
  ChatMessage,
  ChatTextPart,
  SystemMessage,
  ToolMessage,
  UserMessage,
} from './chat-message.ts'
export type {
  ChatDelta,
  ChatEnd,
  ChatLogprobs,
  ChatReply,
  ChatToolCall,
  FinishReason,
  TokenLogprob,
  TokenUsage,
} from './chat-reply.ts'
export type { ChatRequest, ChatResponseFormat, ChatTool, ChatToolChoice } from './chat-request.ts'
export type { CompletionDelta, CompletionEnd, CompletionLogprobs, CompletionRequest } from './completion.ts'
export type { Embedding, EmbeddingMark, EmbeddingRequest, EmbeddingResult } from './embedding.ts'
export type { ImageRequest, ImageResult } from './image.ts'
export type { ModerationRequest, ModerationResult } from './moderation.ts'
export type { RerankRequest, RerankResult } from './rerank.ts'
