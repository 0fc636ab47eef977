namespace MeshIoT.Derp;

/// <summary>Where a frame's body lies in the bytes that <see cref="FrameReader.Read"/> looked at. Its length is one that the type allows.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Offset">Start of the body.</param>
/// <param name="Length">Bytes of the body.</param>
public readonly record struct FrameSlice(FrameType Type, int Offset, int Length);
