// The build without subtitles, other audio and DRM has the same face and half the size; its package gives it no types.
declare module "hls.js/light" {
  export * from "hls.js";
  export { default } from "hls.js";
}
