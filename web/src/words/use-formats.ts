import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { sessionQuery } from '../api/queries.ts';
import { formats, type Formats } from './format.ts';
import { useLanguage } from './language.ts';

/** The company's time zone. */
export function useTimeZone(): string {
  const session = useQuery({ ...sessionQuery, enabled: false });
  return session.data?.time_zone ?? 'Asia/Shanghai';
}

/** The formats of the reader, in the company's time zone. */
export function useFormats(): Formats {
  const language = useLanguage();
  const timeZone = useTimeZone();
  return useMemo(() => formats(language, timeZone), [language, timeZone]);
}
