namespace MeshIoT.WireGuard;

/// <summary>Where the fields of a transport data message lie. WireGuard paper, section 5.4.6.</summary>
internal static class TransportMessage
{
    public const int ReceiverAt = 4, CounterAt = 8, ContentAt = 16, MinSize = 32;

    /// <summary>
    /// Length of a plaintext after padding: the next multiple of 16, but not beyond the MTU, so that padding never makes a packet need
    /// fragmenting. A packet longer than the MTU is several packets to its link, so only its last part counts.
    /// </summary>
    public static int PaddedLength(int length, int mtu)
    {
        int whole = length > mtu ? length - (length % mtu) : 0;
        int last = length - whole;
        int padded = (last + ProtocolLimits.PaddingMultiple - 1) & ~(ProtocolLimits.PaddingMultiple - 1);
        return whole + (padded > mtu ? mtu : padded);
    }
}
