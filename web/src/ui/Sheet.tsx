import { Button, Drawer, Modal } from 'antd';
import type { ReactNode } from 'react';
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

/** A question over the page: a dialogue on desks, a sheet from below on phones. */
export function Sheet({ title, open, close, children, confirm, wide = false }: SheetProps) {
  const words = useWords();
  const phone = usePhone();
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
      >
        {children}
      </Drawer>
    );
  }
  return (
    <Modal title={title} open={open} onCancel={close} footer={buttons} width={wide ? 960 : 480} destroyOnHidden>
      {children}
    </Modal>
  );
}
