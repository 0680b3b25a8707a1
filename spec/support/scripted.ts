// The scripted router of the testing kit, for the project's own specs.
export { ALL_FEATURES, type ScriptedLink, type ScriptedOptions, ScriptedRouter } from '../../src/testing/scripted.ts';
