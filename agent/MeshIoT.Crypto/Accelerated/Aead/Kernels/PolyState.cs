namespace MeshIoT.Crypto.Kernels;

/// <summary>Accumulator and multiplier of <see cref="ScalarPoly"/> between two calls.</summary>
internal struct PolyState
{
    /// <summary>The accumulator in words, and what is still to be added to the lowest.</summary>
    public ulong H0, H1, H2, Fold;

    /// <summary>The multiplier, and its upper word as it comes back from above 2^128.</summary>
    public ulong R0, R1, S1;
}
