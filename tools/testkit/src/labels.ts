/** On everything that a stage makes on the engine: the stage's id. */
export const STAGE_LABEL = 'rollcall.test';
/** The process that will remove it, as `ownerOf` writes it. */
export const OWNER_LABEL = 'rollcall.test.owner';
