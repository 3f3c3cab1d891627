/** The package's entry: the extension for OHIF v3. */
export { default } from './ohif/index';
