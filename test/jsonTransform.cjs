/** Lets a test import `.ohifrc`, which is JSON without the ending that jest knows it by. */
module.exports = {
  process: (/** @type {string} */ source) => ({ code: `module.exports = ${source}` }),
};
