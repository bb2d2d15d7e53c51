/** Stands in for vtk.js's WebGPU renderer: the imaging library draws by WebGL or on a canvas, and never asks for it. */
export default {}
