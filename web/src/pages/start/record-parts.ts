import { lazy } from 'react';

// What only requests about a record need: it loads with the first of them.
const parts = () => import('./records.ts');
export const RecordChoice = lazy(async () => ({ default: (await parts()).RecordChoice }));
export const RecordRefused = lazy(async () => ({ default: (await parts()).RecordRefused }));
export const RecordHead = lazy(async () => ({ default: (await parts()).RecordHead }));
