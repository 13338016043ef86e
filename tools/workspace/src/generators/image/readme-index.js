/**
 * @param {string} readme the workspace's
 * @param {string} name of a new image
 * @returns {string} with the image and its handler in the index
 */
export function addToIndex(readme, name) {
  return readme
    .replace(
      /^\| \[images\/os\]/m,
      `| [packages/${name}-handler](packages/${name}-handler/README.md) | the role of a ${name} node |\n$&`,
    )
    .replace(/ \| the images \|$/m, `, [${name}](images/${name}/README.md)$&`);
}
