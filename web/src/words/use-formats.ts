import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { sessionQuery } from '../api/queries.ts';
import { formats, type Formats } from './format.ts';
import { useLanguage } from './language.ts';

/** The formats of the reader, in the company's time zone. */
export function useFormats(): Formats {
  const language = useLanguage();
  const session = useQuery({ ...sessionQuery, enabled: false });
  const timeZone = session.data?.time_zone ?? 'Asia/Shanghai';
  return useMemo(() => formats(language, timeZone), [language, timeZone]);
}
