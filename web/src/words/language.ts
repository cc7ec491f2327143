import { useSyncExternalStore } from 'react';
import type { Language, Text } from '../api/types.ts';

const STORED_AS = 'zhupi.language';
const listeners = new Set<() => void>();
let language: Language = firstLanguage();

/** The language the person reads. */
export function currentLanguage(): Language {
  return language;
}

/** Changes the language at once and remembers it in this browser. */
export function setLanguage(next: Language): void {
  language = next;
  remember(STORED_AS, next);
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en';
  for (const listener of listeners) listener();
}

/** Tells whether somebody chose a language in this browser before. */
export function languageWasChosen(): boolean {
  return recall(STORED_AS) !== null;
}

/** The language, rendered again when it changes. */
export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, currentLanguage);
}

/** Picks the reader's text; Chinese stands in where English is missing. */
export function pick(text: Text, reader: Language = language): string {
  return reader === 'en' ? (text.en ?? text.zh) : text.zh;
}

/** Keeps a small preference; private browsing may refuse, then it is forgotten. */
export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Not kept: the person is asked again next time.
  }
}

/** Reads a small preference. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function firstLanguage(): Language {
  const stored = recall(STORED_AS);
  if (stored === 'zh' || stored === 'en') return stored;
  return navigator.language.toLowerCase().startsWith('en') ? 'en' : 'zh';
}
