import type { ChatToolCall } from './chat-reply.ts'

/** A piece of text in a message. */
export interface ChatTextPart {
  type: 'text'
  text: string
}

/** A piece of a user's message: text, an image, sound, or a file. */
export type ChatContentPart =
  | ChatTextPart
  | {
      type: 'image_url'
      image_url: {
        /** An address, or a `data:` URL with the image in base64. */
        url: string
        detail?: 'auto' | 'low' | 'high' | null
      }
    }
  | {
      type: 'input_audio'
      input_audio: {
        /** The sound, in base64. */
        data: string
        format: 'wav' | 'mp3'
      }
    }
  | { type: 'file'; file: { file_data?: string | null; file_id?: string | null; filename?: string | null } }

/** Instructions for the model. */
export interface SystemMessage {
  role: 'system' | 'developer'
  content: string | ChatTextPart[]
  name?: string | null
}

/** What a person says. */
export interface UserMessage {
  role: 'user'
  content: string | ChatContentPart[]
  name?: string | null
}

/** What the model said in an earlier turn. */
export interface AssistantMessage {
  role: 'assistant'
  content?: string | (ChatTextPart | { type: 'refusal'; refusal: string })[] | null
  refusal?: string | null
  name?: string | null
  /** The reasoning before the answer, as several servers name it. */
  reasoning_content?: string | null
  tool_calls?: (ChatToolCall & { id: string; type: 'function' })[] | null
}

/** The result of a tool. */
export interface ToolMessage {
  role: 'tool'
  content: string | ChatTextPart[]
  /** The id of the call that this answers. */
  tool_call_id: string
}

/** A message of a conversation. */
export type ChatMessage = SystemMessage | UserMessage | AssistantMessage | ToolMessage
