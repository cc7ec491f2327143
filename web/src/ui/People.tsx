import type { Person } from '../api/types.ts';
import { useWords } from '../words/index.ts';

/** The round mark of a person: the last two characters of a Chinese name, the initials of others. */
export function Avatar({ name, small = false }: { name: string; small?: boolean }) {
  return (
    <span className={small ? 'avatar small' : 'avatar'} aria-hidden="true">
      {initials(name, small ? 1 : 2)}
    </span>
  );
}

/** Names in a row. */
export function Names({ people }: { people: Person[] }) {
  const words = useWords();
  return people.map((person) => person.name).join(words.common.join);
}

function initials(name: string, length: number): string {
  if (/^[\p{Script=Han}·]+$/u.test(name)) return name.slice(-length);
  const letters = name.split(/\s+/).map((part) => part.charAt(0));
  return letters.slice(0, length).join('').toUpperCase();
}
