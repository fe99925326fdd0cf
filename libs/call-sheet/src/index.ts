export { type CallSheet, type SheetEvent } from './call-sheet';
export { renderCallSheet } from './render-call-sheet';
