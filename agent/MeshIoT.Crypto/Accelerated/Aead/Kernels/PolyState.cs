namespace MeshIoT.Crypto.Kernels;

/// <summary>Accumulator and multiplier of <see cref="ScalarPoly"/> between two calls.</summary>
internal struct PolyState
{
    public ulong H0, H1, H2, R0, R1, S1;
}
