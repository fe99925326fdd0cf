export { type CallLine, type Conversation, type StartConversation } from './conversation';
export { startEcho } from './echo';
