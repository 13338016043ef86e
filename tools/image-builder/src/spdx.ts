/** A package in an image. */
export interface PackageFound {
  name: string;
  version: string;
  /** An SPDX expression; absent where the package does not declare one in a form that can be read. */
  license?: string;
  /** https://github.com/package-url/purl-spec */
  purl: string;
}

/**
 * A bill of materials as an SPDX 2.3 document: https://spdx.github.io/spdx-spec/v2.3/
 *
 * @param image what holds the packages; `digest` without `sha256:`, `created` in ISO 8601
 */
export function spdxDocument(
  image: { name: string; version: string; license: string; digest: string; created: string },
  packages: readonly PackageFound[],
): object {
  const { name, version, license, digest, created } = image;
  const root = { ...described({ name, version, license }), SPDXID: 'SPDXRef-Image' };
  const contained = packages.map((found, index) => ({
    ...described(found),
    SPDXID: `SPDXRef-Package-${index + 1}`,
    externalRefs: [
      { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: found.purl },
    ],
  }));
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name,
    documentNamespace: `https://spdx.org/spdxdocs/${name.replaceAll('/', '-')}-${digest}`,
    creationInfo: { created, creators: ['Tool: @rollcall/image-builder'] },
    packages: [root, ...contained],
    relationships: [
      {
        spdxElementId: 'SPDXRef-DOCUMENT',
        relationshipType: 'DESCRIBES',
        relatedSpdxElement: root.SPDXID,
      },
      ...contained.map(({ SPDXID }) => ({
        spdxElementId: root.SPDXID,
        relationshipType: 'CONTAINS',
        relatedSpdxElement: SPDXID,
      })),
    ],
  };
}

function described({ name, version, license = 'NOASSERTION' }: Omit<PackageFound, 'purl'>) {
  return {
    name,
    versionInfo: version,
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: license,
    copyrightText: 'NOASSERTION',
  };
}
