import { Popover } from 'antd';
import { useRef, useState, type KeyboardEvent, type ReactElement } from 'react';

export interface MenuItem {
  key: string;
  label: string;
  danger?: boolean;
  run: () => void;
}

interface Props {
  items: MenuItem[];
  placement?: 'topLeft' | 'topRight' | 'bottomLeft' | 'bottomRight';
  /** The button that opens it. */
  children: ReactElement;
}

/** A short list of things to do behind one button. */
export function Menu({ items, placement = 'bottomRight', children }: Props) {
  const [open, setOpen] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const anchor = useRef<HTMLSpanElement>(null);
  // The list goes with its button: the focus returns there, also before a question that an item asks.
  const close = () => {
    setOpen(false);
    anchor.current?.querySelector('button')?.focus();
  };
  return (
    <span ref={anchor} className="menu-anchor">
      <Popover
        open={open}
        onOpenChange={setOpen}
        afterOpenChange={(shown) => {
          if (shown) list.current?.querySelector('button')?.focus();
        }}
        trigger="click"
        placement={placement}
        arrow={false}
        classNames={{ root: 'menu-popover' }}
        content={
          <ul ref={list} role="menu" className="menu" onKeyDown={(event) => move(event, close)}>
            {items.map((item) => (
              <li key={item.key} role="none">
                <button
                  type="button"
                  role="menuitem"
                  className={item.danger ? 'plain danger' : 'plain'}
                  onClick={() => {
                    close();
                    item.run();
                  }}
                >
                  {item.label}
                </button>
              </li>
            ))}
          </ul>
        }
      >
        {children}
      </Popover>
    </span>
  );
}

/** Arrow keys walk through the items, Escape closes. */
function move(event: KeyboardEvent<HTMLUListElement>, close: () => void): void {
  if (event.key === 'Escape') return close();
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = buttons.findIndex((button) => button === document.activeElement);
  buttons[(at + step + buttons.length) % buttons.length]?.focus();
}
