export { RecordChoice } from './RecordChoice.tsx';
export { RecordHead } from './RecordHead.tsx';
export { RecordRefused } from './RecordRefused.tsx';
