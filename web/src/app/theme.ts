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
    // The kit makes it lighter, too light to read on white.
    colorPrimaryHover: '#ad3019',
    colorSuccess: colours.green,
    colorInfo: colours.blue,
    colorLink: colours.blue,
    colorLinkHover: '#23496b',
    colorWarning: colours.ochre,
    colorError: colours.crimson,
    colorText: '#29251f',
    colorTextSecondary: '#6b645a',
    colorTextTertiary: '#736b60',
    colorTextPlaceholder: '#7a7267',
    colorBorder: '#d3ccc0',
    colorBorderSecondary: '#ebe6dd',
    colorBgLayout: '#f6f4ef',
    borderRadius: 8,
    controlHeight: 38,
    fontSize: 15,
    fontFamily: 'var(--sans)',
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
