// Serverless takes parameters from a file with code only if its name ends in .js or .cjs.
module.exports = require("./installation.ts");
