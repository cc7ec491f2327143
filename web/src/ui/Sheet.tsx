import { Button, Drawer, Modal } from 'antd';
import { useEffect, useLayoutEffect, useRef, type ReactNode } from 'react';
import { useWords } from '../words/index.ts';
import { usePhone } from './use-phone.ts';
import '../styles/sheet.css';

interface SheetProps {
  title: string;
  open: boolean;
  close: () => void;
  children: ReactNode;
  /** The button that does it; without one there is only a way to close. */
  confirm?: { label: string; run: () => void; busy?: boolean; danger?: boolean };
  wide?: boolean;
}

const FIELDS = 'textarea, input:checked, input:not([readonly])';

/** A question over the page: a dialogue on desks, a sheet from below on phones. */
export function Sheet({ title, open, close, children, confirm, wide = false }: SheetProps) {
  const words = useWords();
  const phone = usePhone();
  const content = useRef<HTMLDivElement>(null);
  useReturnOfFocus(open);
  // What is asked for comes before the way out.
  const begin = (shown: boolean) => {
    if (shown) content.current?.querySelector<HTMLElement>(FIELDS)?.focus();
  };
  const asked = <div ref={content}>{children}</div>;
  const buttons = confirm ? (
    <div className="sheet-buttons">
      <Button size={phone ? 'large' : 'middle'} onClick={close}>
        {words.common.cancel}
      </Button>
      <Button
        size={phone ? 'large' : 'middle'}
        type="primary"
        danger={confirm.danger ?? false}
        loading={confirm.busy ?? false}
        onClick={confirm.run}
      >
        {confirm.label}
      </Button>
    </div>
  ) : null;
  if (phone) {
    return (
      <Drawer
        title={title}
        open={open}
        onClose={close}
        placement="bottom"
        size="auto"
        closable={{ placement: 'end' }}
        className="sheet"
        destroyOnHidden
        footer={buttons}
        afterOpenChange={begin}
      >
        {asked}
      </Drawer>
    );
  }
  return (
    <Modal
      title={title}
      open={open}
      onCancel={close}
      footer={buttons}
      width={wide ? 960 : 480}
      destroyOnHidden
      afterOpenChange={begin}
    >
      {asked}
    </Modal>
  );
}

/** Gives the focus back to where it was before the sheet opened, if that is still there. */
function useReturnOfFocus(open: boolean): void {
  const before = useRef<Element>(null);
  useLayoutEffect(() => {
    if (open) before.current = document.activeElement;
  }, [open]);
  useEffect(() => {
    if (!open) return undefined;
    return () => {
      // The kit lets go of the focus when it has taken the sheet away.
      setTimeout(() => {
        const lost = document.activeElement === null || document.activeElement === document.body;
        if (lost && before.current instanceof HTMLElement && before.current.isConnected) before.current.focus();
      });
    };
  }, [open]);
}
