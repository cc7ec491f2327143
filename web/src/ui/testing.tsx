import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { ConfigProvider } from 'antd';
import { act, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';

/** Draws something for a test; gives its element and the function that takes it away. */
export async function draw(
  node: ReactNode,
): Promise<{ element: HTMLElement; leave: () => void; again: (next: ReactNode) => Promise<void> }> {
  (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
  const element = document.createElement('div');
  document.body.append(element);
  const root = createRoot(element);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const again = (next: ReactNode) =>
    act(async () => {
      root.render(
        <ConfigProvider>
          <QueryClientProvider client={client}>{next}</QueryClientProvider>
        </ConfigProvider>,
      );
    });
  await again(node);
  return {
    element,
    again,
    leave: () => {
      act(() => root.unmount());
      element.remove();
    },
  };
}

/** Types into a field as a person would, and leaves it. */
export async function type(field: HTMLInputElement | HTMLTextAreaElement, text: string): Promise<void> {
  const prototype = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
  await act(async () => {
    Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, text);
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new FocusEvent('focusout', { bubbles: true }));
  });
}

export async function click(element: HTMLElement | null): Promise<void> {
  await act(async () => element?.click());
}
