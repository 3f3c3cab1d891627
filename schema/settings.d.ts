/** Settings as schema/settings.schema.json describes them. */
export interface Settings {
  readonly notice?: string;
  readonly contact?: string;
  readonly scope?: 'image' | 'series';
  readonly carrier?: 'automatic' | 'qr' | 'surroundings';
  readonly qr?: 'sealed' | 'notice' | 'open';
  readonly recipients?: readonly { readonly name: string; readonly key: string }[];
  readonly recoveryRecipients?: readonly { readonly name: string; readonly key: string }[];
  readonly workFactor?: number;
  readonly largestFile?: number;
  readonly workerUrl?: string;
}

/** What `.ohifrc` has to say for the extension to work without a site's settings. */
export type DefaultSettings = Settings & Required<Omit<Settings, 'contact' | 'workerUrl'>>;
