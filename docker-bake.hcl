# For those who publish the images: docs/releasing.md. What there is to build is in the file that
# `node tools/image-builder/dist/main.js bake` writes, from images/.

variable "REGISTRY" {
  # Such as "registry.example.com/", with the slash.
  default = ""
}

variable "SOURCE_DATE_EPOCH" {
  # The time that everything in the images has, in seconds since 1970: the same sources make the same bytes.
  default = "0"
}

target "_image" {
  args      = { SOURCE_DATE_EPOCH = SOURCE_DATE_EPOCH }
  platforms = ["linux/amd64", "linux/arm64"]
  attest    = ["type=sbom", "type=provenance,mode=max"]
  output    = ["type=image,push=true,rewrite-timestamp=true"]
}
