/** The project's `.ohifrc`, as schema/ohifrc.schema.json describes it. */
declare module '*/.ohifrc' {
  const ohifrc: {
    readonly extension: import('./settings').DefaultSettings;
  };
  export default ohifrc;
}
