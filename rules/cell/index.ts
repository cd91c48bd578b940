/**
 * The language of the condition cells of the 规则 tab: what an admin types (`紧急，高`, `10万以上`, `除已关闭外`, `3天内`) becomes
 * a `CellTest`, a closure, and its reading back in plain words. A cell is a condition or a fault with a remedy, never a guess.
 */
export type { CellColumn, CellField, CellLanguageContext, HeaderOperator } from './column.ts';
export { type CompiledCell, compileTest } from './compile.ts';
export type { CellFault, CellFaultCode } from './fault.ts';
export { type CellPlace, faultText } from './fault-text.ts';
export { fieldNamed } from './field-reference.ts';
export { type CellRead, headerOperator, readCell } from './read.ts';
export { adviceOf, conditionReading, type ReadingContext, readingOf } from './reading.ts';
