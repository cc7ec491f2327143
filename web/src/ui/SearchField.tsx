import { SearchOutlined } from '@ant-design/icons';
import { Input } from 'antd';
import { useEffect, useEffectEvent, useState } from 'react';

const PAUSE_MS = 350;

interface Props {
  label: string;
  value: string;
  change: (value: string) => void;
  className?: string;
}

/** Where people type what they look for. */
export function SearchField({ label, value, change, className }: Props) {
  return (
    <Input
      allowClear
      {...(className ? { className } : {})}
      prefix={<SearchOutlined />}
      placeholder={label}
      aria-label={label}
      value={value}
      onChange={(event) => change(event.target.value)}
    />
  );
}

/** What is being typed into a search that is kept in the address; `seek` gets it once the typing pauses. */
export function useTyped(sought: string | undefined, seek: (text: string) => void) {
  const [typed, setTyped] = useState(sought ?? '');
  // A page that is drawn anew while somebody types does not begin the pause again.
  const settled = useEffectEvent(seek);
  useEffect(() => {
    const text = typed.trim();
    if (text === (sought ?? '')) return;
    const timer = setTimeout(() => settled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, sought]);
  return [typed, setTyped] as const;
}
