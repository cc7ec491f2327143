import { UploadOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { useRef, useState } from 'react';
import { Field } from './Field.tsx';
import { useWords } from '../words/index.ts';
import '../styles/csv.css';

const MAX_BYTES = 12 * 1024 * 1024;

interface Props {
  label: string;
  hint: string;
  value: string;
  change: (value: string) => void;
  required?: boolean;
  error?: string | undefined;
}

/** A spreadsheet as text: pasted, or read from a file of this computer. */
export function CsvField({ label, hint, value, change, required = false, error }: Props) {
  const words = useWords();
  const input = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState<string>();
  const take = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > MAX_BYTES) return setWrong(words.pilot.tooLarge);
    const text = decoded(await file.arrayBuffer());
    setWrong(text === null ? words.pilot.notText : undefined);
    if (text !== null) change(text);
  };
  return (
    <Field label={label} hint={hint} required={required} error={wrong ?? error}>
      {(control) => (
        <div className="csv">
          <Input.TextArea
            {...control}
            className="csv-text"
            rows={6}
            spellCheck={false}
            value={value}
            onChange={(event) => change(event.target.value)}
          />
          <input
            ref={input}
            type="file"
            accept=".csv,text/csv"
            hidden
            onChange={(event) => {
              void take(event.target.files?.[0]);
              event.target.value = '';
            }}
          />
          <Button icon={<UploadOutlined />} onClick={() => input.current?.click()} aria-label={`${words.pilot.upload} ${label}`}>
            {words.pilot.upload}
          </Button>
        </div>
      )}
    </Field>
  );
}

/** The text of a file in UTF-8, or in GB18030, in which Excel writes CSV in China; null where it is neither. */
export function decoded(bytes: ArrayBuffer): string | null {
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      return text.includes('\0') ? null : text;
    } catch {
      // Then it may be the other.
    }
  }
  return null;
}
