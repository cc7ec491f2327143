import { StyleProvider } from '@ant-design/cssinjs';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { ConfigProvider } from 'antd';
import enGB from 'antd/locale/en_GB';
import zhCN from 'antd/locale/zh_CN';
import 'dayjs/locale/zh-cn';
import dayjs from 'dayjs';
import { useEffect } from 'react';
import { onSessionEnd } from '../api/fetch.ts';
import { keys } from '../api/keys.ts';
import { Toasts } from '../ui/toast.tsx';
import { useWords } from '../words/index.ts';
import { useLanguage } from '../words/language.ts';
import { client } from './client.ts';
import { router } from './router.tsx';
import { theme } from './theme.ts';

/** The whole app. */
export function App() {
  const language = useLanguage();
  const words = useWords();
  useEffect(() => {
    dayjs.locale(language === 'zh' ? 'zh-cn' : 'en');
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.title = words.product;
  }, [language, words]);
  return (
    <StyleProvider layer>
      <ConfigProvider locale={language === 'zh' ? zhCN : enGB} theme={theme} button={{ autoInsertSpace: false }}>
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
        </QueryClientProvider>
        <Toasts />
      </ConfigProvider>
    </StyleProvider>
  );
}

onSessionEnd(() => {
  const at = router.state.location;
  if (['/login', '/setup', '/reset'].includes(at.pathname)) return;
  client.removeQueries({ queryKey: keys.session });
  void router.navigate({ to: '/login', search: at.href === '/' ? {} : { to: at.href } });
});
