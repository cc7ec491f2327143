import { Input } from 'antd';
import { useLayoutEffect, useRef, type ComponentProps, type ComponentRef } from 'react';

type Props = Omit<ComponentProps<typeof Input.TextArea>, 'autoSize' | 'rows'> & {
  rowsMin: number;
  rowsMax: number;
};

/**
 * A text area that is as high as its text, between two limits.
 *
 * The kit's own way of growing writes a style attribute, which a strict content security policy refuses.
 */
export function GrowingText({ rowsMin, rowsMax, ref, ...props }: Props) {
  const own = useRef<ComponentRef<typeof Input.TextArea>>(null);
  // After every render: what was typed may need another line.
  useLayoutEffect(() => {
    const area = own.current?.nativeElement?.querySelector('textarea') ?? own.current?.nativeElement;
    if (!(area instanceof HTMLTextAreaElement)) return;
    const line = Number.parseFloat(getComputedStyle(area).lineHeight) || 24;
    area.style.height = 'auto';
    const border = area.offsetHeight - area.clientHeight;
    area.style.height = `${Math.min(area.scrollHeight, rowsMax * line + 16) + border}px`;
    area.style.overflowY = area.scrollHeight > rowsMax * line + 16 ? 'auto' : 'hidden';
  });
  return (
    <Input.TextArea
      {...props}
      rows={rowsMin}
      ref={(area) => {
        own.current = area;
        if (typeof ref === 'function') ref(area);
        else if (ref) ref.current = area;
      }}
    />
  );
}
