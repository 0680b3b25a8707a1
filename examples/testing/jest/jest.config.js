// The package is ES modules, and so are these tests: nothing is transformed.
export default { testEnvironment: 'node', transform: {} };
