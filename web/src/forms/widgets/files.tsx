import { CloseOutlined, PaperClipOutlined, UploadOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { keys } from '../../api/keys.ts';
import { fileQuery } from '../../api/queries.ts';
import { upload } from '../../api/upload.ts';
import { useProblemText } from '../../ui/States.tsx';
import { useWords } from '../../words/index.ts';
import { useFormats } from '../../words/use-formats.ts';
import { textIn, textsIn, type WidgetProps } from './props.ts';

const FILE_MB_MAX = 50;

interface Sending {
  key: number;
  name: string;
  percent: number;
  problem: string | null;
  stop: () => void;
}

/** One file or several: chosen, sent with progress, removed, opened. */
export function FilesWidget({ field, value, change, control }: WidgetProps) {
  const words = useWords();
  const many = field.kind.kind === 'list';
  const files = many ? textsIn(value) : [textIn(value)].filter(Boolean);
  const most = many ? (typeof field.keywords['maxItems'] === 'number' ? field.keywords['maxItems'] : 50) : 1;
  const latest = useRef(files);
  useEffect(() => {
    latest.current = files;
  });
  const put = (next: string[]) => {
    latest.current = next;
    change(many ? (next.length > 0 ? next : undefined) : next[0]);
  };
  const { sending, send, dismiss } = useSending((id) => put([...latest.current, id]));
  const input = useRef<HTMLInputElement>(null);
  const room = most - files.length - sending.filter((one) => one.problem === null).length;

  return (
    <div className="files">
      <ul>
        {files.map((id) => (
          <li key={id}>
            <FileLink id={id} remove={() => put(files.filter((other) => other !== id))} />
          </li>
        ))}
        {sending.map((one) => (
          <li key={one.key} className="file">
            <PaperClipOutlined />
            <span className="file-name">{one.name}</span>
            {one.problem ? (
              <span className="error">{one.problem}</span>
            ) : (
              <progress max={100} value={one.percent} aria-label={words.form.uploading(one.percent)} />
            )}
            <Button
              type="text"
              size="small"
              icon={<CloseOutlined />}
              aria-label={words.form.removeFile(one.name)}
              onClick={() => dismiss(one)}
            />
          </li>
        ))}
      </ul>
      <input
        ref={input}
        type="file"
        hidden
        multiple={most > 1}
        onChange={(event) => {
          for (const file of [...(event.target.files ?? [])].slice(0, room)) send(file);
          event.target.value = '';
        }}
      />
      <Button {...control} icon={<UploadOutlined />} disabled={room <= 0} onClick={() => input.current?.click()}>
        {words.form.upload}
      </Button>
    </div>
  );
}

/** A stored file by its id: name, size, a link to it, and a way to take it off. */
export function FileLink({ id, remove }: { id: string; remove?: () => void }) {
  const words = useWords();
  const formats = useFormats();
  const file = useQuery(fileQuery(id));
  const name = file.data?.name ?? (file.isError ? words.form.fileLost : '…');
  return (
    <span className="file">
      <PaperClipOutlined />
      <a className="file-name" href={`/api/v1/files/${encodeURIComponent(id)}`} download={file.data?.name ?? true}>
        {name}
      </a>
      {file.data ? <span className="soft small number">{formats.size(file.data.size)}</span> : null}
      {remove ? (
        <Button
          type="text"
          size="small"
          icon={<CloseOutlined />}
          aria-label={words.form.removeFile(name)}
          onClick={remove}
        />
      ) : null}
    </span>
  );
}

/** Files on their way, and those that did not arrive. */
function useSending(arrived: (id: string) => void) {
  const words = useWords();
  const text = useProblemText();
  const client = useQueryClient();
  const [sending, setSending] = useState<Sending[]>([]);
  const next = useRef(0);
  const change = (key: number, part: Partial<Sending>) => {
    setSending((before) => before.map((one) => (one.key === key ? { ...one, ...part } : one)));
  };
  const drop = (key: number) => setSending((before) => before.filter((one) => one.key !== key));
  const send = (file: File) => {
    const key = next.current;
    next.current += 1;
    if (file.size > FILE_MB_MAX * 1024 * 1024) {
      const problem = `${words.form.fileTooLarge}${words.common.colon}${words.form.fileTooLargeHint(FILE_MB_MAX)}`;
      setSending((before) => [...before, { key, name: file.name, percent: 0, problem, stop: () => {} }]);
      return;
    }
    const stop = upload(file, {
      progress: (percent) => change(key, { percent }),
      done: (stored) => {
        client.setQueryData(keys.file(stored.id), stored);
        drop(key);
        arrived(stored.id);
      },
      failed: (error) => change(key, { problem: `${words.form.uploadFailed}${words.common.colon}${text(error)}` }),
    });
    setSending((before) => [...before, { key, name: file.name, percent: 0, problem: null, stop }]);
  };
  const dismiss = (one: Sending) => {
    one.stop();
    drop(one.key);
  };
  return { sending, send, dismiss };
}
