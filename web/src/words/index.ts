import type { Language, Text } from '../api/types.ts';
import { en } from './en.ts';
import { pick, useLanguage } from './language.ts';
import { zh, type Words } from './zh.ts';

export type { Words } from './zh.ts';

/** The dictionary of a language. */
export function wordsOf(language: Language): Words {
  return language === 'zh' ? zh : en;
}

/** The reader's dictionary. */
export function useWords(): Words {
  return wordsOf(useLanguage());
}

/** Picks the reader's side of texts that come from the server. */
export function useText(): (text: Text) => string {
  const language = useLanguage();
  return (text) => pick(text, language);
}
