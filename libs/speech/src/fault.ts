/**
 * Told of what went wrong and was got over: whoever asked has an answer all the same. The error never holds what was
 * said, by either side.
 * @param where `prompt`, `speech-service`, `embedded-voice` or `transcription`
 */
export type OnFault = (where: string, error: unknown) => void;
