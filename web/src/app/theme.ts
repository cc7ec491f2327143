import type { ThemeConfig } from 'antd';

/** The colours of the house: cinnabar for what one may do, mineral green, blue and ochre for what is so. */
export const colours = {
  cinnabar: '#bf3a22',
  green: '#2e7a58',
  blue: '#2d5f8b',
  ochre: '#a86a12',
  crimson: '#b3123c',
} as const;

export const theme: ThemeConfig = {
  cssVar: { key: 'zhupi' },
  hashed: false,
  token: {
    colorPrimary: colours.cinnabar,
    colorSuccess: colours.green,
    colorInfo: colours.blue,
    colorLink: colours.blue,
    colorWarning: colours.ochre,
    colorError: colours.crimson,
    colorText: '#29251f',
    colorTextSecondary: '#6b645a',
    colorTextTertiary: '#7d756a',
    colorTextPlaceholder: '#978f84',
    colorBorder: '#d3ccc0',
    colorBorderSecondary: '#ebe6dd',
    colorBgLayout: '#f6f4ef',
    borderRadius: 8,
    controlHeight: 38,
    fontSize: 15,
    fontFamily:
      '"PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", system-ui, -apple-system, "Segoe UI", sans-serif',
    wireframe: false,
    motionDurationMid: '0.14s',
    motionDurationSlow: '0.2s',
  },
  components: {
    Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', fontWeight: 500 },
    Input: { activeShadow: '0 0 0 3px rgba(191, 58, 34, 0.12)' },
    Segmented: { trackBg: '#ece7de' },
  },
};
